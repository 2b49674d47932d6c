"""A report as XLSX: real dates and numbers, text that is never a formula or a link, the head frozen and filtered.

The selection, the totals and who made the file are on a second sheet, so that the filter of the first one holds rows alone.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from enrol_service.refusals.base import sentence
from enrol_service.report.columns import Cell, TooFew
from enrol_service.report.document import Document
from enrol_service.speech import Money, Speech

# What is typed by people stays text, whatever it looks like.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FORMATS = {"day": "d.m.yyyy", "moment": "d.m.yyyy h:mm", "money": "#,##0.00"}
LONGEST_CELL = 32767  # characters; Excel's limit


def xlsx_file(speech: Speech, document: Document, about: Sequence[tuple[str, str]], made_at: datetime) -> bytes:
    """The file. `about`: further names and values of the head: who made it and when."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    head = [*document.about, *about]
    book.set_properties(
        {
            "title": document.title,
            "subject": ", ".join(value for _, value in document.about),
            "author": speech.catalogue.network.name.to(speech.language),
            "created": made_at.astimezone(speech.catalogue.network.time_zone).replace(tzinfo=None),
        }
    )
    strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {kind: book.add_format({"num_format": pattern}) for kind, pattern in FORMATS.items()}
    sheet = book.add_worksheet(_sheet_name(document.title))
    for place, column in enumerate(document.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, speech.gettext(column.title), strong)
    for number, row in enumerate(document.rows, start=1):
        _write(sheet, speech, document, number, row, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(document.rows), 1), len(document.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    _write_about(book, speech, document, head, formats)
    book.close()
    return file.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31]


def _write_about(book: Any, speech: Speech, document: Document, head: Sequence[tuple[str, str]], formats: dict[str, Any]) -> None:
    """The second sheet: the head, and the totals below it, so that the filter of the first one holds rows alone."""
    strong = book.add_format({"bold": True})
    sheet = book.add_worksheet(_sheet_name(speech.gettext(sentence("About"))))
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 44)
    pairs: list[tuple[str, Cell]] = [*head, (speech.gettext(sentence("Rows")), len(document.rows))]
    for total in document.totals:
        for column, cell in zip(document.columns, total, strict=True):
            if cell is not None and not isinstance(cell, str):
                currency = f", {cell.currency}" if isinstance(cell, Money) else ""
                pairs.append((f"{speech.gettext(column.title)}{currency}, {speech.gettext(sentence('Total')).lower()}", cell))
    for row, (name, value) in enumerate(pairs):
        sheet.write_string(row, 0, name, strong)
        _write_cell(sheet, speech, row, 1, value, formats)


def _write(sheet: Any, speech: Speech, document: Document, number: int, row: Sequence[Cell], formats: dict[str, Any]) -> None:
    for place, cell in enumerate(row):
        _write_cell(sheet, speech, number, place, cell, formats)


def _write_cell(sheet: Any, speech: Speech, row: int, place: int, cell: Cell, formats: dict[str, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        local = cell.astimezone(speech.catalogue.network.time_zone).replace(tzinfo=None, second=0, microsecond=0)
        sheet.write_datetime(row, place, local, formats["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, formats["day"])
    elif isinstance(cell, Money):
        sheet.write_number(row, place, cell.cents / 100, formats["money"])
    elif isinstance(cell, int):
        sheet.write_number(row, place, cell)
    elif isinstance(cell, TooFew):
        sheet.write_string(row, place, cell.words(speech))
    else:
        sheet.write_string(row, place, cell[:LONGEST_CELL])
