"""What time itself does: cancelled runs end, requests that were not answered expire, lines end at the start, free seats are given.

May run twice, late, or in two processes at once: each step is taken once, in one transaction.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from course_catalogue.model import Catalogue
from enrol_service.database import Database
from enrol_service.enrolment.cancel import cancel_runs, on_cancelled_runs
from enrol_service.enrolment.deadline import seats_close_at
from enrol_service.enrolment.enrolments import Commitment, Enrolment, pairs
from enrol_service.enrolment.waiting_list import promote
from enrol_service.events import THE_SERVICE, advance_commitment, advance_enrolment
from enrol_service.mail.notices import tell_student
from enrol_service.tables import commitment, enrolment, staff_session


def tick(database: Database, catalogue: Catalogue, now: datetime) -> int:
    """Do what is due; the number of steps taken. Takes the write lock only when there may be something to do."""
    with database.read() as connection:
        if not _is_anything_due(connection, catalogue, now):
            return 0
    with database.write() as connection:
        taken = cancel_runs(connection, catalogue, now)
        taken += expire_unanswered(connection, catalogue, now) + close_lines(connection, catalogue, now)
        columns = (enrolment.c.course_id, enrolment.c.offering_id)
        for course_id, offering_id in connection.execute(select(*columns).where(enrolment.c.state == "queued").distinct()).all():
            taken += promote(connection, catalogue, course_id, offering_id, now)
        connection.execute(staff_session.delete().where(staff_session.c.expires_at <= now))
        return taken


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
    over = [pair for pair in pairs(connection, enrolment.c.state == "queued") if _line_is_over(pair, catalogue, now)]
    for one, promised in over:
        step = "expire" if promised.state == "asked" else "release"
        advance_commitment(connection, one.id, promised.state, step, THE_SERVICE, now)
        advance_enrolment(connection, one.id, "queued", "expire", THE_SERVICE, now)
        tell_student(connection, "expired", one, now)
    return len(over)


def _line_is_over(pair: tuple[Enrolment, Commitment], catalogue: Catalogue, now: datetime) -> bool:
    """By the catalogue's dates; by the dates the student enrolled on when the catalogue no longer has the offering."""
    one = pair[0]
    course = catalogue.courses.get(one.course_id)
    offering = course.offering(one.offering_id) if course else None
    zone = catalogue.network.time_zone
    if offering is not None:
        return now >= seats_close_at(offering, zone)
    return one.starts_on is not None and now.astimezone(zone).date() >= one.starts_on


def _is_anything_due(connection: Connection, catalogue: Catalogue, now: datetime) -> bool:
    late = select(commitment.c.id).where(commitment.c.state == "asked", commitment.c.answer_by_at <= now).limit(1)
    waiting = select(enrolment.c.id).where(enrolment.c.state == "queued").limit(1)
    cancelled = select(enrolment.c.id).where(on_cancelled_runs(catalogue)).limit(1)
    ended = select(staff_session.c.email).where(staff_session.c.expires_at <= now).limit(1)
    return any(connection.execute(one).first() is not None for one in (late, waiting, cancelled, ended))
