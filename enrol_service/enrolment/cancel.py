"""A run that its school has cancelled in the content: nobody studies, nobody pays, everybody is told. See run.py for one cancelled here."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, false, or_

from course_catalogue.model import Catalogue, Course
from enrol_service.enrolment.enrolments import Enrolment, pairs
from enrol_service.enrolment.run import free_of_charge, is_charged_for_leaving, is_over, let_go
from enrol_service.events import THE_SERVICE
from enrol_service.mail.notices import tell_home_schools_of_run, tell_of_run
from enrol_service.states import LIVE
from enrol_service.tables import enrolment


def is_cancelled(enrolled: Enrolment, catalogue: Catalogue) -> bool:
    """Whether the content says that the run, or its whole course, is cancelled."""
    course = catalogue.courses.get(enrolled.course_id)
    offering = course.offering(enrolled.offering_id) if course else None
    return (course is not None and course.status == "cancelled") or (offering is not None and offering.cancelled)


def cancel_runs(connection: Connection, catalogue: Catalogue, now: datetime) -> int:
    """End the live enrolments of cancelled runs, and what leaving them has cost; how many. Call inside a write transaction.

    1. The enrolment is cancelled by the service: the school has said so in the content.
    2. The commitment is released, whatever the day: nothing is owed for a course that is not held.
    3. Student and home school are written to, and the coordinators of the school once for each run.
    """
    found = pairs(connection, on_cancelled_runs(catalogue, now))
    live = [pair for pair in found if pair[0].state in LIVE]
    for pair in found:
        if pair[0].state in LIVE:
            let_go(connection, pair, THE_SERVICE, "cancelled", now)
        else:
            free_of_charge(connection, catalogue, pair, THE_SERVICE, now)
    tell_home_schools_of_run(connection, catalogue, "course_cancelled", [one for one, _ in live], now)
    for (course_id, offering_id), students in Counter((one.course_id, one.offering_id) for one, _ in live).items():
        tell_of_run(connection, catalogue, course_id, offering_id, "cancelled", students, now)
    return len(found)


def on_cancelled_runs(catalogue: Catalogue, now: datetime) -> ColumnElement[bool]:
    """The enrolments, live or charged for leaving, of every run that the content says is cancelled; never of one that has been held."""
    today = catalogue.network.day_of(now)
    off = or_(false(), *(_is_on(course, today) for course in catalogue.courses.values() if _is_any_off(course)))
    return and_(or_(enrolment.c.state.in_(sorted(LIVE)), is_charged_for_leaving()), off)


def _is_any_off(course: Course) -> bool:
    return course.status == "cancelled" or any(offering.cancelled for offering in course.offerings)


def _is_on(course: Course, today: date) -> ColumnElement[bool]:
    """The enrolments of the course's cancelled runs; of a run that is gone, by the dates the student enrolled on."""
    one = enrolment.c
    whole = course.status == "cancelled"
    runs = [offering.id for offering in course.offerings if (whole or offering.cancelled) and not is_over(offering, today)]
    gone = one.offering_id.not_in([offering.id for offering in course.offerings]) & or_(one.ends_on.is_(None), one.ends_on >= today)
    return and_(one.course_id == course.id, or_(one.offering_id.in_(runs), gone) if whole else one.offering_id.in_(runs))
