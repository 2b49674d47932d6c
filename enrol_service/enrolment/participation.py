"""Participation: what the teacher marks of one student's studies before any grade, and how a mark is undone.

First contact begins the studies and the time of a non-stop course. No show and interruption end them, at what was promised.
A mark that is already there changes nothing; a mark that contradicts it is refused, and says who made it and when.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from course_catalogue.model import Catalogue
from enrol_service import tables
from enrol_service.completion.completion import latest
from enrol_service.enrolment.charge import charge_ending
from enrol_service.enrolment.enrolments import Enrolment, read_enrolment
from enrol_service.enrolment.held_run import refuse_not_begun, refuse_off, starts_on
from enrol_service.enrolment.seats import has_room
from enrol_service.enrolment.waiting_list import promote
from enrol_service.events import Actor, Event, advance_enrolment, history
from enrol_service.mail.notices import tell_of_mark
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.completion import AlreadyPublished
from enrol_service.refusals.run import (
    AlreadyInterrupted,
    AlreadyStarted,
    BeforeEnrolment,
    BeforeFirstContact,
    DayInFuture,
    LeftByThemselves,
    NoSeatLeft,
    NotBegun,
)
from enrol_service.school.accounts import name_of
from enrol_service.states import ENROLMENT, ActorKind

Mark = Literal["start", "miss", "interrupt", "resume"]

NONSTOP_PATIENCE = timedelta(days=7)  # from the confirmed place until a student on a non-stop course can be said not to have started
UNDONE_BY = {"active": "unstart", "no_show": "resume", "interrupted": "resume"}
GRADED = frozenset({"completed", "failed"})  # states of which a completion decides, and no mark


@dataclass(frozen=True, slots=True)
class Marker:
    """Who brought an enrolment to its state, and when. Only the offering school's own people have a `name` for it."""

    kind: ActorKind
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Marked:
    """What came of marking several at once. `same`: was as marked already, with who made it so."""

    done: tuple[Enrolment, ...]
    same: tuple[tuple[Enrolment, Marker], ...]
    refused: tuple[tuple[Enrolment, Refusal], ...]


def mark_many(
    connection: Connection, catalogue: Catalogue, mark: Mark, enrolment_ids: Iterable[int], on: date, actor: Actor, now: datetime
) -> Marked:
    """Mark each of them, and leave those as they are of whom a rule says no. Call inside a write transaction."""
    done: list[Enrolment] = []
    same: list[tuple[Enrolment, Marker]] = []
    refused: list[tuple[Enrolment, Refusal]] = []
    for enrolment_id in enrolment_ids:
        enrolment = read_enrolment(connection, enrolment_id)
        try:
            changed = _mark(connection, catalogue, mark, enrolment_id, on, actor, now)
        except Refusal as refusal:  # each is raised before anything is written
            refused.append((enrolment, refusal))
            continue
        if changed:
            done.append(enrolment)
        else:
            same.append((enrolment, who_marked(connection, enrolment)))
    return Marked(tuple(done), tuple(same), tuple(refused))


def start(connection: Connection, catalogue: Catalogue, enrolment_id: int, on: date, actor: Actor, now: datetime) -> bool:
    """Mark first contact; False when it was marked for that day already. Call inside a write transaction.

    The studies begin. On a non-stop course the promised price of leaving is reckoned from this day; nothing is priced again.

    Refuses with RunOff, DayInFuture, BeforeEnrolment and AlreadyStarted.
    """
    enrolment = read_enrolment(connection, enrolment_id)
    if enrolment.state == "active":
        if enrolment.first_contact_on == on:
            return False
        raise AlreadyStarted(day=enrolment.first_contact_on or on, **_as_facts(who_marked(connection, enrolment)))
    ENROLMENT.after(enrolment.state, "start", actor.kind, actor.roles)
    refuse_off(connection, enrolment, catalogue, now)
    _refuse_impossible_day(enrolment, on, catalogue, now)
    advance_enrolment(connection, enrolment_id, enrolment.state, "start", actor, now, on=on.isoformat())
    _store_first_contact(connection, enrolment_id, on)
    return True


def miss(connection: Connection, catalogue: Catalogue, enrolment_id: int, actor: Actor, now: datetime) -> bool:
    """Mark that the student did not start; False when that was marked already. Call inside a write transaction.

    1. The enrolment ends, and the commitment is charged or released as promised for this day.
    2. Student and home school are written to.
    3. On a non-stop course the seat goes to the first in line.

    Refuses with RunOff, NotBegun and CommitmentSettled.
    """
    enrolment = read_enrolment(connection, enrolment_id)
    if enrolment.state == "no_show":
        return False
    ENROLMENT.after(enrolment.state, "miss", actor.kind, actor.roles)
    refuse_off(connection, enrolment, catalogue, now)
    today = catalogue.network.day_of(now)
    from_on = missed_from(connection, enrolment, catalogue)
    if today < from_on:
        raise NotBegun(day=from_on)
    charge_ending(connection, enrolment_id, "no_show", today, actor, now)
    advance_enrolment(connection, enrolment_id, enrolment.state, "miss", actor, now)
    tell_of_mark(connection, catalogue, "not_started", enrolment, now)
    promote(connection, catalogue, enrolment.course_id, enrolment.offering_id, now)
    return True


def missed_from(connection: Connection, enrolment: Enrolment, catalogue: Catalogue) -> date:
    """The first day on which the student can be marked as one who did not start."""
    first = starts_on(enrolment, catalogue)
    if first is not None:
        return first
    placed = [one.at for one in history(connection, enrolment.id) if one.noun == "enrolment" and one.to_state == "placed"]
    return catalogue.network.day_of(placed[-1]) + NONSTOP_PATIENCE if placed else date.max


def interrupt(connection: Connection, catalogue: Catalogue, enrolment_id: int, on: date, actor: Actor, now: datetime) -> bool:
    """Mark that the studies broke off on a day; False when that was marked already. Call inside a write transaction.

    1. The enrolment ends, and the commitment is charged or released as promised for that day.
    2. Student and home school are written to.
    3. On a non-stop course the seat goes to the first in line.

    Refuses with RunOff, RunNotBegun, DayInFuture, BeforeEnrolment, BeforeFirstContact, AlreadyInterrupted, LeftByThemselves and
    CommitmentSettled.
    """
    enrolment = read_enrolment(connection, enrolment_id)
    if enrolment.state == "interrupted":
        mark = last_mark(connection, enrolment)
        if mark.facts.get("on") == on.isoformat():
            return False
        refuse_left(mark)
        raise AlreadyInterrupted(**_as_facts(who_marked(connection, enrolment)))
    ENROLMENT.after(enrolment.state, "interrupt", actor.kind, actor.roles)
    refuse_off(connection, enrolment, catalogue, now)
    refuse_not_begun(enrolment, catalogue, now)
    _refuse_impossible_day(enrolment, on, catalogue, now)
    charge_ending(connection, enrolment_id, "interrupted", on, actor, now)
    advance_enrolment(connection, enrolment_id, enrolment.state, "interrupt", actor, now, on=on.isoformat())
    tell_of_mark(connection, catalogue, "interrupted", enrolment, now)
    promote(connection, catalogue, enrolment.course_id, enrolment.offering_id, now)
    return True


def resume(connection: Connection, catalogue: Catalogue, enrolment_id: int, actor: Actor, now: datetime) -> bool:
    """Undo the last mark; False when there is none. Call inside a write transaction.

    1. Nothing is charged any more; the enrolment is again what it was.
    2. Student and home school are written to if they had been told of the mark.

    Refuses with RunOff, LeftByThemselves, NoSeatLeft and CommitmentSettled, and with AlreadyPublished when a published completion has
    ended the studies: a correction alone lets them go on.
    """
    enrolment = read_enrolment(connection, enrolment_id)
    if enrolment.state not in GRADED.union(UNDONE_BY):
        return False
    step = UNDONE_BY.get(enrolment.state, "resume")
    ENROLMENT.after(enrolment.state, step, actor.kind, actor.roles)
    refuse_left(last_mark(connection, enrolment))
    published = latest(connection, [enrolment_id]).get(enrolment_id)
    if published is not None and published.is_ended:
        raise AlreadyPublished
    refuse_off(connection, enrolment, catalogue, now)
    if step == "unstart":
        advance_enrolment(connection, enrolment_id, enrolment.state, step, actor, now)
        _store_first_contact(connection, enrolment_id, None)
    else:
        _go_on(connection, catalogue, enrolment, actor, now)
    return True


def bring_back(connection: Connection, catalogue: Catalogue, enrolment: Enrolment, actor: Actor, now: datetime) -> None:
    """Let studies go on that a completion had ended, by its correction. Call inside a write transaction.

    Refuses with LeftByThemselves, NoSeatLeft and CommitmentSettled.
    """
    refuse_left(last_mark(connection, enrolment))
    _go_on(connection, catalogue, enrolment, actor, now)


def who_marked(connection: Connection, enrolment: Enrolment) -> Marker:
    """Who brought the enrolment to its present state, and when: for the offering school, which knows nobody of the home school."""
    mark = last_mark(connection, enrolment)
    name = name_of(connection, mark.actor_id) if mark.actor_kind == "offering_school" else ""
    return Marker(mark.actor_kind, name or "", mark.at)


def last_mark(connection: Connection, enrolment: Enrolment) -> Event:
    """The event that led to the present state."""
    return [one for one in history(connection, enrolment.id) if one.noun == "enrolment"][-1]


def refuse_left(mark: Event) -> None:
    """Refuse with LeftByThemselves when student or home school ended the studies: they owe what was promised then."""
    if mark.actor_kind != "offering_school":
        raise LeftByThemselves(at=mark.at)


def _mark(connection: Connection, catalogue: Catalogue, mark: Mark, enrolment_id: int, on: date, actor: Actor, now: datetime) -> bool:
    if mark == "start":
        return start(connection, catalogue, enrolment_id, on, actor, now)
    if mark == "interrupt":
        return interrupt(connection, catalogue, enrolment_id, on, actor, now)
    return (miss if mark == "miss" else resume)(connection, catalogue, enrolment_id, actor, now)


def _refuse_impossible_day(enrolment: Enrolment, on: date, catalogue: Catalogue, now: datetime) -> None:
    if on > catalogue.network.day_of(now):
        raise DayInFuture
    enrolled_on = catalogue.network.day_of(enrolment.created_at)
    if on < enrolled_on:
        raise BeforeEnrolment(day=enrolled_on)
    if enrolment.first_contact_on is not None and on < enrolment.first_contact_on:
        raise BeforeFirstContact(day=enrolment.first_contact_on)


def _refuse_without_seat(connection: Connection, enrolment: Enrolment, catalogue: Catalogue, now: datetime) -> None:
    offering = catalogue.offering(enrolment.course_id, enrolment.offering_id)
    today = catalogue.network.day_of(now)
    if offering is not None and not has_room(connection, enrolment.course_id, offering, enrolment.home_school_id, today):
        raise NoSeatLeft


def _go_on(connection: Connection, catalogue: Catalogue, enrolment: Enrolment, actor: Actor, now: datetime) -> None:
    """Undo an ending, if its seat is still free."""
    _refuse_without_seat(connection, enrolment, catalogue, now)
    charge_ending(connection, enrolment.id, None, catalogue.network.day_of(now), actor, now)
    advance_enrolment(connection, enrolment.id, enrolment.state, "resume", actor, now)
    if enrolment.state in ("no_show", "interrupted"):
        tell_of_mark(connection, catalogue, "mark_undone", enrolment, now)


def _as_facts(marker: Marker) -> dict[str, object]:
    return {"who": marker.name or "–", "at": marker.at}


def _store_first_contact(connection: Connection, enrolment_id: int, on: date | None) -> None:
    mine = tables.enrolment.c.id == enrolment_id
    connection.execute(tables.enrolment.update().where(mine).values(first_contact_on=on))
