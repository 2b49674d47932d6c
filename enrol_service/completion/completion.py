"""A completion: what the teacher has said of one student's studies. Each correction is a new version; no version ever changes.

A draft is the newest version until it is published, and nobody but the offering school sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Connection, select

from course_catalogue.model import Catalogue
from enrol_service.completion.entry import Entry, refuse_entry
from enrol_service.completion.grade import Unit, units_of
from enrol_service.enrolment.enrolments import Enrolment, read_enrolment
from enrol_service.events import Actor
from enrol_service.refusals.completion import AlreadyPublished, EntryStale, NotAssessable
from enrol_service.refusals.enrolling import CourseUnknown
from enrol_service.tables import completion as rows
from enrol_service.tables import grade as grade_rows

ASSESSABLE = frozenset({"placed", "active", "completed", "failed", "interrupted"})


@dataclass(frozen=True, slots=True)
class Grade:
    """One subject's grade, with what it was given for. `modules` are national codes; credits are whole."""

    subject_id: str
    grade: str
    credits: int
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Completion:
    """A version. `mark` is T in progress or K interrupted, and then there are no grades; see tables.py for each column."""

    id: int
    enrolment_id: int
    version: int
    state: str
    mark: str
    missing: str
    reason: str
    assessed_on: date | None
    written_at: datetime
    published_at: datetime | None
    written_by_id: int
    grades: tuple[Grade, ...]

    @property
    def stamp(self) -> str:
        """What differs whenever something has been written since."""
        return f"{self.version}.{int(self.written_at.astimezone(UTC).timestamp() * 1_000_000)}.{self.state}"

    @property
    def is_ended(self) -> bool:
        """Whether the studies are over: from then on only a correction changes anything."""
        return self.state == "published" and self.mark != "T"

    def entry(self) -> Entry:
        """What was entered."""
        return Entry({one.subject_id: one.grade for one in self.grades}, self.mark, self.missing, self.assessed_on)

    def says(self, entry: Entry) -> bool:
        """Whether the entry says the same. An entry without a day says nothing of the day."""
        mine = self.entry()
        return entry.assessed_on in (None, mine.assessed_on) and replace(entry, assessed_on=mine.assessed_on, seen=None) == mine


COLUMNS = tuple(rows.c[name] for name in Completion.__slots__ if name != "grades")


def latest(connection: Connection, enrolment_ids: Iterable[int], *, published: bool = True) -> Mapping[int, Completion]:
    """The newest version of each enrolment that has one. `published`: drafts do not count."""
    found = {}
    for enrolment_id, all_versions in versions(connection, enrolment_ids, published=published).items():
        found[enrolment_id] = all_versions[-1]
    return found


def versions(connection: Connection, enrolment_ids: Iterable[int], *, published: bool = True) -> Mapping[int, tuple[Completion, ...]]:
    """Every version of each enrolment, oldest first."""
    found: dict[int, tuple[Completion, ...]] = {}
    wanted: list[ColumnElement[bool]] = [rows.c.enrolment_id.in_(sorted(set(enrolment_ids)))]
    if published:
        wanted.append(rows.c.state == "published")
    for one in _read(connection, *wanted):
        found[one.enrolment_id] = (*found.get(one.enrolment_id, ()), one)
    return found


def read_completion(connection: Connection, completion_id: int) -> Completion | None:
    """A published version by its number."""
    return next(iter(_read(connection, rows.c.id == completion_id, rows.c.state == "published")), None)


def _read(connection: Connection, *conditions: ColumnElement[bool]) -> list[Completion]:
    graded = select(grade_rows.c.completion_id, grade_rows.c.subject_id, grade_rows.c.grade, grade_rows.c.credits, grade_rows.c.modules)
    grades: dict[int, list[Grade]] = {}
    for completion_id, subject_id, value, credits, modules in connection.execute(graded.join_from(grade_rows, rows).where(*conditions)):
        grades.setdefault(completion_id, []).append(Grade(subject_id, value, credits, tuple(modules)))
    found = connection.execute(select(*COLUMNS).where(*conditions).order_by(rows.c.enrolment_id, rows.c.version))
    return [Completion(**row._mapping, grades=tuple(grades.get(row.id, ()))) for row in found]


def units_for(catalogue: Catalogue, enrolment: Enrolment) -> tuple[Unit, ...]:
    """What is graded on the course of an enrolment. Refuses with CourseUnknown when the content has it no more."""
    course = catalogue.courses.get(enrolment.course_id)
    if course is None:
        raise CourseUnknown
    return units_of(catalogue, course)


def write_draft(connection: Connection, catalogue: Catalogue, enrolment_id: int, entry: Entry, actor: Actor, now: datetime) -> bool:
    """Save what has been entered so far; False when nothing is different. An empty entry removes the draft.

    Refuses with NotAssessable, AlreadyPublished, EntryStale and EntryRefused. Call inside a write transaction.
    """
    enrolment = read_enrolment(connection, enrolment_id)
    newest = latest(connection, [enrolment_id], published=False).get(enrolment_id)
    if newest is not None and newest.says(entry):
        return False
    if entry.is_empty and (newest is None or newest.state == "published"):
        return False
    if enrolment.state not in ASSESSABLE:
        raise NotAssessable
    if newest is not None and newest.is_ended:
        raise AlreadyPublished
    refuse_stale(entry, newest)
    units = units_for(catalogue, enrolment)
    refuse_entry(entry, units, catalogue.network.day_of(now), whole=False)
    draft = newest if newest is not None and newest.state == "draft" else None
    if draft is not None:
        delete_draft(connection, draft.id)
    if not entry.is_empty:
        version = draft.version if draft else newest.version + 1 if newest else 1
        store(connection, enrolment_id, version, entry, units, actor, now)
    return True


def refuse_stale(entry: Entry, newest: Completion | None) -> None:
    """Refuse with EntryStale an entry whose writer saw another version than the newest."""
    if entry.seen is not None and entry.seen != (newest.stamp if newest else ""):
        raise EntryStale


def store(
    connection: Connection,
    enrolment_id: int,
    version: int,
    entry: Entry,
    units: tuple[Unit, ...],
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
) -> int:
    """Write a new version as a draft; its number."""
    row = rows.insert().values(
        enrolment_id=enrolment_id,
        version=version,
        state="draft",
        mark=entry.mark,
        missing=entry.missing,
        reason=reason,
        assessed_on=entry.assessed_on,
        written_at=now,
        written_by_id=actor.account_id,
    )
    completion_id = int(connection.execute(row.returning(rows.c.id)).scalar_one())
    for unit in units:
        if unit.subject_id in entry.grades:
            given = {"grade": entry.grades[unit.subject_id], "credits": unit.credits, "modules": list(unit.modules)}
            connection.execute(grade_rows.insert().values(completion_id=completion_id, subject_id=unit.subject_id, **given))
    return completion_id


def delete_draft(connection: Connection, completion_id: int) -> None:
    """Remove a draft with its grades; a published version is never removed."""
    connection.execute(grade_rows.delete().where(grade_rows.c.completion_id == completion_id))
    connection.execute(rows.delete().where((rows.c.id == completion_id) & (rows.c.state == "draft")))
