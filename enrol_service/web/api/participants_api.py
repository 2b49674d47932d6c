"""The students of a run as its school may see them: participants, marking them, the queue and its order.

Who is told of, and what of each, participant.py decides. National learner IDs need the scope see_payments as well.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from enrol_service import tables
from enrol_service.enrolment.enrolments import Enrolment, pairs
from enrol_service.enrolment.participant import has_had_seat, participant_of
from enrol_service.enrolment.participation import Mark, mark_many
from enrol_service.enrolment.waiting_list import move
from enrol_service.refusals.queue import MoveReasonMissing, NotInLine, RankUnknown
from enrol_service.refusals.run import DayUnreadable, RunOff
from enrol_service.refusals.web import NotFound
from enrol_service.web.api.operation import MOST_AT_ONCE, Call, Given, Number, Told, operation
from enrol_service.web.api.own import Page, number_of, page_of, participants_of, run_for, run_to_act_on
from enrol_service.web.api.students_api import State
from enrol_service.web.offering.own_run import OwnRun
from enrol_service.web.page import here

MarkResult = Literal["done", "same", "refused"]

NEEDS_DAY = ("start", "interrupt")


class ParticipantTold(Told):
    """A protected identity has an alias for a name, and of the rest only what cannot tell who it is."""

    id: int
    number: str
    name: str
    email: str
    home_school: str
    group: str
    syllabus: str
    phone: str
    message: str
    learner_id: str | None = Field(description="null without the scope see_payments")
    protected: bool
    state: State
    first_contact_on: date | None


class Participants(Told):
    participants: list[ParticipantTold]
    next: int | None = Field(description="`after` of the next part; null at the end")


class Marking(Given):
    """`start` is first contact and `interrupt` a breaking off, each `on` a day; `miss` is a no show; `resume` undoes the last mark."""

    mark: Literal["start", "miss", "interrupt", "resume"]
    students: list[Number] = Field(min_length=1, max_length=MOST_AT_ONCE, description="enrolments")
    on: date | None = None


class MarkTold(Told):
    """`same`: had that mark already. `refused`: a rule says no, and why."""

    enrolment: int
    result: MarkResult
    refusal: str | None
    what: str
    state: State


class Marks(Told):
    results: list[MarkTold]


class InLine(Told):
    """One in the queue: nobody is named before the place is confirmed."""

    enrolment: int
    number: str
    rank: int
    since: datetime
    committed: bool = Field(description="the home school has committed in advance")


class Line(Told):
    line: list[InLine]


class Moved(Told):
    """How many ranks changed."""

    changed: int
    line: list[InLine]


class Move(Given):
    enrolment: Number
    rank: int = Field(ge=1, le=99_999)
    reason: Literal["graduating", "error", "agreed"]


@operation(
    "GET",
    "/offerings/{course_name}/{offering_id}/participants",
    "see_offerings",
    "Who has, or has had, a confirmed place",
    query=Page,
    answer=Participants,
)
def participants(call: Call, course_name: str, offering_id: str, query: Page) -> Participants:
    run = run_for(call, course_name, offering_id)
    found, after = page_of(call, query, *run.condition, has_had_seat())
    return Participants(participants=[_told(call, one) for one, _ in found], next=after)


@operation(
    "POST",
    "/offerings/{course_name}/{offering_id}/marks",
    "mark_participation",
    "Mark first contact, no show or interruption, or undo the last mark; each student by itself",
    body=Marking,
    answer=Marks,
    refusals=(DayUnreadable, RunOff),
)
def marked(call: Call, course_name: str, offering_id: str, body: Marking) -> Marks:
    at, mark = here(), body.mark
    run = run_to_act_on(call, course_name, offering_id)
    if mark in NEEDS_DAY and body.on is None:
        raise DayUnreadable
    chosen = participants_of(call, run, body.students)
    found = _mark(call, mark, sorted(chosen), body.on or at.today)
    states = {one.id: one.state for one, _ in pairs(call.connection, tables.enrolment.c.id.in_(chosen))}
    return Marks(
        results=[
            MarkTold(enrolment=one, result=result, refusal=refusal, what=what, state=states[one]) for one, result, refusal, what in found
        ]
    )


@operation("GET", "/offerings/{course_name}/{offering_id}/queue", "see_offerings", "The queue in its order", answer=Line)
def queue(call: Call, course_name: str, offering_id: str) -> Line:
    return Line(line=_line(call, run_for(call, course_name, offering_id)))


@operation(
    "POST",
    "/offerings/{course_name}/{offering_id}/queue",
    "order_queue",
    "Move somebody in the queue, for a reason",
    body=Move,
    answer=Moved,
    refusals=(NotInLine, MoveReasonMissing, RankUnknown, RunOff),
)
def moved(call: Call, course_name: str, offering_id: str, body: Move) -> Moved:
    run, at = run_to_act_on(call, course_name, offering_id), here()
    if not pairs(call.connection, *run.condition, tables.enrolment.c.id == body.enrolment):
        raise NotFound
    changed = move(call.connection, at.catalogue, body.enrolment, body.rank, body.reason, call.actor(), at.now)
    return Moved(changed=changed, line=_line(call, run))


def _mark(call: Call, mark: Mark, enrolment_ids: list[int], on: date) -> list[tuple[int, MarkResult, str | None, str]]:
    """Enrolment, result, refusal and its sentence."""
    at = here()
    marked = mark_many(call.connection, at.catalogue, mark, enrolment_ids, on, call.actor(), at.now)
    found: list[tuple[int, MarkResult, str | None, str]] = [(one.id, "done", None, "") for one in marked.done]
    found += [(one.id, "same", None, "") for one, _ in marked.same]
    found += [(one.id, "refused", type(refusal).__name__, at.speech.say(refusal)) for one, refusal in marked.refused]
    return sorted(found, key=lambda one: one[0])


def _line(call: Call, run: OwnRun) -> list[InLine]:
    queued = sorted(
        pairs(call.connection, *run.condition, tables.enrolment.c.state == "queued"), key=lambda pair: pair[0].queue_number or 0
    )
    return [
        InLine(enrolment=one.id, number=number_of(one), rank=rank, since=one.created_at, committed=promised.state == "given")
        for rank, (one, promised) in enumerate(queued, 1)
    ]


def _told(call: Call, enrolment: Enrolment) -> ParticipantTold:
    at = here()
    seen = participant_of(enrolment, at.catalogue, at.language)
    return ParticipantTold(
        id=enrolment.id,
        number=number_of(enrolment),
        name=seen.name,
        email=seen.email,
        home_school=seen.home_school,
        group=seen.group,
        syllabus=seen.syllabus,
        phone=seen.phone,
        message=seen.message,
        learner_id=seen.learner_id if call.caller.may("see_payments") else None,
        protected=enrolment.protected,
        state=enrolment.state,
        first_contact_on=enrolment.first_contact_on,
    )
