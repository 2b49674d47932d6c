"""The completion report, the course diary: one row per student and subject of the course, with the grade or mark.

Only the newest published version of a completion counts; a draft is nobody's business yet. Those who have a seat and no grade are
in the diary too, and those who did not start or dropped out; those who left before that are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from course_catalogue.model import Catalogue, CourseId
from enrol_service.completion.grade import FAILED, IN_PROGRESS, units_of
from enrol_service.completion.shown import subject_name
from enrol_service.enrolment.enrolments import Enrolment
from enrol_service.enrolment.words import course_title
from enrol_service.refusals.base import sentence
from enrol_service.report.audience import Audience
from enrol_service.report.columns import EVERYWHERE, PRINTED, Column
from enrol_service.report.participants import ParticipantLine, numbered, participant_lines
from enrol_service.report.selection import Selection, chosen, of_subject
from enrol_service.speech import Speech
from enrol_service.state_words import STATE_WORDS
from enrol_service.tables import completion, completion_answer, event, grade
from enrol_service.tables import enrolment as rows

IDS_AT_ONCE = 500  # SQLite takes a limited number of values in one statement

ANSWER_WORDS = {
    "acknowledged": sentence("Acknowledged"),
    "queried": sentence("Queried"),
    "replied": sentence("Replied to a query"),
}
LEFT = ("withdrawn", "cancelled")
ENDED_SHORT = ("no_show", "interrupted")


@dataclass(frozen=True, slots=True)
class Published:
    """The newest published version of a completion. `answer`: what was last said of it, of ANSWER_WORDS; empty = nothing."""

    version: int
    mark: str
    missing: str
    reason: str
    assessed_on: date | None
    published_at: datetime
    answer: str


@dataclass(frozen=True, slots=True)
class SubjectResult:
    """One subject of one student's studies. `grade` is empty until one is published; `credits` are those that were gained."""

    published: Published | None
    subject_id: str
    modules: tuple[str, ...]
    grade: str
    credits: int | None

    @property
    def grade_or_mark(self) -> str:
        """The grade, or T or K in place of one; empty when nothing is published."""
        return self.grade or (self.published.mark if self.published else "")

    def told(self, fact: str) -> Any:
        """A fact of what is published, None until something is."""
        return getattr(self.published, fact) if self.published else None


@dataclass(frozen=True, slots=True)
class CompletionLine:
    """A row: a result with its student. `ended_on`: the day for which it was marked that studies did not begin or broke off."""

    seat: ParticipantLine
    result: SubjectResult
    ended_on: date | None


Line = CompletionLine


def completion_lines(
    connection: Connection, speech: Speech, audience: Audience, *conditions: Any, after: int = 0, most: int | None = None
) -> tuple[CompletionLine, ...]:
    """The rows that an audience may see, in the order of asking. `most`: so many seats, each with all its rows."""
    seats = participant_lines(connection, speech, audience, *conditions, after=after, most=most)
    results = results_of(connection, speech.catalogue, {one.place.enrolment.id: one.place.enrolment.course_id for one in seats})
    ended = ended_days(connection, speech.catalogue, [one.place.enrolment for one in seats])
    return tuple(
        CompletionLine(seat, result, ended.get(seat.place.enrolment.id)) for seat in seats for result in results[seat.place.enrolment.id]
    )


def asked(selection: Selection, audience: Audience, speech: Speech) -> tuple[Any, ...]:
    """The conditions of a selection. A grade may be in another subject than the course's own."""
    found: list[ColumnElement[bool]] = [chosen(selection, audience, speech.catalogue), in_diary()]
    if selection.subject:
        several = [course.id for course in speech.catalogue.courses.values() if _teaches(speech.catalogue, course.id, selection.subject)]
        graded = exists().where(
            completion.c.enrolment_id == rows.c.id,
            completion.c.state == "published",
            completion.c.id == grade.c.completion_id,
            grade.c.subject_id == selection.subject,
        )
        found.append(or_(of_subject(selection.subject, speech.catalogue), rows.c.course_id.in_(sorted(several)), graded))
    return tuple(found)


def in_diary() -> ColumnElement[bool]:
    """The condition that an enrolment belongs to the course diary: it was not left, or has a published completion all the same."""
    return or_(rows.c.state.not_in(LEFT), exists().where(completion.c.enrolment_id == rows.c.id, completion.c.state == "published"))


def within(selection: Selection, lines: Iterable[CompletionLine]) -> tuple[CompletionLine, ...]:
    """The rows of the chosen subject."""
    return tuple(one for one in lines if not selection.subject or one.result.subject_id == selection.subject)


def _teaches(catalogue: Catalogue, course_id: CourseId, subject_id: str) -> bool:
    return any(unit.subject_id == subject_id for unit in units_of(catalogue, catalogue.courses[course_id]))


def results_of(connection: Connection, catalogue: Catalogue, courses: Mapping[int, CourseId]) -> dict[int, tuple[SubjectResult, ...]]:
    """The results of enrolments, given with their courses: one for each graded subject, else one for each subject of the course."""
    found: dict[int, tuple[SubjectResult, ...]] = {}
    ids = list(courses)
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = ids[start : start + IDS_AT_ONCE]
        newest = {row.enrolment_id: (row.id, _published(row)) for row in connection.execute(_newest(some))}
        shares: dict[int, list[Any]] = {}
        those = grade.c.completion_id.in_([number for number, _ in newest.values()])
        for share in connection.execute(grade.select().where(those).order_by(grade.c.subject_id)):
            shares.setdefault(share.completion_id, []).append(share)
        for one in some:
            number, published = newest.get(one, (0, None))
            graded = tuple(_graded(published, share) for share in shares.get(number, ()))
            found[one] = graded or _ungraded(catalogue, courses[one], published)
    return found


def _newest(enrolment_ids: Sequence[int]) -> Any:
    """The newest published version of each, with what was last said of it."""
    other = completion.alias()
    version = select(func.max(other.c.version)).where(other.c.state == "published", other.c.enrolment_id == completion.c.enrolment_id)
    last = select(func.max(completion_answer.c.id)).where(completion_answer.c.completion_id == completion.c.id)
    said = completion_answer.alias()
    return (
        select(completion, said.c.kind.label("answer"))
        .join_from(completion, said, said.c.id == last.correlate(completion).scalar_subquery(), isouter=True)
        .where(completion.c.enrolment_id.in_(enrolment_ids), completion.c.version == version.correlate(completion).scalar_subquery())
    )


def _published(row: Any) -> Published:
    return Published(row.version, row.mark, row.missing, row.reason, row.assessed_on, row.published_at, row.answer or "")


def _graded(published: Published | None, share: Any) -> SubjectResult:
    credits = 0 if share.grade in FAILED else share.credits
    return SubjectResult(published, share.subject_id, tuple(share.modules), share.grade, credits)


def _ungraded(catalogue: Catalogue, course_id: CourseId, published: Published | None) -> tuple[SubjectResult, ...]:
    course = catalogue.courses.get(course_id)
    if course is None:
        return (SubjectResult(published, "", (), "", None),)
    return tuple(SubjectResult(published, unit.subject_id, unit.modules, "", None) for unit in units_of(catalogue, course))


def ended_days(connection: Connection, catalogue: Catalogue, enrolments: Sequence[Enrolment]) -> dict[int, date]:
    """By enrolment, the day for which it was marked that studies did not begin or broke off."""
    found: dict[int, date] = {}
    zone = catalogue.network.time_zone
    ids = [one.id for one in enrolments if one.state in ENDED_SHORT]
    columns = (event.c.enrolment_id, event.c.at, event.c.facts)
    for start in range(0, len(ids), IDS_AT_ONCE):
        those = event.c.enrolment_id.in_(ids[start : start + IDS_AT_ONCE]) & event.c.to_state.in_(ENDED_SHORT)
        for number, at, facts in connection.execute(select(*columns).where(those).order_by(event.c.id)):
            found[number] = date.fromisoformat(facts["on"]) if "on" in facts else at.astimezone(zone).date()
    return found


def _grade(line: Line) -> str | int:
    """A number where it is one, so that a spreadsheet can reckon with it."""
    told = line.result.grade_or_mark
    return int(told) if told.isdecimal() else told


def _missing(line: Line) -> str:
    published = line.result.published
    return published.missing if published and published.mark == IN_PROGRESS else ""


def _corrected(speech: Speech, line: Line) -> str:
    return speech.gettext("yes") if line.result.published and line.result.published.version > 1 else ""


def _answer(speech: Speech, line: Line) -> str:
    published = line.result.published
    return speech.gettext(ANSWER_WORDS[published.answer]) if published and published.answer else ""


COLUMNS: tuple[Column[Line], ...] = (
    Column("number", sentence("Number"), lambda s, r: numbered(s, r.seat), shapes=PRINTED, width=14),
    Column("student", sentence("Student"), lambda s, r: r.seat.student.name, shapes=EVERYWHERE, width=22),
    Column("group", sentence("Group"), lambda s, r: r.seat.student.group, shapes=PRINTED, width=8),
    Column("course_id", sentence("Course"), lambda s, r: r.seat.place.enrolment.course_id, width=28),
    Column("title", sentence("Course title"), lambda s, r: course_title(s, r.seat.place.enrolment), shapes=EVERYWHERE, width=26),
    Column("offering", sentence("Run"), lambda s, r: r.seat.place.enrolment.offering_id, shapes=PRINTED, width=13),
    Column("starts_on", sentence("Starts"), lambda s, r: r.seat.place.enrolment.starts_on, "day", width=11),
    Column(
        *("home_school", sentence("Home school"), lambda s, r: r.seat.other_school),
        sides=frozenset({"offering_school"}),
        shapes=EVERYWHERE,
        width=20,
    ),
    Column(
        *("offering_school", sentence("Offering school"), lambda s, r: r.seat.other_school),
        sides=frozenset({"home_school"}),
        shapes=EVERYWHERE,
        width=20,
    ),
    Column("subject", sentence("Subject"), lambda s, r: subject_name(s, r.result.subject_id), shapes=EVERYWHERE, width=14),
    Column("modules", sentence("Modules"), lambda s, r: " ".join(r.result.modules), shapes=PRINTED, width=14),
    Column("grade", sentence("Grade or mark"), lambda s, r: _grade(r), shapes=EVERYWHERE, width=11),
    Column("credits", sentence("Credits gained"), lambda s, r: r.result.credits, "number", shapes=EVERYWHERE, added=True, width=9),
    Column("missing", sentence("What is missing"), lambda s, r: _missing(r), width=26),
    Column("assessed", sentence("Assessed"), lambda s, r: r.result.told("assessed_on"), "day", shapes=PRINTED, width=11),
    Column("published", sentence("Published"), lambda s, r: r.result.told("published_at"), "moment", width=16),
    Column("version", sentence("Version"), lambda s, r: r.result.told("version"), "number", width=8),
    Column("corrected", sentence("Corrected"), _corrected, shapes=PRINTED, width=8),
    Column("reason", sentence("Why it was corrected"), lambda s, r: r.result.told("reason"), width=26),
    Column("contact", sentence("First contact"), lambda s, r: r.seat.place.enrolment.first_contact_on, "day", shapes=PRINTED, width=11),
    Column("state", sentence("State"), lambda s, r: s.gettext(STATE_WORDS[r.seat.place.enrolment.state]), shapes=EVERYWHERE, width=16),
    Column("ended", sentence("Did not start or dropped out"), lambda s, r: r.ended_on, "day", width=14),
    Column("answer", sentence("Home school's answer"), _answer, shapes=EVERYWHERE, width=14),
)
