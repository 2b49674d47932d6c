"""What awaits a person: counted from the database at the moment of asking, so that a list empties as its rows are dealt with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from course_catalogue.model import Catalogue, CourseId, OfferingId, SchoolId
from enrol_service import tables
from enrol_service.enrolment.change import open_changes
from enrol_service.school.accounts import Staff
from enrol_service.school.teaching import hidden_courses
from enrol_service.tables import change, commitment, completion, completion_answer, enrolment, guest_school


@dataclass(frozen=True, slots=True)
class Todo:
    """Things of one kind that await a person. `path` is the page that shows them, below /staff/."""

    kind: str  # requests, changes, completions, queries, schools
    count: int
    path: str


@dataclass(frozen=True, slots=True)
class Query:
    """A published completion about which the home school has asked something that nobody has answered."""

    completion_id: int
    course_id: CourseId
    offering_id: OfferingId


def todo(connection: Connection, catalogue: Catalogue, person: Staff, now: datetime) -> tuple[Todo, ...]:
    """What awaits the person, most pressing first; only kinds of which there is something."""
    queries = queries_waiting(connection, catalogue, person, now)
    counts = {
        ("requests", "requests"): requests_waiting(connection, person, now),
        ("changes", "changes"): _changes(connection, person.schools_for("answer_changes")),
        ("queries", f"diary/{queries[0].completion_id}" if len(queries) == 1 else "offerings"): len(queries),
        ("completions", "completions"): _unacknowledged(connection, person.schools_for("answer_completions")),
        ("schools", "network"): _guests(connection) if person.can("admit_schools") else 0,
    }
    return tuple(Todo(kind, count, path) for (kind, path), count in counts.items() if count)


def requests_waiting(connection: Connection, person: Staff, now: datetime) -> int:
    """How many requests the person has to answer by a deadline. Those in line may be answered, and are not counted."""
    mine = enrolment.c.home_school_id.in_(person.schools_for("decide"))
    asked = (commitment.c.state == "asked") & (commitment.c.answer_by_at > now) & (enrolment.c.state == "requested")
    return _count(connection, select(func.count()).select_from(enrolment.join(commitment)).where(mine, asked))


def queries_waiting(connection: Connection, catalogue: Catalogue, person: Staff, now: datetime) -> tuple[Query, ...]:
    """The questions about grades that the person may answer, by run: a teacher those of the courses that the teacher sees."""
    today = catalogue.network.day_of(now)
    found: list[Query] = []
    for school_id in person.schools_for("grade"):
        columns = (completion.c.id, enrolment.c.course_id, enrolment.c.offering_id)
        mine = (enrolment.c.offering_school_id == school_id) & _was_said("queried")
        rows = connection.execute(select(*columns).select_from(completion.join(enrolment)).where(mine).order_by(*columns[1:], columns[0]))
        hidden = hidden_courses(connection, person, school_id, today)
        found += (Query(*row) for row in rows if row.course_id not in hidden)
    return tuple(found)


def _changes(connection: Connection, school_ids: tuple[SchoolId, ...]) -> int:
    mine = enrolment.c.offering_school_id.in_(school_ids)
    return _count(connection, select(func.count()).select_from(change.join(enrolment)).where(mine, open_changes()))


def _unacknowledged(connection: Connection, school_ids: tuple[SchoolId, ...]) -> int:
    mine = enrolment.c.home_school_id.in_(school_ids) & or_(_was_said(None), _was_said("replied"))
    return _count(connection, select(func.count()).select_from(completion.join(enrolment)).where(mine))


def _was_said(last_said: str | None) -> ColumnElement[bool]:
    """The condition that a completion is the newest version published and that this was said of it last; None = nothing yet."""
    newer = tables.completion.alias("newer")
    same = (newer.c.enrolment_id == completion.c.enrolment_id) & (newer.c.version > completion.c.version)
    superseded = select(newer.c.id).where(same, newer.c.state == "published").exists()
    said = completion_answer.c.completion_id == completion.c.id
    last = select(completion_answer.c.kind).where(said).order_by(completion_answer.c.id.desc()).limit(1).scalar_subquery()
    awaits = last.is_(None) if last_said is None else last == last_said
    return (completion.c.state == "published") & ~superseded & awaits


def _guests(connection: Connection) -> int:
    return _count(connection, select(func.count()).select_from(guest_school).where(guest_school.c.state == "applied"))


def _count(connection: Connection, rows: Select[int]) -> int:
    return int(connection.execute(rows).scalar_one())
