"""The waiting list: a freed seat goes to the first in line, never after the start, and no rank is moved without a reason in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from course_catalogue.model import Catalogue, Course, CourseId, Offering, OfferingId
from course_catalogue.price import agreement_for
from enrol_service import tables
from enrol_service.enrolment.authorisation import commit_by_authorisation
from enrol_service.enrolment.deadline import LEAST_TIME_TO_ANSWER, answer_by, offer_until, seats_close_at
from enrol_service.enrolment.enrolments import Commitment, Enrolment, on_run, pairs, read_commitment, read_enrolment
from enrol_service.enrolment.run import run_of
from enrol_service.enrolment.seats import room_on
from enrol_service.events import THE_SERVICE, Actor, advance_enrolment, history, record
from enrol_service.mail.notices import ask_home_school, tell_student
from enrol_service.refusals.base import sentence
from enrol_service.refusals.queue import MoveReasonMissing, NotInLine, RankUnknown
from enrol_service.states import ENROLMENT

# Why a coordinator may change the order: a closed list, so that the log says the same thing to everybody.
MOVE_REASONS: Mapping[str, str] = {
    "graduating": sentence("A student in the queue needs the course to graduate"),
    "error": sentence("The queue was wrong after a mistake"),
    "agreed": sentence("The schools have agreed on it"),
}


@dataclass(frozen=True, slots=True)
class Move:
    """A rank that a coordinator changed, for the one who was moved or for another. `because_of` is the enrolment that was moved."""

    at: datetime
    from_rank: int
    to_rank: int
    reason_id: str  # of MOVE_REASONS
    because_of: int

    @property
    def is_back(self) -> bool:
        return self.to_rank > self.from_rank


def next_number(connection: Connection, course_id: CourseId, offering_id: OfferingId) -> int:
    """The number of the next one to join the line: higher than any on the run, so that nobody shares one with another."""
    last = connection.execute(select(func.max(tables.enrolment.c.queue_number)).where(on_run(course_id, offering_id))).scalar()
    return (last or 0) + 1


def promote(connection: Connection, catalogue: Catalogue, course_id: CourseId, offering_id: OfferingId, now: datetime) -> int:
    """Give every free seat to the first in line for whom there is room; the number of seats given.

    1. Nothing after the start, and nothing on a run that is cancelled, lapsed or gone.
    2. In order of the line; one for whom only seats kept for other schools are left is passed over and keeps the place in line.
       So is, in the last hours, one who, or whose home school, would have no time to answer.
    3. Offered to the student if the home school has committed in advance; otherwise requested, and the home school asked with a
       new deadline unless a standing authorisation answers for it.
    """
    given = 0
    while (first := _first_in_line(connection, catalogue, course_id, offering_id, now)) is not None:
        _give_seat(connection, catalogue, first, now)
        given += 1
    return given


def is_seat_for_line(connection: Connection, catalogue: Catalogue, course_id: CourseId, offering_id: OfferingId, now: datetime) -> bool:
    """Whether `promote` would give a seat. Needs no write lock."""
    return _first_in_line(connection, catalogue, course_id, offering_id, now) is not None


def can_be_answered(catalogue: Catalogue, offering: Offering, now: datetime) -> bool:
    """Whether everybody in line, a home school or a student, would have the least time to answer now."""
    return all(_has_time(state, catalogue, offering, now) for state in ("asked", "given"))


def is_line(connection: Connection, course_id: CourseId, offering_id: OfferingId) -> bool:
    """Whether anybody waits in line."""
    queued = on_run(course_id, offering_id) & (tables.enrolment.c.state == "queued")
    return connection.execute(select(tables.enrolment.c.id).where(queued).limit(1)).first() is not None


def move(connection: Connection, catalogue: Catalogue, enrolment_id: int, to_rank: int, reason_id: str, actor: Actor, now: datetime) -> int:
    """Move somebody in line to another rank; how many ranks changed. Call inside a write transaction.

    1. Refuses with NotInLine, MoveReasonMissing and RankUnknown. The rank that one has already changes nothing.
    2. Everybody from the first changed rank on gets a new number: no two share one, and ranks have no gaps.
    3. Each changed rank is an event with its reason; who moved back is written to.
    """
    moved = read_enrolment(connection, enrolment_id)
    if moved.state != "queued":
        raise NotInLine
    if reason_id not in MOVE_REASONS:
        raise MoveReasonMissing
    before = _line(connection, moved.course_id, moved.offering_id)
    if not 1 <= to_rank <= len(before):
        raise RankUnknown(last=len(before))
    after = [one for one, _ in before if one.id != enrolment_id]
    after.insert(to_rank - 1, moved)
    ranks = {one.id: rank for rank, (one, _) in enumerate(before, 1)}
    changed = [(one, ranks[one.id], rank) for rank, one in enumerate(after, 1) if ranks[one.id] != rank]
    if not changed:
        return 0
    number = next_number(connection, moved.course_id, moved.offering_id)
    for place, one in enumerate(after[changed[0][2] - 1 :]):
        mine = tables.enrolment.c.id == one.id
        connection.execute(tables.enrolment.update().where(mine).values(queue_number=number + place))
    for one, from_rank, rank in changed:
        facts = {"from": from_rank, "to": rank, "reason": reason_id, "because_of": enrolment_id}
        record(connection, ENROLMENT, one.id, "queued", "move", actor, now, **facts)
        if rank > from_rank:
            tell_student(connection, "queue_moved", one, now)
    return len(changed)


def moves_of(connection: Connection, enrolment_id: int) -> tuple[Move, ...]:
    """Every change of an enrolment's rank that a coordinator made, oldest first."""
    found = (one for one in history(connection, enrolment_id) if one.noun == "enrolment" and one.step == "move")
    return tuple(Move(one.at, one.facts["from"], one.facts["to"], one.facts["reason"], one.facts["because_of"]) for one in found)


def _line(connection: Connection, course_id: CourseId, offering_id: OfferingId) -> tuple[tuple[Enrolment, Commitment], ...]:
    queued = pairs(connection, on_run(course_id, offering_id), tables.enrolment.c.state == "queued")
    return tuple(sorted(queued, key=lambda pair: pair[0].queue_number or 0))


def _first_in_line(
    connection: Connection, catalogue: Catalogue, course_id: CourseId, offering_id: OfferingId, now: datetime
) -> tuple[Offering, Enrolment, Commitment] | None:
    """The first for whom there is a seat and time, with the offering as it is today. The line itself is read only when a seat is free."""
    course = catalogue.courses.get(course_id)
    offering = course.offering(offering_id) if course else None
    if course is None or offering is None or _gives_no_seats(course, offering, catalogue, now):
        return None
    room = room_on(connection, course_id, offering, catalogue.network.day_of(now))
    timely = [state for state in ("asked", "given") if _has_time(state, catalogue, offering, now)]
    if not timely or not (room.for_everybody or room.schools) or _is_off(connection, course, offering):
        return None
    queued = on_run(course_id, offering_id) & (tables.enrolment.c.state == "queued") & tables.commitment.c.state.in_(timely)
    mine = queued if room.for_everybody else queued & tables.enrolment.c.home_school_id.in_(sorted(room.schools))
    first = select(tables.enrolment.c.id).join_from(tables.enrolment, tables.commitment).where(mine)
    found = connection.execute(first.order_by(tables.enrolment.c.queue_number, tables.enrolment.c.id).limit(1)).scalar()
    return (offering, read_enrolment(connection, found), read_commitment(connection, found)) if found is not None else None


def _has_time(commitment_state: str, catalogue: Catalogue, offering: Offering, now: datetime) -> bool:
    """Whether the one to be asked, the student of a commitment that is given or the home school, has the least time to answer."""
    until = offer_until if commitment_state == "given" else answer_by
    last = until(now, agreement_for(catalogue, offering), offering, catalogue.network.time_zone)
    return last - now >= LEAST_TIME_TO_ANSWER


def _gives_no_seats(course: Course, offering: Offering, catalogue: Catalogue, now: datetime) -> bool:
    return course.status != "published" or offering.cancelled or now >= seats_close_at(offering, catalogue.network.time_zone)


def _is_off(connection: Connection, course: Course, offering: Offering) -> bool:
    decided = run_of(connection, course.id, offering.id)
    return decided is not None and decided.is_off


def _give_seat(connection: Connection, catalogue: Catalogue, first: tuple[Offering, Enrolment, Commitment], now: datetime) -> None:
    offering, enrolment, commitment = first
    zone = catalogue.network.time_zone
    if commitment.state == "given":
        until = offer_until(now, agreement_for(catalogue, offering), offering, zone)
        advance_enrolment(connection, enrolment.id, "queued", "offer", THE_SERVICE, now)
        mine = tables.enrolment.c.id == enrolment.id
        connection.execute(tables.enrolment.update().where(mine).values(offer_until_at=until))
        tell_student(connection, "offer", enrolment, now)
        return
    deadline = answer_by(now, agreement_for(catalogue, offering), offering, zone)
    advance_enrolment(connection, enrolment.id, "queued", "promote", THE_SERVICE, now)
    theirs = tables.commitment.c.enrolment_id == enrolment.id
    clock = {"answer_by_at": deadline, "reminded_at": None, "escalated_at": None}
    connection.execute(tables.commitment.update().where(theirs).values(**clock))
    if commit_by_authorisation(connection, catalogue, enrolment.id, now):
        return
    tell_student(connection, "promoted", enrolment, now)
    ask_home_school(connection, catalogue, enrolment, deadline, now)
