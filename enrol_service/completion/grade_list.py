"""A list of grades as it is copied from a spreadsheet: a student and the grades on each line, or grades alone in the order of the rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from enrol_service.completion.grade import MARKS, SCALE, read_grade

LONGEST_LIST = 20_000  # characters
MOST_LINES = 300
CELLS = re.compile(r"\t|;|,(?![0-9])| {2,}")  # a comma within a number parts nothing


@dataclass(frozen=True, slots=True)
class Listed:
    """A student of the run, and by which words lists know them: name, address, number."""

    enrolment_id: int
    name: str
    email: str
    number: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list. `found` is the student, or none: nobody, or several (`several`), go by that name. `grades` as typed."""

    text: str
    found: Listed | None
    several: bool
    grades: tuple[str, ...]


def read_list(text: str, students: Iterable[Listed], subjects: int) -> tuple[Line, ...]:
    """The lines of a list, matched to the students of a run, who come in the order of the page. Empty lines and a heading are left out.

    Lines of grades alone are taken in the order of the students. `subjects`: grades on a line at most.
    """
    in_order = tuple(students)
    rows = [_cells(line) for line in text.splitlines() if line.strip()][:MOST_LINES]
    if rows and all(_is_grade(cell) for row in rows for cell in row):
        beside = (*in_order, *(None for _ in rows))
        return tuple(
            Line(student.name if student else "\u2013", student, several=False, grades=tuple(row[:subjects]))
            for row, student in zip(rows, beside, strict=False)
        )
    known = _known(in_order)
    return tuple(_line(row, known, subjects) for row in rows if any(_is_grade(cell) for cell in row[1:]) or _match(row, known))


def _line(row: list[str], known: Mapping[str, tuple[Listed, ...]], subjects: int) -> Line:
    """Who first, in one cell or several, and the grades last; what stands between, as a group, says nothing."""
    width = max((end for end in range(1, len(row) + 1) if _names(row[:end], known)), default=0)
    if width == 0:
        width = next((index for index, cell in enumerate(row) if index and _is_grade(cell)), 1)
    rest = row[width:]
    while len(rest) > subjects and not rest[-1]:
        rest.pop()
    found = _match(row[:width], known)
    text = " ".join(row[:width]).strip()
    return Line(text, found[0] if len(found) == 1 else None, several=len(found) > 1, grades=tuple(rest[-subjects:]))


def _names(cells: list[str], known: Mapping[str, tuple[Listed, ...]]) -> bool:
    """Whether the last of the cells names somebody, alone or with the one before."""
    last = [_folded(cell) for cell in cells[-2:]]
    return bool(last[-1]) and (last[-1] in known or _joined(last) in known)


def _cells(line: str) -> list[str]:
    cells = [cell.strip().strip('"').strip() for cell in CELLS.split(line.strip(" \r"))]
    if len(cells) == 1 and (last := line.strip().rpartition(" ")) and last[0] and _is_grade(last[2]):
        return [last[0].strip(), last[2]]
    return cells


def _is_grade(cell: str) -> bool:
    return read_grade(cell) in (*SCALE, *MARKS, "")


def _match(row: list[str], known: Mapping[str, tuple[Listed, ...]]) -> tuple[Listed, ...]:
    """Whom the cells name: one cell by itself, the more telling first, or two that make up a name."""
    cells = [_folded(cell) for cell in row if cell]
    for cell in sorted(cells, key=lambda one: "@" not in one):
        if cell in known:
            return known[cell]
    return next((known[_joined(pair)] for pair in pairwise(cells) if _joined(pair) in known), ())


def _joined(words: Iterable[str]) -> str:
    """A name whichever way round it is written."""
    return " ".join(sorted(" ".join(words).split()))


def _known(students: Iterable[Listed]) -> Mapping[str, tuple[Listed, ...]]:
    found: dict[str, tuple[Listed, ...]] = {}
    for one in students:
        names = {_folded(one.name), _joined([_folded(one.name)])}
        for word in names | {_folded(one.email), _folded(one.number)} - {""}:
            found[word] = (*found.get(word, ()), one)
    return found


def _folded(text: str) -> str:
    """Without capitals, accents and commas: `KORHONEN, Veeti` is `korhonen veeti`."""
    plain = "".join(one for one in unicodedata.normalize("NFD", text.casefold()) if unicodedata.category(one) != "Mn")
    return " ".join(plain.replace(",", " ").split())
