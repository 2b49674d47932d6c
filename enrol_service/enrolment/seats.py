"""Seats: counted from the enrolments that hold one, at the moment of asking. Call inside a write transaction to act on the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from course_catalogue.model import CourseId, Offering, OfferingId, SchoolId
from enrol_service.enrolment.enrolments import on_run
from enrol_service.states import HOLDS_SEAT
from enrol_service.tables import enrolment

COUNTED = (*sorted(HOLDS_SEAT), "queued")


@dataclass(frozen=True, slots=True)
class Seats:
    """How many hold a seat and how many wait in line on one offering."""

    taken: int = 0
    queued: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """For whom there is a free seat: for everybody, or for schools for which some are kept, or for nobody."""

    for_everybody: bool
    schools: frozenset[SchoolId] = frozenset()

    def is_for(self, school_id: SchoolId) -> bool:
        return self.for_everybody or school_id in self.schools


def seats_of(connection: Connection, course_id: CourseId, offering_id: OfferingId) -> Seats:
    here = on_run(course_id, offering_id)
    rows = connection.execute(select(enrolment.c.state, func.count()).where(here).group_by(enrolment.c.state))
    counts = {state: count for state, count in rows}
    return Seats(sum(counts.get(state, 0) for state in HOLDS_SEAT), counts.get("queued", 0))


def all_seats(connection: Connection) -> Mapping[tuple[CourseId, OfferingId], Seats]:
    """The seats of every offering on which somebody holds a seat or waits."""
    columns = (enrolment.c.course_id, enrolment.c.offering_id, enrolment.c.state)
    rows = connection.execute(select(*columns, func.count()).where(enrolment.c.state.in_(COUNTED)).group_by(*columns))
    found: dict[tuple[CourseId, OfferingId], Seats] = {}
    for course_id, offering_id, state, count in rows:
        before = found.get((course_id, offering_id), Seats())
        taken, queued = (before.taken, before.queued + count) if state == "queued" else (before.taken + count, before.queued)
        found[course_id, offering_id] = Seats(taken, queued)
    return found


def has_room(connection: Connection, course_id: CourseId, offering: Offering, school_id: SchoolId, today: date) -> bool:
    """Whether a student of the school would get a seat: seats kept for other schools are not free until they are let go."""
    return room_on(connection, course_id, offering, today).is_for(school_id)


def room_on(connection: Connection, course_id: CourseId, offering: Offering, today: date) -> Room:
    """For whom there is a free seat on an offering, counted once."""
    if offering.seats is None:
        return Room(for_everybody=True)
    here = on_run(course_id, offering.id) & enrolment.c.state.in_(sorted(HOLDS_SEAT))
    rows = connection.execute(select(enrolment.c.home_school_id, func.count()).where(here).group_by(enrolment.c.home_school_id))
    taken: dict[SchoolId, int] = {school: count for school, count in rows}
    free = offering.seats - sum(taken.values())
    let_go = offering.decided_on is not None and today >= offering.decided_on
    kept = {} if let_go else {school: max(0, seats - taken.get(school, 0)) for school, seats in offering.reserved.items()}
    open_to_all = free - sum(kept.values())
    # More seats can be kept than are left, after an edit of the content: then the first of those with a claim gets one.
    claims = frozenset(school for school, seats in kept.items() if seats > 0) if free > 0 else frozenset()
    return Room(open_to_all > 0, claims)


def rank_of(connection: Connection, course_id: CourseId, offering_id: OfferingId, queue_number: int) -> int:
    """The place in line, from 1: counted, so that it has no gaps."""
    here = on_run(course_id, offering_id) & (enrolment.c.state == "queued")
    ahead = connection.execute(select(func.count()).select_from(enrolment).where(here, enrolment.c.queue_number <= queue_number))
    return int(ahead.scalar_one())
