"""The waiting list: a freed seat goes to the first in line, and never after the start."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from course_catalogue.model import Catalogue, Course, CourseId, Offering, OfferingId
from course_catalogue.price import agreement_for
from enrol_service import tables
from enrol_service.enrolment.deadline import answer_by, seats_close_at
from enrol_service.enrolment.enrolments import Commitment, Enrolment, pairs
from enrol_service.enrolment.seats import has_room
from enrol_service.events import THE_SERVICE, advance_enrolment
from enrol_service.mail.notices import ask_home_school, tell_student

LEAST_TIME_TO_ANSWER = timedelta(hours=2)  # a home school with less would only see the request expire


def next_number(connection: Connection, course_id: CourseId, offering_id: OfferingId) -> int:
    """The number of the next one to join the line. Numbers are never used again."""
    here = (tables.enrolment.c.course_id == course_id) & (tables.enrolment.c.offering_id == offering_id)
    last = connection.execute(select(func.max(tables.enrolment.c.queue_number)).where(here)).scalar()
    return (last or 0) + 1


def promote(connection: Connection, catalogue: Catalogue, course_id: CourseId, offering_id: OfferingId, now: datetime) -> int:
    """Give every free seat to the first in line for whom there is room; the number of seats given.

    1. Nothing after the start, and nothing on an offering that is cancelled or gone.
    2. In order of coming; one for whom only seats kept for other schools are left is passed over and keeps the place in line.
       So is, in the last hours, one whose home school would have no time to answer.
    3. Placed at once if the home school has committed in advance, otherwise requested with a new deadline.
    """
    course = catalogue.courses.get(course_id)
    offering = course.offering(offering_id) if course else None
    if course is None or offering is None or _gives_no_seats(course, offering, catalogue, now):
        return 0
    here = (tables.enrolment.c.course_id == course_id) & (tables.enrolment.c.offering_id == offering_id)
    queued = pairs(connection, here, tables.enrolment.c.state == "queued")
    today = now.astimezone(catalogue.network.time_zone).date()
    in_time = can_be_answered(catalogue, offering, now)
    given = 0
    for enrolment, commitment in sorted(queued, key=lambda pair: pair[0].queue_number or 0):
        if commitment.state == "asked" and not in_time:
            continue
        if has_room(connection, course_id, offering, enrolment.home_school_id, today):
            _give_seat(connection, catalogue, offering, enrolment, commitment, now)
            given += 1
    return given


def can_be_answered(catalogue: Catalogue, offering: Offering, now: datetime) -> bool:
    """Whether a home school that is asked now has the least time to answer."""
    return answer_by(now, agreement_for(catalogue, offering), offering, catalogue.network.time_zone) - now >= LEAST_TIME_TO_ANSWER


def is_line(connection: Connection, course_id: CourseId, offering_id: OfferingId) -> bool:
    """Whether anybody waits in line."""
    here = (tables.enrolment.c.course_id == course_id) & (tables.enrolment.c.offering_id == offering_id)
    return connection.execute(select(tables.enrolment.c.id).where(here, tables.enrolment.c.state == "queued").limit(1)).first() is not None


def _gives_no_seats(course: Course, offering: Offering, catalogue: Catalogue, now: datetime) -> bool:
    return course.status != "published" or offering.cancelled or now >= seats_close_at(offering, catalogue.network.time_zone)


def _give_seat(
    connection: Connection, catalogue: Catalogue, offering: Offering, enrolment: Enrolment, commitment: Commitment, now: datetime
) -> None:
    if commitment.state == "given":
        advance_enrolment(connection, enrolment.id, "queued", "place", THE_SERVICE, now)
        tell_student(connection, "placed", enrolment, now)
        return
    deadline = answer_by(now, agreement_for(catalogue, offering), offering, catalogue.network.time_zone)
    advance_enrolment(connection, enrolment.id, "queued", "promote", THE_SERVICE, now)
    here = tables.commitment.c.enrolment_id == enrolment.id
    connection.execute(tables.commitment.update().where(here).values(answer_by_at=deadline))
    tell_student(connection, "promoted", enrolment, now)
    ask_home_school(connection, catalogue, enrolment, deadline, now)
