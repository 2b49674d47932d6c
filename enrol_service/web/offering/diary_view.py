"""The diary as its page shows it and as its form comes back: a row for each student, with what is stored or what was typed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from enrol_service import tables
from enrol_service.completion.answer import answers, standing
from enrol_service.completion.completion import Completion, units_for, versions
from enrol_service.completion.diary import DiaryRow
from enrol_service.completion.entry import Entry, refuse_entry, tidy_entry
from enrol_service.completion.grade import Unit, allowed_grades, scale_of
from enrol_service.completion.shown import MARK_WORDS, ShownCompletion, names_of, shown, subject_name
from enrol_service.enrolment.enrolments import Enrolment, pairs
from enrol_service.enrolment.participant import Participant, has_had_seat, participant_of
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.completion import EntryRefused, EntryStale
from enrol_service.refusals.enrolling import CourseUnknown
from enrol_service.refusals.run import DayUnreadable
from enrol_service.report.completions import ended_days
from enrol_service.state_words import STATE_WORDS
from enrol_service.web.offering.own_run import OwnRun
from enrol_service.web.offering.participants_page import BADGES
from enrol_service.web.offering.typed_day import typed_day
from enrol_service.web.page import here

IN_DIARY = ("placed", "active", "completed", "failed", "interrupted", "no_show")  # states of an enrolment
NO_SHOW = "-"  # among the marks of the form; takes effect like first contact
FIELDS = ("mark", "missing", "on", "start")  # beside one field for each subject
CELL_OF = {"mark": "mark", "missing": "missing", "assessed_on": "on"}  # field of an entry → field of the form
LONGEST = 1500  # characters kept of a field as typed


@dataclass(frozen=True, slots=True)
class SubjectColumn:
    """One subject of the course: the name, what may be entered in words and as a list, and what is graded."""

    unit: Unit
    name: str
    scale: str
    allowed: str


@dataclass(frozen=True, slots=True)
class DiaryLine:
    """A student's row. `values`, `errors`: field → text as in the form. `published`: what the home school sees now."""

    enrolment: Enrolment
    student: Participant
    state: str
    badge: str
    icon: str
    ended_on: date | None  # the day for which it was marked that studies did not begin or broke off
    values: Mapping[str, str]
    seen: str
    is_open: bool  # may be entered
    is_draft: bool
    published: ShownCompletion | None
    awaits_reply: bool
    errors: Mapping[str, str]
    refused: str  # a sentence about the whole row
    stored: str  # what is stored now, where it is another than was typed
    chosen: bool
    was: str  # tells whether a form has changed the row: made of what is stored; empty = it has


def digest(values: Mapping[str, str]) -> str:
    """Of the fields that are not empty."""
    text = "\x1f".join(f"{name}\x1e{values[name]}" for name in sorted(values) if values[name])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def subject_columns(run: OwnRun, lines: Iterable[Enrolment]) -> tuple[SubjectColumn, ...]:
    """The subjects of the run's course; none when the content has it no more."""
    speech = here().speech
    first = next(iter(lines), None)
    try:
        units = units_for(here().catalogue, first) if first else ()
    except CourseUnknown:
        return ()
    return tuple(SubjectColumn(one, subject_name(speech, one.subject_id), scale_of(one), " ".join(allowed_grades(one))) for one in units)


def diary_lines(connection: Connection, run: OwnRun) -> tuple[tuple[SubjectColumn, ...], tuple[DiaryLine, ...]]:
    """The columns and the rows of a run's diary as stored, in order of name. The number of queries does not grow with the rows."""
    at = here()
    found = [one for one, _ in pairs(connection, *run.condition, tables.enrolment.c.state.in_(IN_DIARY), has_had_seat())]
    columns = subject_columns(run, found)
    all_versions = versions(connection, [one.id for one in found], published=False)
    published = {one: done for one, every in all_versions.items() if (done := _published(every)) is not None}
    names = names_of(connection, published.values())
    said = answers(connection, [one.id for one in published.values()])
    ended = ended_days(connection, at.catalogue, found)
    lines = []
    for enrolment in found:
        newest = all_versions.get(enrolment.id, (None,))[-1]
        done = published.get(enrolment.id)
        line = _line(enrolment, columns, newest, shown(at.speech, done, names) if done else None)
        asks = done is not None and standing(said.get(done.id, ())) == "queried"
        lines.append(replace(line, awaits_reply=asks, ended_on=ended.get(enrolment.id)))
    return columns, tuple(sorted(lines, key=lambda line: line.student.name.casefold()))


def _published(every: Iterable[Completion]) -> Completion | None:
    return next((one for one in reversed(tuple(every)) if one.state == "published"), None)


def _line(
    enrolment: Enrolment, columns: tuple[SubjectColumn, ...], newest: Completion | None, published: ShownCompletion | None
) -> DiaryLine:
    at = here()
    look, icon = BADGES[enrolment.state]
    draft = newest if newest is not None and newest.state == "draft" else None
    values = _values(columns, draft)
    return DiaryLine(
        enrolment=enrolment,
        student=participant_of(enrolment, at.catalogue, at.language),
        state=at.speech.gettext(STATE_WORDS[enrolment.state]),
        badge=look,
        icon=icon,
        ended_on=None,
        values=values,
        seen=newest.stamp if newest else "",
        is_open=bool(columns) and enrolment.state != "no_show" and not (newest is not None and newest.is_ended),
        is_draft=draft is not None,
        published=published,
        awaits_reply=False,
        errors={},
        refused="",
        stored="",
        chosen=False,
        was=digest(values),
    )


def _values(columns: tuple[SubjectColumn, ...], draft: Completion | None) -> Mapping[str, str]:
    entry = draft.entry() if draft else Entry({})
    by_subject = {column.unit.subject_id: entry.grades.get(column.unit.subject_id, "") for column in columns}
    day = entry.assessed_on.isoformat() if entry.assessed_on else ""
    return {**by_subject, "mark": entry.mark, "missing": entry.missing, "on": day, "start": ""}


@dataclass(frozen=True, slots=True)
class Typed:
    """A row as it came back. `unreadable`: fields of days that are none."""

    line: DiaryLine
    values: Mapping[str, str]
    row: DiaryRow
    unreadable: tuple[str, ...]


def typed_rows(form: MultiDict[str, str], columns: tuple[SubjectColumn, ...], lines: Iterable[DiaryLine]) -> tuple[Typed, ...]:
    """The rows that the form holds. A row whose fields it does not hold is no part of it."""
    return tuple(_typed(form, columns, line) for line in lines if f"seen-{line.enrolment.id}" in form)


def _typed(form: MultiDict[str, str], columns: tuple[SubjectColumn, ...], line: DiaryLine) -> Typed:
    number = line.enrolment.id
    names = [*(column.unit.subject_id for column in columns), *FIELDS]
    values = {name: form.get(f"{name}-{number}", "").strip()[:LONGEST] for name in names}
    days = {name: typed_day(values[name]) for name in ("on", "start")}
    unreadable = tuple(name for name, day in days.items() if day is None and values[name])
    missed = values["mark"] == NO_SHOW
    entry = tidy_entry(
        {column.unit.subject_id: values[column.unit.subject_id] for column in columns},
        "" if missed else values["mark"],
        values["missing"],
        days["on"],
        form.get(f"seen-{number}", "")[:100],
    )
    entry_values = {**values, "start": ""}
    touched = form.get(f"was-{number}", "") != digest(entry_values)
    return Typed(line, values, DiaryRow(number, entry, touched and not missed, days["start"], missed), unreadable)


def refused_line(line: DiaryLine, typed: Typed, refusal: Refusal, *, chosen: bool) -> DiaryLine:
    """The row with what was typed, and what is wrong with it: at the cells, or with the row."""
    said = here().speech.say
    errors: dict[str, str] = {}
    about_row = ""
    if isinstance(refusal, EntryRefused):
        errors = {CELL_OF.get(field, field): said(one) for field, one in refusal.fields}
    else:
        about_row = said(refusal)
    stored = _in_short(line) if isinstance(refusal, EntryStale) or not line.is_open else ""
    return replace(line, values=typed.values, errors=errors, refused=about_row, stored=stored, chosen=chosen, was="")


def judged_line(line: DiaryLine, columns: tuple[SubjectColumn, ...]) -> DiaryLine:
    """The row with what is wrong with the grades in it, before anybody has sent it."""
    subjects = [column.unit.subject_id for column in columns]
    entry = tidy_entry({one: line.values[one] for one in subjects}, line.values["mark"], line.values["missing"])
    try:
        refuse_entry(entry, tuple(column.unit for column in columns), here().today, whole=False)
    except EntryRefused as refusal:
        return replace(line, errors={field: here().speech.say(one) for field, one in refusal.fields if field in subjects})
    return line


def unreadable_line(typed: Typed, *, chosen: bool) -> DiaryLine:
    """The row with days that cannot be read."""
    sentence = here().speech.say(DayUnreadable())
    return replace(typed.line, values=typed.values, errors=dict.fromkeys(typed.unreadable, sentence), chosen=chosen, was="")


def _in_short(line: DiaryLine) -> str:
    """What is stored, in a few letters: `FY 8`, `T koe`."""
    grades = [f"{name} {value}" for name, value in line.values.items() if value and name not in FIELDS]
    if line.published is not None and not line.is_open:
        grades = [f"{one.subject} {one.grade}" for one in line.published.grades] or [line.published.mark_words]
    mark = line.values["mark"]
    words = [here().speech.gettext(MARK_WORDS[mark])] if mark in MARK_WORDS else []
    return ", ".join([*grades, *words]) or "–"
