"""Late changes: the home school sees what it and its students have asked, the offering school's coordinators answer.

Of a protected student the offering school sees the alias alone, as everywhere: neither the school, nor who there asked, nor a sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, or_

from course_catalogue.leaving import LeavingRow
from course_catalogue.model import Course, Offering
from enrol_service import tables
from enrol_service.enrolment.change import KIND_WORDS, LONGEST_TEXT, Change, answer_change, changes, take_back
from enrol_service.enrolment.enrolments import Enrolment, pairs
from enrol_service.enrolment.free_text import free_text
from enrol_service.enrolment.participant import participant_of
from enrol_service.enrolment.seats import seats_of
from enrol_service.enrolment.withdraw import price_of_leaving
from enrol_service.enrolment.words import course_title, school_name
from enrol_service.refusals.base import Refusal, sentence
from enrol_service.refusals.change import (
    AnswerMissing,
    AnswerReasonMissing,
    OtherRunBegun,
    OtherRunFull,
    OtherRunMissing,
    OtherRunQueued,
    OtherRunTaken,
)
from enrol_service.refusals.enrolling import IdentityCodeFound, TextTooLong, TextUnprintable
from enrol_service.refusals.web import NotFound
from enrol_service.school.accounts import name_of
from enrol_service.school.acting import actor_for
from enrol_service.web.access import me, staff
from enrol_service.web.home.story import ACTORS
from enrol_service.web.page import STAFF_PAGE, here, page, private, service

pages = Blueprint("changes", __name__)

Side = Literal["home", "offering"]

# State → its word, the look of its badge and its icon.
STATES: Mapping[str, tuple[str, str, str]] = {
    "asked": (sentence("Awaits the answer"), "wait", "half"),
    "accepted": (sentence("Accepted"), "ok", "ring-tick"),
    "refused": (sentence("Not accepted"), "bad", "ring-cross"),
    "withdrawn": (sentence("Taken back, or no longer needed"), "calm", "ring-dashed"),
}
# Refusal → the field of the form at which it is said.
FIELDS: Mapping[type[Refusal], str] = {
    AnswerMissing: "accepted",
    OtherRunMissing: "accepted",
    OtherRunBegun: "accepted",
    OtherRunFull: "accepted",
    OtherRunQueued: "accepted",
    OtherRunTaken: "accepted",
    AnswerReasonMissing: "text",
    TextTooLong: "text",
    TextUnprintable: "text",
    IdentityCodeFound: "text",
}


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A late change as one side may see it."""

    change: Change
    enrolment: Enrolment
    side: Side  # whose eyes: the home school's or the offering school's
    student: str
    group: str
    home_school: str  # empty where the identity is protected
    offering_school: str
    course: Course | None
    title: str
    target: Offering | None  # of a move, while the catalogue has it
    kind: str
    state: str
    badge: str
    icon: str
    asked_by: str
    answered_by: str | None
    number: str

    @property
    def is_open(self) -> bool:
        return self.change.state == "asked"


@dataclass(frozen=True, slots=True)
class Room:
    """How many hold a seat on the run to move to, of how many; `seats` None = no limit."""

    taken: int
    seats: int | None


@pages.get("/staff/changes")
@staff("ask_changes", "answer_changes")
def show() -> ResponseReturnValue:
    private(STAFF_PAGE)
    one = tables.enrolment.c
    with service().database.read() as connection:
        to_answer = _views(connection, "offering", one.offering_school_id.in_(me().schools_for("answer_changes")))
        mine = _views(connection, "home", one.home_school_id.in_(me().schools_for("ask_changes")))
    return page(
        "home/changes.html",
        to_answer=[view for view in to_answer if view.is_open],
        answered=[view for view in to_answer if not view.is_open][::-1],
        mine=mine[::-1],
        may_answer=me().can("answer_changes"),
        may_ask=me().can("ask_changes"),
        nav_current="changes",
    )


@pages.get("/staff/changes/<number:change_id>")
@staff("ask_changes", "answer_changes")
def show_one(change_id: int) -> ResponseReturnValue:
    return _one(change_id, {})


@pages.post("/staff/changes/<number:change_id>/answer")
@staff("answer_changes")
def act_answer(change_id: int) -> ResponseReturnValue:
    """A second answer changes nothing: the page says who answered and when."""
    at = here()
    values = {name: request.form.get(name, "") for name in ("accepted", "text")}
    try:
        with service().database.write() as connection:
            _, enrolment = _readable(connection, change_id, "offering")
            actor = actor_for(connection, me(), "answer_changes", enrolment.offering_school_id, at.now)
            if values["accepted"] not in ("yes", "no"):
                raise AnswerMissing
            text = free_text(values["text"], LONGEST_TEXT)
            answer_change(connection, at.catalogue, change_id, values["accepted"] == "yes", text, actor, at.now)
    except tuple(FIELDS) as refusal:
        return _one(change_id, values, refusal)
    return redirect(at.url.staff(f"changes/{change_id}"), 303)


@pages.post("/staff/changes/<number:change_id>/take-back")
@staff("ask_changes")
def act_take_back(change_id: int) -> ResponseReturnValue:
    private(STAFF_PAGE)
    at = here()
    with service().database.write() as connection:
        _, enrolment = _readable(connection, change_id, "home")
        actor = actor_for(connection, me(), "ask_changes", enrolment.home_school_id, at.now)
        take_back(connection, change_id, actor, at.now)
    return redirect(at.url.staff(f"changes/{change_id}"), 303)


def _one(change_id: int, values: Mapping[str, str], refusal: Refusal | None = None) -> ResponseReturnValue:
    private(STAFF_PAGE)
    at = here()
    with service().database.read() as connection:
        change, enrolment = _readable(connection, change_id)
        may_answer = me().may("answer_changes", enrolment.offering_school_id)
        # One who acts for both schools knows the student already.
        side: Side = "home" if me().may("ask_changes", enrolment.home_school_id) else "offering"
        view = _view(connection, change, enrolment, side)
        price = _price_now(connection, enrolment) if view.home_school else None
        room = _room(connection, view)
        ((_, commitment),) = pairs(connection, tables.enrolment.c.id == enrolment.id)
    return page(
        "home/change.html",
        refusal.status if refusal else 200,
        view=view,
        price=price,
        currency=commitment.currency,
        room=room,
        may_answer=may_answer and view.is_open,
        may_take_back=side == "home" and view.is_open and change.asked_by_kind == "home_school",
        values={name: value[: LONGEST_TEXT + 1000] for name, value in values.items()},
        errors={FIELDS[type(refusal)]: at.speech.say(refusal)} if refusal else {},
        nav_current="changes",
    )


def _readable(connection: Connection, change_id: int, side: Side | None = None) -> tuple[Change, Enrolment]:
    """A change that the reader's school asked or may answer. Another's, and one that does not exist, give the same answer: NotFound."""
    one = tables.enrolment.c
    sides = {
        "home": one.home_school_id.in_(me().schools_for("ask_changes")),
        "offering": one.offering_school_id.in_(me().schools_for("answer_changes")),
    }
    mine = sides[side] if side else or_(*sides.values())
    found = changes(connection, tables.change.c.id == change_id, mine)
    if not found:
        raise NotFound
    return found[0], pairs(connection, one.id == found[0].enrolment_id)[0][0]


def _views(connection: Connection, side: Side, *conditions: Any) -> list[ChangeView]:
    found = changes(connection, *conditions)
    numbers = {change.enrolment_id for change in found}
    enrolments = {one.id: one for one, _ in pairs(connection, tables.enrolment.c.id.in_(numbers))}
    return [_view(connection, change, enrolments[change.enrolment_id], side) for change in found]


def _view(connection: Connection, change: Change, enrolment: Enrolment, side: Side) -> ChangeView:
    at = here()
    hidden = side == "offering" and enrolment.protected
    seen = participant_of(enrolment, at.catalogue, at.language)
    course = at.catalogue.courses.get(enrolment.course_id)
    by = at.speech.gettext(ACTORS[change.asked_by_kind])
    word, badge, icon = STATES[change.state]
    return ChangeView(
        change=change,
        enrolment=enrolment,
        side=side,
        student=seen.name if side == "offering" else enrolment.name,
        group=seen.group if side == "offering" else enrolment.group_name,
        home_school="" if hidden else school_name(at.speech, enrolment.home_school_id),
        offering_school=school_name(at.speech, enrolment.offering_school_id),
        course=course,
        title=course_title(at.speech, enrolment),
        target=course.offering(change.to_offering_id) if course and change.to_offering_id else None,
        kind=at.speech.gettext(KIND_WORDS[change.kind]),
        state=at.speech.gettext(word),
        badge=badge,
        icon=icon,
        asked_by=(None if hidden else name_of(connection, change.asked_by_id)) or by,
        answered_by=name_of(connection, change.answered_by_id),
        number=enrolment.number(at.catalogue.network.time_zone),
    )


def _price_now(connection: Connection, enrolment: Enrolment) -> LeavingRow | None:
    at = here()
    ((_, commitment),) = pairs(connection, tables.enrolment.c.id == enrolment.id)
    return price_of_leaving(enrolment, commitment, at.catalogue, at.now)


def _room(connection: Connection, view: ChangeView) -> Room | None:
    if view.target is None:
        return None
    return Room(seats_of(connection, view.enrolment.course_id, view.target.id).taken, view.target.seats)
