"""A run as the pages of its school find it: with what the reader may do there, and whether anything may still be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from course_catalogue.model import Course, CourseId, Offering, OfferingId, SchoolId
from course_catalogue.offering import offering_state
from enrol_service import tables
from enrol_service.enrolment.run import Run, run_of
from enrol_service.permissions import ActName
from enrol_service.refusals.web import NotFound
from enrol_service.school.accounts import Staff, name_of
from enrol_service.school.teaching import hidden_courses
from enrol_service.web.access import me
from enrol_service.web.page import here


@dataclass(frozen=True, slots=True)
class OwnRun:
    """A run of a school for which the reader may act. `course` and `offering` while the catalogue has them."""

    school_id: SchoolId
    course_id: CourseId
    offering_id: OfferingId
    course: Course | None
    offering: Offering | None
    title: str  # in the reader's language
    name: str  # fits a file's name
    decided: Run | None  # what has been decided about it beside the content
    decided_by: str  # who cancelled it; empty = the service or the content

    @property
    def condition(self) -> tuple[Any, ...]:
        """The enrolments on it."""
        one = tables.enrolment.c
        return (
            one.offering_school_id == self.school_id,
            one.course_id == self.course_id,
            one.offering_id == self.offering_id,
        )

    @property
    def address(self) -> str:
        """Of its page; the others are below."""
        return f"{here().url.staff('offerings')}/{self.course_id}/{self.offering_id}"

    @property
    def is_off(self) -> bool:
        """Whether it is cancelled or has lapsed, here or in the content, so that nothing can be done on it."""
        return (self.decided is not None and self.decided.is_off) or self.is_off_in_content

    @property
    def is_off_in_content(self) -> bool:
        if self.course is None or self.offering is None:
            return False
        return offering_state(self.course, self.offering, here().now) == "cancelled"

    def may(self, act: ActName) -> bool:
        """Whether the reader may do the act here, now."""
        return not self.is_off and me().may(act, self.school_id)


def own_run(
    connection: Connection, act: ActName, school_id: SchoolId, course_name: str, offering_id: OfferingId, person: Staff | None = None
) -> OwnRun:
    """A run for the one who is signed in, or for `person`.

    Another school's, another teacher's and one that never was give the same answer: NotFound.
    """
    at, course_id, person = here(), f"{school_id}/{course_name}", person or me()
    if "\0" in course_id + offering_id or not person.may(act, school_id):
        raise NotFound
    if course_id in hidden_courses(connection, person, school_id, at.today):
        raise NotFound
    course = at.catalogue.courses.get(course_id)
    offering = course.offering(offering_id) if course else None
    decided = run_of(connection, course_id, offering_id)
    decided_by = (name_of(connection, decided.by_id) if decided else None) or ""
    if course and offering:
        title, name = course.title.to(at.language), f"{course_id.replace('/', '-')}-{offering_id}"
        return OwnRun(school_id, course_id, offering_id, course, offering, title, name, decided, decided_by)
    one = tables.enrolment.c
    here_once = (one.course_id == course_id, one.offering_id == offering_id, one.offering_school_id == school_id)
    stored = connection.execute(select(one.title).where(*here_once).limit(1)).scalar()
    if stored is None:
        raise NotFound
    return OwnRun(school_id, course_id, offering_id, course, None, stored, school_id, decided, decided_by)
