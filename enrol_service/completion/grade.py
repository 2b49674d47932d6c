"""The rules of grades: which subjects of a course are graded, on which scale, and what the grades come to.

One grade per subject (Lukion opetussuunnitelman perusteet 2019, "Opintojakson arviointi"). National modules get a number from 4 to
10; S and H are for whole subjects only where the extent is short, for guidance and for physical education ("Numeroarvosanat ja
suoritusmerkinnät"). The scale's codes are Koski's `arviointiasteikkoyleissivistava`. T and K are local marks and no grades.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from course_catalogue.model import Catalogue, Course
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.completion import GradeUnknown, NumberNeeded, PassedOrFailed, TookPartOnlyInLocal

Result = Literal["completed", "failed"]

NUMBERS = ("4", "5", "6", "7", "8", "9", "10")
PASSED, DID_NOT_PASS, TOOK_PART = "S", "H", "O"  # suoritettu, hylätty, osallistunut
SCALE = (*NUMBERS, PASSED, DID_NOT_PASS, TOOK_PART)
FAILED = frozenset({"4", DID_NOT_PASS})

IN_PROGRESS, INTERRUPTED = "T", "K"
MARKS = (IN_PROGRESS, INTERRUPTED)

ONLY_LETTERS = frozenset({"OP1", "OP2"})  # guidance has no numbers
LETTERS_TOO = frozenset({"OP", "LI"})  # subjects where a student may ask for S instead of a number
SHORT = 2  # credits: a subject of at most so many may have S
SHORT_LANGUAGE = 4  # credits, of an optional language
OPTIONAL_LANGUAGE = re.compile(r"(?:VK|VKAA|SM|LA|RU|FIN)B[23][0-9]+")  # B2 and B3 syllabi

# The modules of foreign languages are common to all of them; the language is the subject of the course.
ANY_LANGUAGE = "VK"


@dataclass(frozen=True, slots=True)
class Unit:
    """A subject's share of a course: what one grade is given for. `modules` are national codes, none of a local unit; credits are whole."""

    subject_id: str
    modules: tuple[str, ...]
    credits: int


def units_of(catalogue: Catalogue, course: Course) -> tuple[Unit, ...]:
    """The subjects of a course, each with its modules and credits, in order of first module.

    What the course gives beyond its modules belongs to its own subject: a local unit of it when no module is of that subject.
    """
    modules: dict[str, list[str]] = {}
    for code in course.modules:
        modules.setdefault(_subject_of(catalogue, course, code), []).append(code)
    credits = {subject: sum(catalogue.modules[code].credits or 0 for code in codes) for subject, codes in modules.items()}
    rest = course.credits - sum(credits.values())
    if rest > 0 or course.subject_id in modules or not modules:
        modules.setdefault(course.subject_id, [])
        credits[course.subject_id] = max(0, credits.get(course.subject_id, 0) + rest)
    return tuple(Unit(subject, tuple(codes), credits[subject]) for subject, codes in modules.items())


def _subject_of(catalogue: Catalogue, course: Course, code: str) -> str:
    subject = catalogue.modules[code].subject_id
    return course.subject_id if subject == ANY_LANGUAGE else subject


def allowed_grades(unit: Unit) -> tuple[str, ...]:
    """The grades that the unit may be given, in the order of the scale."""
    if not unit.modules:
        return SCALE
    if set(unit.modules) <= ONLY_LETTERS:
        return (PASSED, DID_NOT_PASS)
    return (*NUMBERS, PASSED, DID_NOT_PASS) if _may_have_letters(unit) else NUMBERS


def scale_of(unit: Unit) -> str:
    """What may be entered, in short: `4–10`, `4–10, S, H`, `S, H`."""
    allowed = allowed_grades(unit)
    letters = [one for one in allowed if not one.isdecimal()]
    return ", ".join([*(["4–10"] if "10" in allowed else []), *letters])


def _may_have_letters(unit: Unit) -> bool:
    most = SHORT_LANGUAGE if all(OPTIONAL_LANGUAGE.fullmatch(code) for code in unit.modules) else SHORT
    return unit.subject_id in LETTERS_TOO or unit.credits <= most


def refused_because(unit: Unit, grade: str) -> Refusal | None:
    """Why a grade cannot be given for the unit, or None."""
    if grade not in SCALE:
        return GradeUnknown(scale=scale_of(unit))
    allowed = allowed_grades(unit)
    if grade in allowed:
        return None
    if grade == TOOK_PART:
        return TookPartOnlyInLocal()
    return NumberNeeded() if NUMBERS[0] in allowed else PassedOrFailed()


def read_grade(typed: str) -> str:
    """A grade or mark as typed, in the form in which it is kept: `s` and ` 9 ` are S and 9."""
    return typed.strip().upper()


def outcome(grades: Iterable[str]) -> Result:
    """What the grades of all subjects of a course come to: failed when any subject failed."""
    return "failed" if FAILED & set(grades) else "completed"


def is_worse(new: Mapping[str, str], old: Mapping[str, str]) -> bool:
    """Whether any subject's grade is lower than before. A number and a letter compare only by whether they pass."""
    return any(_is_lower(new[subject], grade) for subject, grade in old.items() if subject in new)


def _is_lower(new: str, old: str) -> bool:
    if new in NUMBERS and old in NUMBERS:
        return int(new) < int(old)
    return new in FAILED and old not in FAILED
