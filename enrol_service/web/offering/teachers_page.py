"""Who teaches each course of a school: the coordinator says it, and teachers then see their own courses."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from course_catalogue.model import Course, SchoolId
from enrol_service.enrolment.words import school_name
from enrol_service.refusals.base import Refusal, sentence
from enrol_service.refusals.run import NotTeacher
from enrol_service.refusals.web import NotFound
from enrol_service.school.accounts import Staff, people_with
from enrol_service.school.acting import actor_for
from enrol_service.school.role import TEACHERS
from enrol_service.school.teaching import assign_teachers, teachers_by_course
from enrol_service.web.access import me, staff
from enrol_service.web.page import STAFF_PAGE, here, page, private, service
from enrol_service.web.table import Column, sort_key, table_view
from theme.address import codes

pages = Blueprint("teachers", __name__)


@dataclass(frozen=True, slots=True)
class TaughtCourse:
    """A course with the names of those to whom it is given; none = every teacher of the school."""

    course: Course
    name: str  # codes and title, as they are sorted and searched
    teachers: tuple[str, ...]


@pages.get("/staff/teachers/<school_id>")
@staff("assign_teachers")
def show(school_id: SchoolId) -> ResponseReturnValue:
    private(STAFF_PAGE)
    at = here()
    _refuse_foreign(school_id)
    with service().database.read() as connection:
        given = teachers_by_course(connection, school_id)
        names = {one.email: _name(one, school_id) for one in _teachers(connection, school_id)}
    courses = sorted((one for one in at.catalogue.published() if one.school_id == school_id), key=lambda one: sort_key(codes(one)))
    rows = [
        TaughtCourse(
            one,
            f"{codes(one)} {one.title.to(at.language)}".strip(),
            tuple(sorted((names.get(email, email) for email in given.get(one.id, ())), key=sort_key)),
        )
        for one in courses
    ]
    table = table_view(rows, COLUMNS, request.args, kept=("given",))
    changed = next((row for row in rows if row.course.id == request.args.get("given")), None)
    return page(
        "offering/teachers.html",
        table=table,
        school_id=school_id,
        school=school_name(at.speech, school_id),
        changed=changed,
        nav_current="offerings",
    )


COLUMNS: tuple[Column[TaughtCourse], ...] = (
    Column("course", sentence("Course"), lambda row: row.name, searched=True),
    Column("teachers", sentence("Teachers"), lambda row: " ".join(row.teachers), searched=True),
)


@pages.get("/staff/teachers/<school_id>/<course_name>")
@staff("assign_teachers")
def choose(school_id: SchoolId, course_name: str) -> ResponseReturnValue:
    private(STAFF_PAGE)
    course = _course(school_id, course_name)
    with service().database.read() as connection:
        return _page(connection, course, teachers_by_course(connection, school_id).get(course.id, frozenset()))


@pages.post("/staff/teachers/<school_id>/<course_name>")
@staff("assign_teachers")
def assign(school_id: SchoolId, course_name: str) -> ResponseReturnValue:
    private(STAFF_PAGE)
    at, course = here(), _course(school_id, course_name)
    emails = [one[:254] for one in request.form.getlist("teacher")][:200]
    with service().database.write() as connection:
        actor = actor_for(connection, me(), "assign_teachers", school_id, at.now)
        try:
            assign_teachers(connection, at.catalogue, course.id, emails, actor, at.now)
        except NotTeacher as refusal:
            return _page(connection, course, frozenset(emails), refusal)
    return redirect(f"{at.url.staff(f'teachers/{school_id}')}?given={course.id}", 303)


def _refuse_foreign(school_id: SchoolId) -> None:
    if not me().may("assign_teachers", school_id):
        raise NotFound


def _course(school_id: SchoolId, course_name: str) -> Course:
    """A course of an own school. Another school's, and one that never was, give the same answer: NotFound."""
    _refuse_foreign(school_id)
    course = here().catalogue.courses.get(f"{school_id}/{course_name}")
    if course is None or course.status not in ("published", "cancelled"):
        raise NotFound
    return course


def _teachers(connection: Connection, school_id: SchoolId) -> tuple[Staff, ...]:
    """Everybody to whom a course may be given, by name."""
    at = here()
    found = people_with(connection, at.catalogue, TEACHERS, school_id, at.now)
    return tuple(sorted(found, key=lambda one: sort_key(_name(one, school_id))))


def _name(person: Staff, school_id: SchoolId) -> str:
    return next((one.name for one in person.memberships if one.school_id == school_id), person.name)


def _page(connection: Connection, course: Course, given: frozenset[str], refusal: Refusal | None = None) -> Response:
    people = [(one.email, _name(one, course.school_id)) for one in _teachers(connection, course.school_id)]
    return page(
        "offering/course_teachers.html",
        refusal.status if refusal else 200,
        course=course,
        people=people,
        given=given,
        errors={"teacher": here().speech.say(refusal)} if refusal else {},
        nav_current="offerings",
    )
