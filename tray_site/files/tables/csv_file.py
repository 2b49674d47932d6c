"""courses.csv and offerings.csv: UTF-8 with a byte order mark and semicolons, so that Finnish Excel opens them in columns.

Days and instants by ISO 8601 and money in whole cents, so that programs read them without knowing a language. No cell is a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from course_catalogue.model import Catalogue
from course_catalogue.spreadsheet import MARK, SEPARATOR, plain
from tray_site.files.past import Past
from tray_site.files.tables.column import Column
from tray_site.files.tables.tables import COURSES, OFFERINGS, course_line, offering_lines
from tray_site.plan.planned import PlannedFile

LINES = 500  # written at a time


def print_courses(catalogue: Catalogue, planned: PlannedFile) -> Iterator[bytes]:
    return _printed(COURSES, (course_line(catalogue, past) for past in _pasts(planned)))


def print_offerings(catalogue: Catalogue, planned: PlannedFile) -> Iterator[bytes]:
    return _printed(OFFERINGS, (line for past in _pasts(planned) for line in offering_lines(catalogue, past.course)))


def _pasts(planned: PlannedFile) -> tuple[Past, ...]:
    pasts: tuple[Past, ...] = planned.inputs["pasts"]  # type: ignore[assignment]
    return pasts


def _printed(columns: tuple[Column[Any], ...], lines: Iterable[Any]) -> Iterator[bytes]:
    """The file in pieces, so that a large one is never whole in memory."""
    file = io.StringIO()
    file.write(MARK)
    writer = csv.writer(file, delimiter=SEPARATOR, lineterminator="\r\n")
    writer.writerow(one.name for one in columns)
    for number, line in enumerate(lines, start=1):
        writer.writerow(plain(one.cell(line)) for one in columns)
        if number % LINES == 0:
            yield _taken(file)
    yield _taken(file)


def _taken(file: io.StringIO) -> bytes:
    found = file.getvalue().encode()
    file.seek(0)
    file.truncate()
    return found
