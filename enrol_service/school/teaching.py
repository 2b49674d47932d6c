"""Who teaches a course, and what follows: a teacher sees the courses given to them and those given to nobody.

Coordinators, contact persons and the office see every course of their school. A deputy sees what the other one sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import Connection, select

from course_catalogue.model import Catalogue, CourseId, SchoolId
from enrol_service.events import Actor
from enrol_service.refusals.run import NotTeacher
from enrol_service.school.accounts import Staff, people_with
from enrol_service.school.acting import record_act
from enrol_service.school.role import HOSTS, TEACHERS
from enrol_service.tables import course_teacher, deputy

SEE_ALL = HOSTS - {"teacher"}


def teachers_by_course(connection: Connection, school_id: SchoolId) -> Mapping[CourseId, frozenset[str]]:
    """The addresses of those who teach each course of a school; a course given to nobody is left out."""
    columns = (course_teacher.c.course_id, course_teacher.c.email)
    found: dict[CourseId, frozenset[str]] = {}
    for course_id, email in connection.execute(select(*columns).where(course_teacher.c.school_id == school_id)):
        found[course_id] = found.get(course_id, frozenset()) | {email}
    return found


def hidden_courses(connection: Connection, person: Staff, school_id: SchoolId, today: date) -> frozenset[CourseId]:
    """The courses of a school that somebody of the school does not see: those given to other teachers alone."""
    if person.roles_in(school_id) & SEE_ALL:
        return frozenset()
    mine = {person.email, *_stands_in_for(connection, person, school_id, today)}
    return frozenset(course_id for course_id, emails in teachers_by_course(connection, school_id).items() if not emails & mine)


def assign_teachers(
    connection: Connection, catalogue: Catalogue, course_id: CourseId, emails: Iterable[str], actor: Actor, now: datetime
) -> bool:
    """Say who teaches a course; False when that was so already. Nobody = every teacher of the school. Call inside a write transaction.

    Refuses with NotTeacher.
    """
    school_id = course_id.split("/")[0]
    wanted = frozenset(email.lower() for email in emails)
    if wanted - {one.email for one in people_with(connection, catalogue, TEACHERS, school_id, now)}:
        raise NotTeacher
    if wanted == teachers_by_course(connection, school_id).get(course_id, frozenset()):
        return False
    connection.execute(course_teacher.delete().where(course_teacher.c.course_id == course_id))
    for email in sorted(wanted):
        connection.execute(course_teacher.insert().values(course_id=course_id, email=email, school_id=school_id))
    record_act(connection, "assign_teachers", school_id, actor, now, course=course_id, teachers=len(wanted))
    return True


def _stands_in_for(connection: Connection, person: Staff, school_id: SchoolId, today: date) -> frozenset[str]:
    """The addresses of those whose deputy the person is today."""
    mine = (deputy.c.deputy_email == person.email) & (deputy.c.school_id == school_id) & deputy.c.ended_at.is_(None)
    now = mine & (deputy.c.from_on <= today) & (deputy.c.until_on >= today)
    return frozenset(connection.execute(select(deputy.c.email).where(now)).scalars())
