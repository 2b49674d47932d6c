"""What time itself does: cancelled runs end, runs are decided, requests and offers expire, schools are reminded, free seats are given.

May run twice, late, or in two processes at once: each step is taken once, in one transaction.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, select

from course_catalogue.model import Catalogue, CourseId, OfferingId
from enrol_service.database import Database
from enrol_service.enrolment.cancel import cancel_runs, on_cancelled_runs
from enrol_service.enrolment.change import close_stale_changes, is_stale
from enrol_service.enrolment.deadline import seats_close_at
from enrol_service.enrolment.enrolments import pairs
from enrol_service.enrolment.offer import expire_offers, lapsed_offers
from enrol_service.enrolment.reminder import remind, unescalated, unreminded
from enrol_service.enrolment.run import decide_runs, undecided_runs
from enrol_service.enrolment.waiting_list import is_seat_for_line, promote
from enrol_service.events import THE_SERVICE, advance_commitment, advance_enrolment
from enrol_service.mail.notices import tell_student
from enrol_service.school.token import old_answers
from enrol_service.tables import api_answer, change, commitment, enrolment, staff_session


def tick(database: Database, catalogue: Catalogue, now: datetime) -> int:
    """Do what is due; the number of steps taken. Takes the write lock only when there is something to do."""
    with database.read() as connection:
        if not _is_anything_due(connection, catalogue, now):
            return 0
    with database.write() as connection:
        taken = act_on_time(connection, catalogue, now)
        connection.execute(staff_session.delete().where(staff_session.c.expires_at <= now))
        connection.execute(api_answer.delete().where(old_answers(now)))
        return taken


def act_on_time(connection: Connection, catalogue: Catalogue, now: datetime) -> int:
    """Take every step of enrolments that is due; how many. Call inside a write transaction.

    Endings come first, then the lines, then reminders: nobody is promoted on, or reminded of, what is over.
    """
    taken = cancel_runs(connection, catalogue, now)
    taken += expire_unanswered(connection, catalogue, now)
    taken += expire_offers(connection, catalogue, now)
    taken += decide_runs(connection, catalogue, now)
    taken += close_lines(connection, catalogue, now)
    for course_id, offering_id in _lines(connection):
        taken += promote(connection, catalogue, course_id, offering_id, now)
    taken += close_stale_changes(connection, now)
    return taken + remind(connection, catalogue, now)


def expire_unanswered(connection: Connection, catalogue: Catalogue, now: datetime) -> int:
    """Requests whose deadline has passed expire; their seats go to the first in line."""
    due = pairs(connection, commitment.c.state == "asked", commitment.c.answer_by_at <= now)
    for one, _ in due:
        advance_commitment(connection, one.id, "asked", "expire", THE_SERVICE, now)
        advance_enrolment(connection, one.id, one.state, "expire", THE_SERVICE, now)
        tell_student(connection, "expired", one, now)
    for course_id, offering_id in sorted({(one.course_id, one.offering_id) for one, _ in due}):
        promote(connection, catalogue, course_id, offering_id, now)
    return len(due)


def close_lines(connection: Connection, catalogue: Catalogue, now: datetime) -> int:
    """Whoever still waits in line when seats are no longer given has not got one: nothing is owed."""
    over = [
        pair
        for course_id, offering_id, starts_on in _lines_over(connection, catalogue, now)
        for pair in pairs(
            connection,
            enrolment.c.state == "queued",
            enrolment.c.course_id == course_id,
            enrolment.c.offering_id == offering_id,
            enrolment.c.starts_on.is_not_distinct_from(starts_on),
        )
    ]
    for one, promised in over:
        step = "expire" if promised.state == "asked" else "release"
        advance_commitment(connection, one.id, promised.state, step, THE_SERVICE, now)
        advance_enrolment(connection, one.id, "queued", "expire", THE_SERVICE, now)
        tell_student(connection, "expired", one, now)
    return len(over)


Line = tuple[CourseId, OfferingId, date | None]


def _lines_over(connection: Connection, catalogue: Catalogue, now: datetime) -> tuple[Line, ...]:
    """The lines, by the day on which their students were to begin, on which no seat is given any more."""
    columns = (enrolment.c.course_id, enrolment.c.offering_id, enrolment.c.starts_on)
    rows = connection.execute(select(*columns).where(enrolment.c.state == "queued").distinct().order_by(*columns))
    return tuple((row[0], row[1], row[2]) for row in rows if _line_is_over(row[0], row[1], row[2], catalogue, now))


def _line_is_over(course_id: CourseId, offering_id: OfferingId, starts_on: date | None, catalogue: Catalogue, now: datetime) -> bool:
    """By the catalogue's dates; by the dates the student enrolled on when the catalogue no longer has the offering."""
    offering = catalogue.offering(course_id, offering_id)
    zone = catalogue.network.time_zone
    if offering is not None:
        return now >= seats_close_at(offering, zone)
    # A course without dates that is gone gives no seat ever again.
    return starts_on is None or now.astimezone(zone).date() >= starts_on


def _lines(connection: Connection) -> tuple[tuple[CourseId, OfferingId], ...]:
    """The offerings on which somebody waits in line."""
    columns = (enrolment.c.course_id, enrolment.c.offering_id)
    rows = connection.execute(select(*columns).where(enrolment.c.state == "queued").distinct().order_by(*columns))
    return tuple((course_id, offering_id) for course_id, offering_id in rows)


def _is_anything_due(connection: Connection, catalogue: Catalogue, now: datetime) -> bool:
    late = select(commitment.c.id).where(commitment.c.state == "asked", commitment.c.answer_by_at <= now).limit(1)
    lapsed = select(enrolment.c.id).where(lapsed_offers(now)).limit(1)
    cancelled = select(enrolment.c.id).where(on_cancelled_runs(catalogue, now)).limit(1)
    stale = select(change.c.id).where(is_stale()).limit(1)
    ended = select(staff_session.c.email).where(staff_session.c.expires_at <= now).limit(1)
    old = select(api_answer.c.token_id).where(old_answers(now)).limit(1)
    return (
        any(connection.execute(one).first() is not None for one in (late, lapsed, cancelled, stale, ended, old))
        or bool(undecided_runs(connection, catalogue, now))
        or bool(_lines_over(connection, catalogue, now))
        or any(is_seat_for_line(connection, catalogue, *line, now) for line in _lines(connection))
        or bool(unreminded(connection, catalogue, now))
        or bool(unescalated(connection, catalogue, now))
    )
