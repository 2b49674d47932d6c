"""Late changes: the home school asks and takes back, the offering school answers. Of a protected student that side sees the alias."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from enrol_service import tables
from enrol_service.enrolment.change import LONGEST_TEXT, Change, answer_change, ask_change, changes, take_back
from enrol_service.enrolment.enrolments import Enrolment, pairs
from enrol_service.enrolment.free_text import free_text
from enrol_service.enrolment.participant import participant_of
from enrol_service.refusals.change import (
    AnswerReasonMissing,
    ChangeAlreadyAsked,
    ChangeReasonMissing,
    LeavingIsFree,
    NothingToChange,
    OtherRunBegun,
    OtherRunFull,
    OtherRunMissing,
    OtherRunQueued,
    OtherRunTaken,
)
from enrol_service.refusals.enrolling import IdentityCodeFound, TextTooLong, TextUnprintable
from enrol_service.refusals.web import NotFound
from enrol_service.web.api.operation import Call, Given, OneOf, Text, Told, Word, operation
from enrol_service.web.api.own import Page, number_of, own_student
from enrol_service.web.page import here

TEXT = (TextTooLong, TextUnprintable, IdentityCodeFound)
MOVE = (OtherRunMissing, OtherRunBegun, OtherRunFull, OtherRunQueued, OtherRunTaken)
State = Annotated[str, OneOf(tables.CHANGE_STATES)]
Kind = Annotated[str, OneOf(tables.CHANGE_KINDS)]


class ChangeTold(Told):
    """A late change. `student` is an alias where the offering school reads of a protected identity."""

    id: int
    enrolment: int
    number: str
    student: str
    course: str
    offering: str
    kind: Kind
    to_offering: str | None
    state: State
    text: str
    asked_at: datetime
    asked_by: Annotated[str, OneOf(("student", "home_school"))]
    answered_at: datetime | None
    answer: str


class Changes(Told):
    changes: list[ChangeTold]
    next: int | None = Field(description="`after` of the next part; null at the end")


class ChangeDone(Told):
    """`changed`: this call did it. False: it had been answered or taken back."""

    changed: bool
    change: ChangeTold


class ChangePage(Page):
    state: State | None = None


class Asked(Given):
    """`to_offering`: of a move."""

    kind: Kind
    text: Text
    to_offering: Word | None = None


class AnswerGiven(Given):
    """`text`: why not, when it is not accepted."""

    accepted: bool
    text: Text = ""


@operation("GET", "/changes", "ask_changes", "Late changes asked for the school's students", query=ChangePage, answer=Changes)
def listed(call: Call, query: ChangePage) -> Changes:
    return _page(call, query, tables.enrolment.c.home_school_id == call.school_id)


@operation("GET", "/changes/to-answer", "answer_changes", "Late changes asked of the school's runs", query=ChangePage, answer=Changes)
def to_answer(call: Call, query: ChangePage) -> Changes:
    return _page(call, query, tables.enrolment.c.offering_school_id == call.school_id)


@operation(
    "POST",
    "/students/{enrolment_id:number}/changes",
    "ask_changes",
    "Ask the offering school for a late change",
    body=Asked,
    answer=ChangeTold,
    refusals=(ChangeReasonMissing, NothingToChange, ChangeAlreadyAsked, LeavingIsFree, *MOVE, *TEXT),
)
def asked(call: Call, enrolment_id: int, body: Asked) -> ChangeTold:
    at = here()
    own_student(call, enrolment_id)
    text = free_text(body.text, LONGEST_TEXT)
    change_id = ask_change(call.connection, at.catalogue, enrolment_id, body.kind, text, call.actor(), at.now, body.to_offering)
    return _told(call, *_home(call, change_id))


@operation("POST", "/changes/{change_id:number}/take-back", "ask_changes", "Take a request back", answer=ChangeDone)
def taken_back(call: Call, change_id: int) -> ChangeDone:
    _home(call, change_id)
    changed = take_back(call.connection, change_id, call.actor(), here().now)
    return ChangeDone(changed=changed, change=_told(call, *_home(call, change_id)))


@operation(
    "POST",
    "/changes/{change_id:number}/answer",
    "answer_changes",
    "Accept or refuse a late change",
    body=AnswerGiven,
    answer=ChangeDone,
    refusals=(AnswerReasonMissing, *MOVE, *TEXT),
)
def answered(call: Call, change_id: int, body: AnswerGiven) -> ChangeDone:
    at = here()
    _offering(call, change_id)
    text = free_text(body.text, LONGEST_TEXT)
    changed = answer_change(call.connection, at.catalogue, change_id, body.accepted, text, call.actor(), at.now)
    return ChangeDone(changed=changed, change=_told(call, *_offering(call, change_id)))


def _page(call: Call, page: ChangePage, mine: Any) -> Changes:
    """Read whole, because a state may be another than the stored one; there are few."""
    found = [one for one in changes(call.connection, mine, tables.change.c.id > page.after) if page.state in (None, one.state)]
    part = found[: page.limit]
    enrolments = {one.id: one for one, _ in pairs(call.connection, tables.enrolment.c.id.in_({one.enrolment_id for one in part}))}
    told = [_told(call, one, enrolments[one.enrolment_id]) for one in part]
    return Changes(changes=told, next=part[-1].id if len(found) > page.limit else None)


def _home(call: Call, change_id: int) -> tuple[Change, Enrolment]:
    return _one(call, change_id, tables.enrolment.c.home_school_id == call.school_id)


def _offering(call: Call, change_id: int) -> tuple[Change, Enrolment]:
    return _one(call, change_id, tables.enrolment.c.offering_school_id == call.school_id)


def _one(call: Call, change_id: int, mine: Any) -> tuple[Change, Enrolment]:
    found = changes(call.connection, tables.change.c.id == change_id, mine)
    if not found:
        raise NotFound
    return found[0], pairs(call.connection, tables.enrolment.c.id == found[0].enrolment_id)[0][0]


def _told(call: Call, change: Change, enrolment: Enrolment) -> ChangeTold:
    at = here()
    home = call.act == "ask_changes"
    return ChangeTold(
        id=change.id,
        enrolment=enrolment.id,
        number=number_of(enrolment),
        student=enrolment.name if home else participant_of(enrolment, at.catalogue, at.language).name,
        course=enrolment.course_id,
        offering=enrolment.offering_id,
        kind=change.kind,
        to_offering=change.to_offering_id,
        state=change.state,
        text=change.text,
        asked_at=change.asked_at,
        asked_by=change.asked_by_kind,
        answered_at=change.answered_at,
        answer=change.answer,
    )
