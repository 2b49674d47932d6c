"""Lists as teachers copy them: from a spreadsheet, from a mail, with names either way round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrol_service.completion.grade_list import Listed, read_list

VEETI = Listed(1, "Veeti Korhonen", "veeti@strand.example", "T-2026-00001")
AADA = Listed(2, "Aada Äijälä", "aada@strand.example", "T-2026-00002")
NAMESAKE = Listed(3, "Aada Äijälä", "aada.a@strand.example", "T-2026-00003")
HIDDEN = Listed(4, "Opiskelija 7K2Q", "", "T-2026-00004")
CLASS = (VEETI, AADA, HIDDEN)


def read(text: str, students: tuple[Listed, ...] = CLASS, subjects: int = 1) -> list[tuple[int | None, tuple[str, ...]]]:
    return [(line.found.enrolment_id if line.found else None, line.grades) for line in read_list(text, students, subjects)]


@pytest.mark.parametrize(
    ("text", "subjects", "lines"),
    [
        ("Veeti Korhonen\t8\nAada Äijälä\t9", 1, [(1, ("8",)), (2, ("9",))]),
        ("KORHONEN Veeti;8\r\nÄijälä, Aada;S\r\n", 1, [(1, ("8",)), (2, ("S",))]),
        ("Korhonen\tVeeti\t8", 1, [(1, ("8",))]),
        ("Veeti Korhonen 8\nAada Aijala 10", 1, [(1, ("8",)), (2, ("10",))]),
        ("aada@strand.example\t7", 1, [(2, ("7",))]),
        ("T-2026-00004\tS", 1, [(4, ("S",))]),
        ("Opiskelija 7K2Q\t8", 1, [(4, ("8",))]),
        ("Nimi\tArvosana\nVeeti Korhonen\t8", 1, [(1, ("8",))]),  # a heading
        ("Veeti Korhonen\t8\t9", 2, [(1, ("8", "9"))]),
        ("Veeti Korhonen\t8\t", 2, [(1, ("8", ""))]),
        ("8\n9\n\nS", 1, [(1, ("8",)), (2, ("9",)), (4, ("S",))]),
        ("8\t7\n9\tS", 2, [(1, ("8", "7")), (2, ("9", "S"))]),
        ("8\n9\n10\n7", 1, [(1, ("8",)), (2, ("9",)), (4, ("10",)), (None, ("7",))]),  # more grades than students
        ("Matti Meikäläinen\t8", 1, [(None, ("8",))]),
        ("Veeti Korhonen\t12", 1, [(1, ("12",))]),  # judged later, at the cell
        ("Veeti Korhonen\tkoe puuttuu", 1, [(1, ("koe puuttuu",))]),
        ("", 1, []),
        ("\n \n", 1, []),
    ],
)
def test_a_list_is_matched_to_the_students(text: str, subjects: int, lines: list[tuple[int | None, tuple[str, ...]]]) -> None:
    assert read(text, subjects=subjects) == lines


def test_two_of_one_name_are_told_apart_by_their_address() -> None:
    both = (VEETI, AADA, NAMESAKE)
    (line,) = read_list("Aada Äijälä\t8", both, 1)
    assert (line.found, line.several) == (None, True)
    assert read("Aada Äijälä\taada.a@strand.example\t8", both) == [(3, ("8",))]


@given(st.text(max_size=300), st.integers(1, 3))
def test_any_text_is_read_without_an_error(text: str, subjects: int) -> None:
    assert all(len(line.grades) <= subjects for line in read_list(text, CLASS, subjects))
