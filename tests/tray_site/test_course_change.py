"""Two versions of a course's file and what a reader is told of their difference."""

from __future__ import annotations

import pytest

from tray_site.course_change import differences

COURSE = """---
title: Voima
summary: Opit.
status: published
subject: FY
modules:
- FY4
teacher: Anna Laine
offerings:
  - id: 2026-p3
    starts_on: 2026-11-30
    ends_on: 2027-02-05
    seats: 30
    reserved:
      strand: 2
  - id: 2027-p4
    starts_on: 2027-02-08
    ends_on: 2027-04-09
---

## Sisältö

Voimia.
"""
THIRD = "  - id: oma\n    nonstop: true\n---\n\n"


def but(*edits: tuple[str, str]) -> str:
    text = COURSE
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


DRAFT = but(("published", "draft"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (None, COURSE, [("added", "")]),
        (DRAFT, COURSE, [("added", "")]),
        (COURSE, DRAFT, []),
        (DRAFT, but(("published", "draft"), ("Voima", "Liike")), []),
        (None, DRAFT, []),
        (COURSE, COURSE, []),
        (COURSE, COURSE.replace("\n", "\r\n"), []),
        (COURSE, but(("title: Voima", 'title: "Voima"  # sama')), []),
        (COURSE, but(("- FY4", "  - FY4")), []),
        (COURSE, but(("Voimia.", "Voimia ja liikettä.")), [("text", "")]),
        (COURSE, but(("Opit.", "Opit paljon.")), [("text", "")]),
        (COURSE, but(("Voima", "Liike")), [("title", "")]),
        (COURSE, but(("Anna Laine", "Olli Niemi")), [("teacher", "")]),
        (COURSE, but(("- FY4", "- FY5")), [("other", "")]),
        (COURSE, but(("ends_on: 2027-02-05", "ends_on: 2027-02-12")), [("dates", "2026-p3")]),
        (COURSE, but(("seats: 30", "seats: 25")), [("seats", "2026-p3")]),
        (COURSE, but(("strand: 2", "strand: 4")), [("seats", "2026-p3")]),
        (COURSE, but(("    seats: 30\n", "    seats: 30\n    cancelled: true\n")), [("run_cancelled", "2026-p3")]),
        (but(("    seats: 30\n", "    seats: 30\n    cancelled: true\n")), COURSE, [("run_added", "2026-p3")]),
        (COURSE, but(("published", "cancelled")), [("run_cancelled", "")]),
        (COURSE, but(("---\n\n", THIRD)), [("run_added", "oma")]),
        (but(("---\n\n", THIRD)), COURSE, [("run_removed", "oma")]),
        (
            COURSE,
            but(("---\n\n", THIRD), ("Voimia", "Lisää"), ("starts_on: 2027-02-08", "starts_on: 2027-02-09"), ("Anna", "Ulla")),
            [("run_added", "oma"), ("dates", "2027-p4"), ("teacher", ""), ("text", "")],
        ),
        (COURSE, None, [("other", "")]),
        (None, None, []),
        ("no fences at all", COURSE, [("added", "")]),
        (COURSE, but(("offerings:", "offerings: *everything")), [("other", "")]),
        (COURSE, but(("- FY4", "- [[[[[[[[[[[[[[[[[[[[")), [("other", "")]),
    ],
)
def test_what_a_reader_is_told(old: str | None, new: str | None, told: list[tuple[str, str]]) -> None:
    assert list(differences(old, new)) == told


def test_any_bytes_of_the_past_are_read_without_an_error() -> None:
    for place in range(0, len(COURSE), 7):
        differences(COURSE[:place], COURSE)
        differences(COURSE, COURSE[:place] + "\x00{[*&!" + COURSE[place:])
