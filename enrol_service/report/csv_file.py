"""A report as CSV, as Finnish Excel reads it: UTF-8 with a byte order mark, semicolons, 30.11.2026, 150,00.

A cell that a spreadsheet would take for a formula is made plain text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime

from course_catalogue.spreadsheet import MARK, SEPARATOR, plain
from enrol_service.report.columns import Cell, TooFew
from enrol_service.speech import Money, Speech

__all__ = ["MARK", "csv_cell", "csv_lines", "plain"]


def csv_lines(speech: Speech, table: Iterable[Iterable[Cell]]) -> str:
    """Rows of a file."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=SEPARATOR, lineterminator="\r\n")
    writer.writerows([csv_cell(speech, cell) for cell in row] for row in table)
    return file.getvalue()


def csv_cell(speech: Speech, cell: Cell) -> str:
    """A cell as Finnish spreadsheets read it, whatever the reader's language."""
    if isinstance(cell, datetime):
        local = cell.astimezone(speech.catalogue.network.time_zone)
        return f"{local.day}.{local.month}.{local.year} {local.hour}.{local.minute:02}"
    if isinstance(cell, date):
        return f"{cell.day}.{cell.month}.{cell.year}"
    if isinstance(cell, Money):
        return f"{cell.cents // 100},{cell.cents % 100:02}"
    if isinstance(cell, TooFew):
        return cell.words(speech)
    return "" if cell is None else plain(str(cell))
