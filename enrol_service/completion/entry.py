"""What a teacher enters of one student: grades by subject or a mark, what is missing, the day. Judged here, all of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from enrol_service.completion.grade import IN_PROGRESS, MARKS, SCALE, Unit, read_grade, refused_because
from enrol_service.enrolment.free_text import judged, tidied
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.completion import (
    EntryRefused,
    GradeMissing,
    GradeUnknown,
    MarkUnknown,
    MarkWithGrades,
    MissingUnsaid,
    MissingWithoutMark,
    NothingEntered,
)
from enrol_service.refusals.run import DayInFuture

LONGEST_MISSING = 500  # characters


@dataclass(frozen=True, slots=True)
class Entry:
    """One student's row as entered. `grades`: subject → grade, those not given left out. No day is today.

    `seen` is the stamp of the completion that the writer saw, empty when there was none; None = whoever writes has seen nothing.
    """

    grades: Mapping[str, str]
    mark: str = ""
    missing: str = ""
    assessed_on: date | None = None
    seen: str | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.grades or self.mark or self.missing or self.assessed_on)


def tidy_entry(grades: Mapping[str, str], mark: str, missing: str, assessed_on: date | None = None, seen: str | None = None) -> Entry:
    """An entry of what was typed: small letters and spaces do not matter, and a T or K in the only grade's place is the mark."""
    read = {subject: grade for subject, typed in grades.items() if (grade := read_grade(typed))}
    marked = {grade for grade in read.values() if grade in MARKS}
    if len(marked) == 1 and mark in ("", *marked):
        mark = marked.pop()
        read = {subject: grade for subject, grade in read.items() if grade not in MARKS}
    return Entry(read, read_grade(mark), tidied(missing), assessed_on, seen)


def refuse_entry(entry: Entry, units: tuple[Unit, ...], today: date, *, whole: bool) -> None:
    """Refuse with EntryRefused, which holds every cell that must be mended. `whole`: nothing may be left open."""
    refused = [*_refused_grades(entry, units), *_refused_mark(entry)]
    if entry.assessed_on is not None and entry.assessed_on > today:
        refused.append(("assessed_on", DayInFuture()))
    if whole and not refused:
        refused += _left_open(entry, units)
    if refused:
        raise EntryRefused(tuple(refused))


def _refused_grades(entry: Entry, units: tuple[Unit, ...]) -> list[tuple[str, Refusal]]:
    by_subject = {unit.subject_id: unit for unit in units}
    found: list[tuple[str, Refusal]] = []
    for subject, grade in entry.grades.items():
        refusal = refused_because(by_subject[subject], grade) if subject in by_subject else GradeUnknown(scale=", ".join(SCALE))
        if refusal is not None:
            found.append((subject, refusal))
    return found


def _refused_mark(entry: Entry) -> list[tuple[str, Refusal]]:
    found: list[tuple[str, Refusal]] = []
    if entry.mark not in ("", *MARKS):
        found.append(("mark", MarkUnknown()))
    elif entry.mark and entry.grades:
        found.append(("mark", MarkWithGrades()))
    if (refusal := judged(entry.missing, most=LONGEST_MISSING)) is not None:
        found.append(("missing", refusal))
    return found


def _left_open(entry: Entry, units: tuple[Unit, ...]) -> list[tuple[str, Refusal]]:
    if entry.mark == IN_PROGRESS:
        return [] if entry.missing else [("missing", MissingUnsaid())]
    if entry.missing:
        return [("mark", MissingWithoutMark())]
    if entry.mark:
        return []
    open_ones = [unit.subject_id for unit in units if unit.subject_id not in entry.grades]
    if len(open_ones) == len(units):
        return [(open_ones[0], NothingEntered())]
    return [(subject, GradeMissing()) for subject in open_ones]
