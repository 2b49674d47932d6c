"""What is entered is judged whole: every wrong cell is told, and nothing that the rules refuse is ever taken."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrol_service.completion.entry import Entry, refuse_entry, tidy_entry
from enrol_service.completion.grade import MARKS, SCALE, Unit, refused_because
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
from enrol_service.refusals.enrolling import IdentityCodeFound, TextTooLong, TextUnprintable
from enrol_service.refusals.run import DayInFuture

TODAY = date(2026, 11, 23)
TWO = (Unit("FI", ("FI1",), 2), Unit("YH", ("YH1",), 2))


def refused(entry: Entry, *, whole: bool) -> list[tuple[str, type[Refusal]]]:
    try:
        refuse_entry(entry, TWO, TODAY, whole=whole)
    except EntryRefused as found:
        return [(field, type(refusal)) for field, refusal in found.fields]
    return []


BOTH = {"FI": "8", "YH": "S"}


@pytest.mark.parametrize(
    ("entry", "as_draft", "as_whole"),
    [
        (Entry({}), [], [("FI", NothingEntered)]),
        (Entry(BOTH), [], []),
        (Entry({"FI": "8"}), [], [("YH", GradeMissing)]),
        (Entry({"FI": "11", "YH": "O"}), [("FI", GradeUnknown), ("YH", object)], None),
        (Entry({"FY": "8"}), [("FY", GradeUnknown)], None),
        (Entry({}, "T"), [], [("missing", MissingUnsaid)]),
        (Entry({}, "T", "koe"), [], []),
        (Entry({}, "K"), [], []),
        (Entry({}, "X"), [("mark", MarkUnknown)], None),
        (Entry(BOTH, "T", "koe"), [("mark", MarkWithGrades)], None),
        (Entry({"FI": "8"}, "K"), [("mark", MarkWithGrades)], None),
        (Entry(BOTH, "", "koe"), [], [("mark", MissingWithoutMark)]),
        (Entry({}, "K", "koe"), [], [("mark", MissingWithoutMark)]),
        (Entry({}, "T", "a" * 501), [("missing", TextTooLong)], None),
        (Entry({}, "T", "a\u202eb"), [("missing", TextUnprintable)], None),
        (Entry({}, "T", "131052-308T"), [("missing", IdentityCodeFound)], None),
        (Entry(BOTH, assessed_on=TODAY), [], []),
        (Entry(BOTH, assessed_on=TODAY + timedelta(days=1)), [("assessed_on", DayInFuture)], None),
    ],
)
def test_each_wrong_cell_is_told(entry: Entry, as_draft: list[tuple[str, type]], as_whole: list[tuple[str, type]] | None) -> None:
    for whole, expected in ((False, as_draft), (True, as_draft if as_whole is None else as_whole)):
        found = refused(entry, whole=whole)
        assert [field for field, _ in found] == [field for field, _ in expected]
        assert all(issubclass(one, wanted) for (_, one), (_, wanted) in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("grades", "mark", "entry"),
    [
        ({"FI": " s ", "YH": ""}, "", Entry({"FI": "S"})),
        ({"FI": "t"}, "", Entry({}, "T")),
        ({"FI": "K", "YH": "K"}, "", Entry({}, "K")),
        ({"FI": "K", "YH": "K"}, "K", Entry({}, "K")),
        ({"FI": "8", "YH": "T"}, "", Entry({"FI": "8"}, "T")),
        ({"FI": "T", "YH": "K"}, "", Entry({"FI": "T", "YH": "K"})),
        ({"FI": "T"}, "K", Entry({"FI": "T"}, "K")),
    ],
)
def test_a_mark_may_be_typed_in_a_grades_place(grades: dict[str, str], mark: str, entry: Entry) -> None:
    assert tidy_entry(grades, mark, "") == entry


ANY_TYPED = st.one_of(st.sampled_from([*SCALE, *MARKS, "", "s", " 9 ", "11", "O", "٨"]), st.text(max_size=4))
ANY_UNIT = st.builds(
    Unit,
    st.sampled_from(["FY", "OP", "LI", "EA", "YR"]),
    st.sampled_from([(), ("FY4",), ("OP1",), ("LI1", "LI2"), ("VKB31", "VKB32"), ("OP1", "FY4")]),
    st.integers(0, 8),
)


@given(
    units=st.lists(ANY_UNIT, min_size=1, max_size=3, unique_by=lambda one: one.subject_id),
    typed=st.lists(ANY_TYPED, min_size=4, max_size=4),
    mark=ANY_TYPED,
    missing=st.text(max_size=20),
    ahead=st.integers(-30, 30),
)
def test_nothing_is_taken_that_the_rules_refuse(units: list[Unit], typed: list[str], mark: str, missing: str, ahead: int) -> None:
    subjects = [*(unit.subject_id for unit in units), "XX"]
    entry = tidy_entry(dict(zip(subjects, typed, strict=False)), mark, missing, TODAY + timedelta(days=ahead))
    try:
        refuse_entry(entry, tuple(units), TODAY, whole=True)
    except EntryRefused:
        return
    by_subject = {unit.subject_id: unit for unit in units}
    assert all(refused_because(by_subject[subject], grade) is None for subject, grade in entry.grades.items())
    assert entry.mark in ("", *MARKS)
    assert bool(entry.mark) != (set(entry.grades) == set(by_subject))
    assert (entry.mark == "T") == bool(entry.missing)
    assert ahead <= 0
