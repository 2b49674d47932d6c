"""Tables of students as schools have them: pasted cells, CSV of any kind, XLSX. Read by their headings, or refused with a sentence.

A file is hostile until it has been judged: its size is known before it is unpacked, and formulas come as their values.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from python_calamine import CalamineWorkbook

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
MOST_UNPACKED = 16 * MOST_BYTES  # of all that an XLSX holds; an honest megabyte unpacks to about ten
MOST_CELLS = 400_000  # of the whole rectangle: a reader keeps the empty ones too
MOST_SHEETS = 10
HEADING_WITHIN = 10  # the first rows may hold a title
SEPARATORS = "\t;,"
XLSX_BEGINS = b"PK\x03\x04"
OLD_EXCEL_BEGINS = b"\xd0\xcf\x11\xe0"
REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Z]*)([0-9]+)""", re.IGNORECASE)

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
        return _first_with_headings(_workbook(content))
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


def _workbook(content: bytes) -> list[list[list[str]]]:
    """The cells of every sheet."""
    _judge_archive(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_cells(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names[:MOST_SHEETS]]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of the reader, which is Rust, is no Exception
        raise SheetUnreadable from None


def _judge_archive(content: bytes) -> None:
    """Refuse what would unpack to more than memory should hold, before a reader unpacks it.

    Sizes that lie are found by unpacking: Python stops at the size that is told, and then the checksum is wrong.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
                raise SheetTooLarge(most=1)
            known = all(one.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for one in archive.infolist())
            if not known or "xl/workbook.xml" not in archive.namelist() or archive.testzip() is not None:
                raise SheetUnreadable
            sheets = [archive.read(one) for one in archive.infolist() if one.filename.lower().endswith(".xml")]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise SheetUnreadable from None
    for xml in sheets:
        if _cells_at_most(xml) > MOST_CELLS:
            raise SheetTooLarge(most=1)


def _cells_at_most(xml: bytes) -> int:
    """How many cells a sheet's rectangle has, judged by the furthest cell that is named."""
    width = height = 1
    for column, row in REFERENCE.findall(xml):
        number = 0
        for letter in column.upper()[:7]:
            number = number * 26 + letter - 64
        width, height = max(width, number), max(height, int(row[:9]))
    return width * height


def _cells(rows: Iterable[Sequence[object]]) -> list[list[str]]:
    return [[_written(cell) for cell in row] for row in rows]


def _written(cell: object) -> str:
    if isinstance(cell, bool):
        return "1" if cell else ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return str(cell)


def _first_with_headings(sheets: list[list[list[str]]]) -> Sheet:
    """The first sheet that has the headings; a workbook may begin with a cover."""
    written = [cells for cells in sheets if any(any(row) for row in cells)]
    if not written:
        raise SheetEmpty
    return _sheet(next((cells for cells in written if _heading_row(cells) is not None), written[0]))


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
