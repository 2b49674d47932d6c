"""A run that its school has cancelled in the content: nobody studies, nobody pays, everybody is told. See run.py for one cancelled here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_

from course_catalogue.model import Catalogue
from enrol_service.enrolment.enrolments import Enrolment, pairs
from enrol_service.enrolment.run import let_go
from enrol_service.events import THE_SERVICE
from enrol_service.states import LIVE
from enrol_service.tables import enrolment


def is_cancelled(enrolled: Enrolment, catalogue: Catalogue) -> bool:
    """Whether the content says that the run, or its whole course, is cancelled."""
    course = catalogue.courses.get(enrolled.course_id)
    offering = course.offering(enrolled.offering_id) if course else None
    return (course is not None and course.status == "cancelled") or (offering is not None and offering.cancelled)


def cancel_runs(connection: Connection, catalogue: Catalogue, now: datetime) -> int:
    """End the live enrolments of cancelled runs; how many. Call inside a write transaction.

    1. The enrolment is cancelled by the service: the school has said so in the content.
    2. The commitment is released, whatever the day: nothing is owed for a course that is not held.
    3. Student and home school are written to.
    """
    found = pairs(connection, on_cancelled_runs(catalogue))
    for pair in found:
        let_go(connection, catalogue, pair, THE_SERVICE, ("cancelled", "course_cancelled"), now)
    return len(found)


def on_cancelled_runs(catalogue: Catalogue) -> ColumnElement[bool]:
    """The live enrolments of every run that the content says is cancelled."""
    one = enrolment.c
    courses = [course.id for course in catalogue.courses.values() if course.status == "cancelled"]
    runs = [(course.id, offering.id) for course in catalogue.courses.values() for offering in course.offerings if offering.cancelled]
    on_runs = [and_(one.course_id == course_id, one.offering_id == offering_id) for course_id, offering_id in runs]
    return and_(one.state.in_(sorted(LIVE)), or_(one.course_id.in_(courses), *on_runs))
