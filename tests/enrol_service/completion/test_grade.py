"""The rules of grades, each case worked out by hand from the national core curriculum."""

from __future__ import annotations

import dataclasses

import pytest

from course_catalogue.model import Course, Module, Text
from enrol_service.completion.grade import SCALE, Unit, allowed_grades, is_worse, outcome, read_grade, refused_because, units_of
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.completion import GradeUnknown, NumberNeeded, PassedOrFailed, TookPartOnlyInLocal
from tests.enrol_service.cast import CATALOGUE, FY4

# Code, subject and credits as in the national list.
MODULES = {
    code: Module(code, Text("fi", {"fi": code}), subject, credits)
    for code, subject, credits in (
        ("FY4", "FY", 2),
        ("FY5", "FY", 2),
        ("FI1", "FI", 2),
        ("YH1", "YH", 2),
        ("MAY1", "MAY", 2),
        ("OP1", "OP", 2),
        ("OP2", "OP", 2),
        ("LI1", "LI", 2),
        ("LI2", "LI", 2),
        ("VKB31", "VK", 2),
        ("VKB32", "VK", 2),
        ("VKA6", "VK", 2),
        ("LVS1", "LV", None),
    )
}
CATALOGUE_WITH = dataclasses.replace(CATALOGUE, modules=MODULES)


def course(subject_id: str, modules: tuple[str, ...], credits: int) -> Course:
    return dataclasses.replace(CATALOGUE.courses[FY4], subject_id=subject_id, modules=modules, credits=credits)


@pytest.mark.parametrize(
    ("subject_id", "modules", "credits", "units"),
    [
        ("FY", ("FY4",), 2, [Unit("FY", ("FY4",), 2)]),
        ("FY", ("FY4", "FY5"), 4, [Unit("FY", ("FY4", "FY5"), 4)]),
        ("FI", ("FI1", "YH1"), 4, [Unit("FI", ("FI1",), 2), Unit("YH", ("YH1",), 2)]),
        ("FY", ("FY4",), 3, [Unit("FY", ("FY4",), 3)]),  # one credit of the course's own
        ("TO", ("FY4", "YH1"), 5, [Unit("FY", ("FY4",), 2), Unit("YH", ("YH1",), 2), Unit("TO", (), 1)]),
        ("TO", ("FY4", "YH1"), 4, [Unit("FY", ("FY4",), 2), Unit("YH", ("YH1",), 2)]),  # nothing is left for the own subject
        ("FY", ("FY4", "YH1"), 3, [Unit("FY", ("FY4",), 1), Unit("YH", ("YH1",), 2)]),  # fewer, with a reason
        ("YR", (), 1, [Unit("YR", (), 1)]),
        ("EA", ("VKB31", "VKB32"), 4, [Unit("EA", ("VKB31", "VKB32"), 4)]),  # Spanish, by the modules of any language
        ("VK", ("VKA6",), 2, [Unit("VK", ("VKA6",), 2)]),
        ("LV", ("LVS1",), 2, [Unit("LV", ("LVS1",), 2)]),  # a module without credits of its own
    ],
)
def test_a_course_is_graded_by_subject(subject_id: str, modules: tuple[str, ...], credits: int, units: list[Unit]) -> None:
    assert list(units_of(CATALOGUE_WITH, course(subject_id, modules, credits))) == units


NUMBERS = ["4", "5", "6", "7", "8", "9", "10"]


@pytest.mark.parametrize(
    ("unit", "allowed"),
    [
        (Unit("FY", ("FY4", "FY5"), 4), NUMBERS),
        (Unit("FY", ("FY4",), 2), [*NUMBERS, "S", "H"]),  # two credits are short
        (Unit("MAA", ("MAA6",), 3), NUMBERS),
        (Unit("ÄI", ("ÄI2",), 1), [*NUMBERS, "S", "H"]),
        (Unit("OP", ("OP1",), 2), ["S", "H"]),
        (Unit("OP", ("OP1", "OP2"), 4), ["S", "H"]),
        (Unit("LI", ("LI1", "LI2"), 4), [*NUMBERS, "S", "H"]),
        (Unit("EA", ("VKB31", "VKB32"), 4), [*NUMBERS, "S", "H"]),  # an optional language up to four credits
        (Unit("EA", ("VKB31", "VKB32", "VKB33"), 6), NUMBERS),
        (Unit("SM", ("SMB21", "SMB22"), 4), [*NUMBERS, "S", "H"]),
        (Unit("SA", ("VKA5", "VKA6"), 4), NUMBERS),  # not optional
        (Unit("RU", ("RUB11", "RUB12"), 4), NUMBERS),  # the second national language is not optional
        (Unit("MAB", ("MAB2", "MAB3"), 4), NUMBERS),  # mathematics, whatever its letters
        (Unit("YR", (), 1), [*NUMBERS, "S", "H", "O"]),
        (Unit("TO", (), 6), [*NUMBERS, "S", "H", "O"]),  # a local unit of any extent
    ],
)
def test_the_scale_of_a_unit(unit: Unit, allowed: list[str]) -> None:
    assert list(allowed_grades(unit)) == allowed


LONG, SHORT, GUIDANCE, LOCAL = Unit("FY", ("FY4", "FY5"), 4), Unit("FY", ("FY4",), 2), Unit("OP", ("OP1",), 2), Unit("YR", (), 1)


@pytest.mark.parametrize(
    ("unit", "grade", "refused"),
    [
        (LONG, "8", None),
        (LONG, "S", NumberNeeded),
        (LONG, "H", NumberNeeded),
        (LONG, "O", TookPartOnlyInLocal),
        (SHORT, "S", None),
        (SHORT, "O", TookPartOnlyInLocal),
        (GUIDANCE, "8", PassedOrFailed),
        (GUIDANCE, "O", TookPartOnlyInLocal),
        (GUIDANCE, "S", None),
        (LOCAL, "O", None),
        (LOCAL, "9", None),
        *((LOCAL, typed, GradeUnknown) for typed in ("3", "11", "0", "-8", "8.5", "8-", "s", "T", "K", "", "X", "08", "٨", "10 ")),
    ],
)
def test_a_grade_is_refused_with_its_reason(unit: Unit, grade: str, refused: type[Refusal] | None) -> None:
    found = refused_because(unit, grade)
    assert (type(found) if found else None) is refused


@pytest.mark.parametrize("unit", [LONG, SHORT, GUIDANCE, LOCAL])
def test_exactly_the_allowed_grades_are_not_refused(unit: Unit) -> None:
    assert tuple(grade for grade in SCALE if refused_because(unit, grade) is None) == allowed_grades(unit)


@pytest.mark.parametrize(("typed", "kept"), [("s", "S"), (" 9 ", "9"), ("10", "10"), ("h\u00a0", "H"), ("t", "T"), ("", "")])
def test_small_letters_and_spaces_do_not_matter(typed: str, kept: str) -> None:
    assert read_grade(typed) == kept


@pytest.mark.parametrize(
    ("grades", "result"),
    [
        (["5"], "completed"),
        (["4"], "failed"),
        (["H"], "failed"),
        (["S"], "completed"),
        (["O"], "completed"),
        (["10", "4"], "failed"),
        (["8", "S"], "completed"),
    ],
)
def test_one_failed_subject_fails_the_course(grades: list[str], result: str) -> None:
    assert outcome(grades) == result


@pytest.mark.parametrize(
    ("old", "new", "worse"),
    [
        ({"FY": "7"}, {"FY": "8"}, False),
        ({"FY": "7"}, {"FY": "7"}, False),
        ({"FY": "10"}, {"FY": "9"}, True),
        ({"FY": "4"}, {"FY": "5"}, False),
        ({"FI": "8", "YH": "8"}, {"FI": "9", "YH": "7"}, True),
        ({"FY": "S"}, {"FY": "H"}, True),
        ({"FY": "S"}, {"FY": "4"}, True),
        ({"FY": "S"}, {"FY": "5"}, False),  # a letter and a number: both pass
        ({"FY": "H"}, {"FY": "4"}, False),
        ({"FY": "6"}, {"FY": "S"}, False),
    ],
)
def test_whether_a_retake_would_lower_a_grade(old: dict[str, str], new: dict[str, str], worse: bool) -> None:
    assert is_worse(new, old) is worse
