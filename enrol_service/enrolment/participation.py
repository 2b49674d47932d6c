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

from course_catalogue.leaving import dated_from
from course_catalogue.model import Catalogue
from enrol_service import tables
from enrol_service.enrolment.charge import charge_ending
from enrol_service.enrolment.enrolments import Enrolment, leaving_as_stored, read_commitment, read_enrolment
from enrol_service.enrolment.seats import has_room
from enrol_service.enrolment.waiting_list import promote
from enrol_service.events import Actor, Event, advance_enrolment, history
from enrol_service.mail.notices import tell_of_mark
from enrol_service.refusals.base import Refusal
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
from enrol_service.states import ENROLMENT

Mark = Literal["start", "miss", "interrupt", "resume"]

NONSTOP_PATIENCE = timedelta(days=7)  # from the confirmed place until a student on a non-stop course can be said not to have started
UNDONE_BY = {"active": "unstart", "no_show": "resume", "interrupted": "resume", "completed": "resume", "failed": "resume"}


@dataclass(frozen=True, slots=True)
class Marked:
    """What came of marking several at once. `same`: had that mark already, with who made it and when."""

    done: tuple[Enrolment, ...]
    same: tuple[tuple[Enrolment, str, datetime], ...]
    refused: tuple[tuple[Enrolment, Refusal], ...]


def mark_many(
    connection: Connection, catalogue: Catalogue, mark: Mark, enrolment_ids: Iterable[int], on: date, actor: Actor, now: datetime
) -> Marked:
    """Mark each of them, and leave those as they are of whom a rule says no. Call inside a write transaction."""
    done: list[Enrolment] = []
    same: list[tuple[Enrolment, str, datetime]] = []
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
            same.append((enrolment, *who_marked(connection, enrolment)))
    return Marked(tuple(done), tuple(same), tuple(refused))


def start(connection: Connection, catalogue: Catalogue, enrolment_id: int, on: date, actor: Actor, now: datetime) -> bool:
    """Mark first contact; False when it was marked for that day already. Call inside a write transaction.

    1. The studies begin.
    2. On a non-stop course the promised price of leaving gets its days from first contact; nothing is priced again.

    Refuses with DayInFuture, BeforeEnrolment and AlreadyStarted.
    """
    enrolment, commitment = read_enrolment(connection, enrolment_id), read_commitment(connection, enrolment_id)
    if enrolment.state == "active":
        if enrolment.first_contact_on == on:
            return False
        raise AlreadyStarted(day=enrolment.first_contact_on or on, **_as_facts(who_marked(connection, enrolment)))
    ENROLMENT.after(enrolment.state, "start", actor.kind, actor.roles)
    _refuse_impossible_day(enrolment, on, catalogue, now)
    facts: dict[str, object] = {"on": on.isoformat()}
    if enrolment.starts_on is None:
        facts["leaving"] = commitment.leaving  # as promised, for whoever undoes the mark
        _store_leaving(connection, enrolment_id, leaving_as_stored(dated_from(commitment.leaving_rows(), on)))
    advance_enrolment(connection, enrolment_id, enrolment.state, "start", actor, now, **facts)
    _store_first_contact(connection, enrolment_id, on)
    return True


def miss(connection: Connection, catalogue: Catalogue, enrolment_id: int, actor: Actor, now: datetime) -> bool:
    """Mark that the student did not start; False when that was marked already. Call inside a write transaction.

    1. The enrolment ends, and the commitment is charged or released as promised for this day.
    2. Student and home school are written to.
    3. On a non-stop course the seat goes to the first in line.

    Refuses with NotBegun, and with CommitmentSettled.
    """
    enrolment = read_enrolment(connection, enrolment_id)
    if enrolment.state == "no_show":
        return False
    ENROLMENT.after(enrolment.state, "miss", actor.kind, actor.roles)
    today = _today(catalogue, now)
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
    course = catalogue.courses.get(enrolment.course_id)
    offering = course.offering(enrolment.offering_id) if course else None
    starts_on = offering.starts_on if offering else enrolment.starts_on
    if starts_on is not None:
        return starts_on
    placed = [one.at for one in history(connection, enrolment.id) if one.noun == "enrolment" and one.to_state == "placed"]
    return _today(catalogue, placed[-1]) + NONSTOP_PATIENCE if placed else date.max


def interrupt(connection: Connection, catalogue: Catalogue, enrolment_id: int, on: date, actor: Actor, now: datetime) -> bool:
    """Mark that the studies broke off on a day; False when that was marked already. Call inside a write transaction.

    1. The enrolment ends, and the commitment is charged or released as promised for that day.
    2. Student and home school are written to.
    3. On a non-stop course the seat goes to the first in line.

    Refuses with DayInFuture, BeforeFirstContact, AlreadyInterrupted and CommitmentSettled.
    """
    enrolment = read_enrolment(connection, enrolment_id)
    if enrolment.state == "interrupted":
        if _last_mark(connection, enrolment).facts.get("on") == on.isoformat():
            return False
        raise AlreadyInterrupted(**_as_facts(who_marked(connection, enrolment)))
    ENROLMENT.after(enrolment.state, "interrupt", actor.kind, actor.roles)
    _refuse_impossible_day(enrolment, on, catalogue, now)
    charge_ending(connection, enrolment_id, "interrupted", on, actor, now)
    advance_enrolment(connection, enrolment_id, enrolment.state, "interrupt", actor, now, on=on.isoformat())
    tell_of_mark(connection, catalogue, "interrupted", enrolment, now)
    promote(connection, catalogue, enrolment.course_id, enrolment.offering_id, now)
    return True


def resume(connection: Connection, catalogue: Catalogue, enrolment_id: int, actor: Actor, now: datetime) -> bool:
    """Undo the last mark; False when there is none. Call inside a write transaction.

    1. Nothing is charged any more; the enrolment is again what it was.
    2. Without first contact the promised price of leaving of a non-stop course loses its days again.
    3. Student and home school are written to if they had been told of the mark.

    Refuses with LeftByThemselves, NoSeatLeft and CommitmentSettled.
    """
    enrolment = read_enrolment(connection, enrolment_id)
    if enrolment.state not in UNDONE_BY:
        return False
    step = UNDONE_BY[enrolment.state]
    ENROLMENT.after(enrolment.state, step, actor.kind, actor.roles)
    mark = _last_mark(connection, enrolment)
    if mark.actor_kind != "offering_school":
        raise LeftByThemselves(at=mark.at)
    if step == "resume":
        _refuse_without_seat(connection, enrolment, catalogue, now)
        charge_ending(connection, enrolment_id, None, _today(catalogue, now), actor, now)
    advance_enrolment(connection, enrolment_id, enrolment.state, step, actor, now)
    if step == "unstart":
        if "leaving" in mark.facts:
            _store_leaving(connection, enrolment_id, mark.facts["leaving"])
        _store_first_contact(connection, enrolment_id, None)
    elif enrolment.state in ("no_show", "interrupted"):
        tell_of_mark(connection, catalogue, "mark_undone", enrolment, now)
    return True


def who_marked(connection: Connection, enrolment: Enrolment) -> tuple[str, datetime]:
    """Who brought the enrolment to its present state, and when."""
    mark = _last_mark(connection, enrolment)
    return name_of(connection, mark.actor_id) or "–", mark.at


def _mark(connection: Connection, catalogue: Catalogue, mark: Mark, enrolment_id: int, on: date, actor: Actor, now: datetime) -> bool:
    if mark == "start":
        return start(connection, catalogue, enrolment_id, on, actor, now)
    if mark == "interrupt":
        return interrupt(connection, catalogue, enrolment_id, on, actor, now)
    return (miss if mark == "miss" else resume)(connection, catalogue, enrolment_id, actor, now)


def _refuse_impossible_day(enrolment: Enrolment, on: date, catalogue: Catalogue, now: datetime) -> None:
    if on > _today(catalogue, now):
        raise DayInFuture
    enrolled_on = _today(catalogue, enrolment.created_at)
    if on < enrolled_on:
        raise BeforeEnrolment(day=enrolled_on)
    if enrolment.first_contact_on is not None and on < enrolment.first_contact_on:
        raise BeforeFirstContact(day=enrolment.first_contact_on)


def _refuse_without_seat(connection: Connection, enrolment: Enrolment, catalogue: Catalogue, now: datetime) -> None:
    course = catalogue.courses.get(enrolment.course_id)
    offering = course.offering(enrolment.offering_id) if course else None
    today = _today(catalogue, now)
    if offering is not None and not has_room(connection, enrolment.course_id, offering, enrolment.home_school_id, today):
        raise NoSeatLeft


def _last_mark(connection: Connection, enrolment: Enrolment) -> Event:
    """The event that led to the present state."""
    return [one for one in history(connection, enrolment.id) if one.noun == "enrolment"][-1]


def _as_facts(marked: tuple[str, datetime]) -> dict[str, object]:
    return {"who": marked[0], "at": marked[1]}


def _store_first_contact(connection: Connection, enrolment_id: int, on: date | None) -> None:
    mine = tables.enrolment.c.id == enrolment_id
    connection.execute(tables.enrolment.update().where(mine).values(first_contact_on=on))


def _store_leaving(connection: Connection, enrolment_id: int, rows: object) -> None:
    mine = tables.commitment.c.enrolment_id == enrolment_id
    connection.execute(tables.commitment.update().where(mine).values(leaving=rows))


def _today(catalogue: Catalogue, moment: datetime) -> date:
    return moment.astimezone(catalogue.network.time_zone).date()
