"""A run that its school has cancelled: nobody studies, nobody pays, everybody is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_

from course_catalogue.model import Catalogue
from enrol_service.enrolment.enrolments import Enrolment, pairs
from enrol_service.events import THE_SERVICE, advance_commitment, advance_enrolment
from enrol_service.mail.notices import tell_home_school, tell_student
from enrol_service.states import LIVE
from enrol_service.tables import enrolment


def is_cancelled(enrolled: Enrolment, catalogue: Catalogue) -> bool:
    """Whether the school has cancelled the run, or its whole course."""
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
    for one, promised in found:
        advance_enrolment(connection, one.id, one.state, "cancel", THE_SERVICE, now)
        advance_commitment(connection, one.id, promised.state, "release", THE_SERVICE, now)
        tell_student(connection, "cancelled", one, now)
        tell_home_school(connection, catalogue, "course_cancelled", one, now)
    return len(found)


def on_cancelled_runs(catalogue: Catalogue) -> ColumnElement[bool]:
    """The live enrolments of every run that the content says is cancelled."""
    one = enrolment.c
    courses = [course.id for course in catalogue.courses.values() if course.status == "cancelled"]
    runs = [(course.id, offering.id) for course in catalogue.courses.values() for offering in course.offerings if offering.cancelled]
    on_runs = [and_(one.course_id == course_id, one.offering_id == offering_id) for course_id, offering_id in runs]
    return and_(one.state.in_(sorted(LIVE)), or_(one.course_id.in_(courses), *on_runs))
