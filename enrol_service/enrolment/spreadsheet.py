"""Tables of students as schools have them: pasted cells, CSV of any kind, XLSX. Read by their headings, or refused with a sentence.

A file is hostile until it has been judged (a workbook by workbook.py); formulas come as their values.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from enrol_service.enrolment.workbook import Cells, sheets_of
from enrol_service.refusals.base import sentence
from enrol_service.refusals.staff_enrolling import (
    HeadingsMissing,
    HeadingTwice,
    SheetEmpty,
    SheetTooLarge,
    SheetUnreadable,
    TooManyRows,
)

MOST_ROWS = 500  # students at a time
MOST_BYTES = 1024 * 1024
HEADING_WITHIN = 10  # the first rows may hold a title
SEPARATORS = "\t;,"
XLSX_BEGINS = b"PK\x03\x04"
OLD_EXCEL_BEGINS = b"\xd0\xcf\x11\xe0"

# Field → the heading we write, a msgid. Every field of a table, in order.
HEADINGS: Mapping[str, str] = {
    "name": sentence("Name"),
    "email": sentence("Email"),
    "group": sentence("Group"),
    "syllabus": sentence("Syllabus"),
    "run": sentence("Course and run"),
    "learner_id": sentence("National learner ID"),
    "phone": sentence("Phone"),
    "message": sentence("Message"),
    "protected": sentence("Protected identity"),
}
# Field → what columns are called in schools, as `_bare` writes it. `first`, `last` make the name; `course`, `offering` make the run.
CALLED: Mapping[str, frozenset[str]] = {
    field: frozenset(words.split())
    for field, words in {
        "name": "nimi opiskelija opiskelijannimi opiskelijat namn studerande studerandensnamn elev name student studentname fullname",
        "first": "etunimi etunimet kutsumanimi förnamn tilltalsnamn firstname givenname",
        "last": "sukunimi efternamn lastname surname familyname",
        "email": "sähköposti sähköpostiosoite säpo maili epost epostadress mejl email emailaddress mail schoolemail",
        "group": "ryhmä ryhmätunnus luokka luokkaryhmä grupp klass group class",
        "syllabus": "oppimäärä lärokurs syllabus",
        "run": "kurssijatoteutus kurssitoteutus kursochomgång kursochkursomgång kursomgång toteutus courseandrun courserun run",
        "course": "kurssi opintojakso kurssinosoite kurs studieavsnitt kursensadress course studyunit courseaddress",
        "learner_id": "oppijanumero kansallinenoppijanumero studentnummer nationelltstudentnummer learnerid nationallearnerid",
        "phone": "puhelin puhelinnumero puh gsm telefon telefonnummer tel phone phonenumber telephone",
        "message": "viesti lisätiedot lisätieto huomautus meddelande tilläggsuppgifter message note notes",
        "protected": "turvakielto spärrmarkering skyddadidentitet protected protectedidentity",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Row:
    """One student of a table. `values`: field of HEADINGS → text as it stands in the cell; a field without a column is left out.

    `number` is the row's own in the table, the heading's row counted. `price_cents`: the price shown for the row, once one has been.
    """

    number: int
    values: Mapping[str, str]
    price_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that could be read. `unread`: headings that mean nothing to us."""

    rows: tuple[Row, ...]
    unread: tuple[str, ...]


def read_text(text: str) -> Sheet:
    """Read pasted cells. Refuses with what `read_file` refuses with."""
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise SheetTooLarge(most=1)
    if not text.strip():
        raise SheetEmpty
    try:
        return _sheet(list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=_separator(text))))
    except csv.Error:
        raise SheetUnreadable from None


def read_file(content: bytes) -> Sheet:
    """Read an uploaded file: XLSX, or text in UTF-8, UTF-16 or Windows-1252.

    Refuses with SheetEmpty, SheetUnreadable, SheetTooLarge, TooManyRows, HeadingsMissing and HeadingTwice.
    """
    if len(content) > MOST_BYTES:
        raise SheetTooLarge(most=1)
    if content.startswith(XLSX_BEGINS):
        return _first_with_headings(sheets_of(content))
    return read_text(_decoded(content))


def as_text(rows: Iterable[Row], headings: Mapping[str, str]) -> str:
    """The rows as a table that can be mended and sent again. `headings`: those of HEADINGS as said to the reader."""
    found = tuple(rows)
    fields = [field for field in HEADINGS if any(row.values.get(field) for row in found)]
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow([headings[field] for field in fields])
    writer.writerows([row.values.get(field, "") for field in fields] for row in found)
    return out.getvalue()


def _decoded(content: bytes) -> str:
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if content.startswith(OLD_EXCEL_BEGINS) or (b"\0" in content and not utf_16):
        raise SheetUnreadable
    for encoding in ("utf-16",) if utf_16 else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetUnreadable


def _separator(text: str) -> str:
    """The one that the first written line has most of."""
    line = next(line for line in text.splitlines() if line.strip())
    outside_quotes = re.sub(r'"[^"]*"', "", line)
    return max(SEPARATORS, key=outside_quotes.count)


def _first_with_headings(sheets: Iterable[Cells]) -> Sheet:
    """The first sheet that has the headings; a workbook may begin with a cover. No more than two are held at a time."""
    first: Cells | None = None
    for cells in sheets:
        if _heading_row(cells) is not None:
            return _sheet(cells)
        if first is None and any(any(row) for row in cells):
            first = cells
    if first is None:
        raise SheetEmpty
    return _sheet(first)


def _sheet(cells: list[list[str]]) -> Sheet:
    at = _heading_row(cells)
    if at is None:
        raise HeadingsMissing
    fields = [_field(heading) for heading in cells[at]]
    _refuse_twice(fields, cells[at])
    body = [(number, row) for number, row in enumerate(cells[at + 1 :], at + 2) if any(cell.strip() for cell in row)]
    if not body:
        raise SheetEmpty
    if len(body) > MOST_ROWS:
        raise TooManyRows(most=MOST_ROWS)
    unread = tuple(heading.strip()[:60] for heading, field in zip(cells[at], fields, strict=True) if field is None and heading.strip())
    return Sheet(tuple(Row(number, _values(fields, row)) for number, row in body), unread)


def _heading_row(cells: list[list[str]]) -> int | None:
    """The first row that names the address and the name; above it there may be a title."""
    for number, row in enumerate(cells[:HEADING_WITHIN]):
        fields = {_field(heading) for heading in row}
        if "email" in fields and fields & {"name", "first", "last"}:
            return number
    return None


def _refuse_twice(fields: Sequence[str | None], headings: Sequence[str]) -> None:
    seen: set[str] = set()
    for field, heading in zip(fields, headings, strict=True):
        if field in seen:
            raise HeadingTwice(heading=heading.strip()[:60])
        seen |= {field} if field else set()


def _field(heading: str) -> str | None:
    bare = _bare(heading)
    return next((field for field, called in CALLED.items() if bare in called), None)


def _bare(heading: str) -> str:
    """A heading in small letters, without what is no letter: `E-mail *` is `email`."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", heading).casefold() if letter.isalpha())


def _values(fields: Sequence[str | None], row: Sequence[str]) -> dict[str, str]:
    """Cells by field; first and last name, and course and run, put together where they have columns of their own."""
    found = {field: cell.strip() for field, cell in zip(fields, row, strict=False) if field}
    if "first" in found or "last" in found:
        parted = f"{found.pop('first', '')} {found.pop('last', '')}".strip()
        found["name"] = found.get("name") or parted
    if "course" in found:
        found["run"] = f"{found.pop('course')} {found.get('run', '')}".strip()
    return found
