"""The runs of the reader's schools: time, enrolment, seats, queue, minimum and what waits to be marked. A teacher sees the own courses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, func, select

from course_catalogue.model import Course, CourseId, Offering, OfferingId, SchoolId
from course_catalogue.offering import OfferingState, offering_state
from enrol_service import tables
from enrol_service.enrolment.run import Run, all_runs
from enrol_service.enrolment.seats import COUNTED
from enrol_service.enrolment.words import school_name
from enrol_service.refusals.base import sentence
from enrol_service.school.teaching import hidden_courses
from enrol_service.states import HOLDS_SEAT
from enrol_service.todo import queries_waiting, todo
from enrol_service.web.access import me, staff
from enrol_service.web.page import STAFF_PAGE, here, page, private, service
from enrol_service.web.table import Choice, Column, table_view
from theme.address import codes

pages = Blueprint("offerings", __name__)

RunKey = tuple[CourseId, OfferingId]
Counts = Mapping[tuple[str, str], int]  # (state of the enrolment, state of the commitment) → how many

STATE_WORDS: Mapping[str, str] = {
    "open": sentence("Enrolment open"),
    "not_open": sentence("Not open yet"),
    "closed": sentence("Enrolment closed"),
    "ended": sentence("Ended"),
    "cancelled": sentence("Cancelled"),
    "lapsed": sentence("Not held"),
}


@dataclass(frozen=True, slots=True)
class OfferingRow:
    """A run in the table."""

    course: Course
    offering: Offering
    name: str  # codes and title, as they are sorted and searched
    school: str
    state: str  # of STATE_WORDS
    decided: Run | None
    taken: int
    queued: int
    committed: int  # have a place with a commitment given
    queries: int  # questions about grades that nobody has answered
    awaiting: int  # the run has begun without their first contact, or has ended without an ending

    @property
    def kept(self) -> int:
        """Seats kept for schools, while they are kept."""
        offering = self.offering
        over = offering.decided_on is not None and here().today >= offering.decided_on
        return 0 if over else sum(offering.reserved.values())


@pages.get("/staff/offerings")
@staff("see_offerings")
def show() -> ResponseReturnValue:
    private(STAFF_PAGE)
    at = here()
    schools = me().schools_for("see_offerings")
    with service().database.read() as connection:
        asked = Counter((one.course_id, one.offering_id) for one in queries_waiting(connection, at.catalogue, me(), at.now))
        rows = [row for school_id in schools for row in _rows(connection, school_id, asked)]
        todos = () if me().can("decide") else todo(connection, at.catalogue, me(), at.now)
    rows.sort(key=lambda row: (row.state in ("ended", "cancelled", "lapsed"), row.offering.starts_on or date.max, row.course.id))
    columns = COLUMNS if len(schools) > 1 else tuple(one for one in COLUMNS if one.key != "school")
    table = table_view(rows, columns, request.args, choices=_choices(rows))
    return page(
        "offering/offerings.html",
        table=table,
        schools=[(one, school_name(at.speech, one)) for one in schools],
        several=len(schools) > 1,
        todos=todos,
        assigns=tuple(one for one in me().schools_for("assign_teachers") if one in schools),
        nav_current="offerings",
    )


COLUMNS: tuple[Column[OfferingRow], ...] = (
    Column("course", sentence("Course"), lambda row: row.name, searched=True),
    Column("school", sentence("School"), lambda row: row.school, searched=True),
    Column("time", sentence("Time"), lambda row: row.offering.starts_on),
    Column("state", sentence("Enrolment"), lambda row: row.offering.enrolment_closes_at),
    Column("taken", sentence("Places taken"), lambda row: row.taken, number=True),
    Column("queued", sentence("In the queue"), lambda row: row.queued, number=True),
    Column("minimum", sentence("Minimum"), lambda row: row.offering.decided_on if row.offering.minimum else None, number=True),
    Column("awaiting", sentence("To mark"), lambda row: row.awaiting, number=True),
)


def _choices(rows: list[OfferingRow]) -> tuple[Choice[OfferingRow], ...]:
    """The filters, with the values that the rows have."""
    at = here()
    states = {row.state for row in rows}
    subjects = {row.course.subject_id for row in rows}
    schools = {row.course.school_id: row.school for row in rows}
    by_state = {state: at.speech.gettext(words) for state, words in STATE_WORDS.items() if state in states}
    by_subject = {key: subject.name.to(at.language) for key, subject in at.catalogue.subjects.items() if key in subjects}
    found = [
        Choice[OfferingRow]("state", sentence("State"), lambda row: row.state, by_state),
        Choice[OfferingRow]("subject", sentence("Subject"), lambda row: row.course.subject_id, by_subject),
    ]
    if len(schools) > 1:
        found.append(Choice("school", sentence("School"), lambda row: row.course.school_id, schools))
    return tuple(found)


def _rows(connection: Connection, school_id: SchoolId, asked: Mapping[RunKey, int]) -> list[OfferingRow]:
    """The runs of a school that are not over, or on which somebody is."""
    at = here()
    counts, decided = _counts(connection, school_id), all_runs(connection)
    hidden = hidden_courses(connection, me(), school_id, at.today)
    school = school_name(at.speech, school_id)
    rows = []
    for course in at.catalogue.published():
        if course.school_id != school_id or course.id in hidden:
            continue
        for offering in course.offerings:
            found = counts.get((course.id, offering.id), {})
            row = _row(course, offering, school, decided.get((course.id, offering.id)), found, asked.get((course.id, offering.id), 0))
            if row.state != "ended" or found:
                rows.append(row)
    return rows


def _row(course: Course, offering: Offering, school: str, decided: Run | None, counts: Counts, queries: int) -> OfferingRow:
    at = here()
    state: OfferingState | str = offering_state(course, offering, at.now)
    if decided is not None and decided.is_off:
        state = decided.state
    has_begun = offering.starts_on is None or offering.starts_on <= at.today
    has_ended = offering.ends_on is not None and offering.ends_on < at.today
    in_state = {name: sum(count for (one, _), count in counts.items() if one == name) for name in (*COUNTED, "active")}
    return OfferingRow(
        course=course,
        offering=offering,
        name=f"{codes(course)} {course.title.to(at.language)}".strip(),
        school=school,
        state=state,
        decided=decided,
        taken=sum(in_state[name] for name in HOLDS_SEAT),
        queued=in_state["queued"],
        committed=counts.get(("placed", "given"), 0) + counts.get(("active", "given"), 0),
        queries=queries,
        awaiting=(in_state["placed"] if has_begun else 0) + (in_state["active"] if has_ended else 0),
    )


def _counts(connection: Connection, school_id: SchoolId) -> Mapping[RunKey, Counts]:
    one, promised = tables.enrolment.c, tables.commitment.c
    columns = (one.course_id, one.offering_id, one.state, promised.state)
    both = select(*columns, func.count()).join_from(tables.enrolment, tables.commitment)
    found: dict[RunKey, dict[tuple[str, str], int]] = {}
    rows = connection.execute(both.where(one.offering_school_id == school_id).group_by(*columns))
    for course_id, offering_id, state, commitment_state, count in rows:
        found.setdefault((course_id, offering_id), {})[state, commitment_state] = count
    return found
