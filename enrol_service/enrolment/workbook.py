"""An XLSX as its sheets of cells. What is in it has been counted before the reader opens it, and the reader gets only what was counted.

The reader copies a shared string into every cell that names it, and a reader that runs out of memory ends the whole process.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from xml.parsers import expat

from python_calamine import CalamineWorkbook

from enrol_service.refusals.staff_enrolling import SheetTooLarge, SheetUnreadable

MOST_UNPACKED = 16 * 1024 * 1024  # bytes of all that it holds; an honest megabyte unpacks to about ten
MOST_CELLS = 400_000  # of the whole rectangle: a reader keeps the empty ones too
MOST_WRITTEN = 8_000_000  # characters in the cells of a sheet, each shared string counted as often as a cell names it
MOST_SHEETS = 10
PARTS = re.compile(r"\[content_types\]\.xml|.*\.rels|xl/[^/]*\.xml|xl/worksheets/[^/]*\.xml", re.IGNORECASE)
STRINGS = "xl/sharedstrings.xml"
REFERENCE = re.compile(r"\s*([A-Za-z]*)([0-9]*)\s*")

Cells = list[list[str]]


def sheets_of(content: bytes) -> Iterator[Cells]:
    """The cells of each sheet in turn. Refuses with SheetTooLarge, SheetUnreadable."""
    judged = _judged(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(judged))
        for name in book.sheet_names[:MOST_SHEETS]:
            yield _cells(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException:  # a panic of the reader, which is Rust, is no Exception
        raise SheetUnreadable from None


def _judged(content: bytes) -> bytes:
    """The parts that the reader needs, in an archive of our own: two that disagree on what an archive holds cannot be played off."""
    parts = _parts(content)
    lengths: list[int] = []
    for name in sorted(parts, key=lambda name: name.lower() != STRINGS):  # the strings first: cells name them
        if name.lower().startswith("xl/") and name.lower().endswith(".xml"):
            part = _Part(lengths)
            part.read(parts[name])
            if name.lower() == STRINGS:
                lengths = part.lengths
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, held in parts.items():
            made.writestr(name, held)
    return out.getvalue()


def _parts(content: bytes) -> dict[str, bytes]:
    """What the archive holds, by name. Sizes that lie are found by unpacking: the checksum is wrong."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            held = archive.infolist()
            if sum(one.file_size for one in held) > MOST_UNPACKED:
                raise SheetTooLarge(most=1)
            known = all(one.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for one in held)
            names = {one.filename.lower() for one in held}
            if not known or "xl/workbook.xml" not in names or len(names) != len(held) or archive.testzip() is not None:
                raise SheetUnreadable
            return {one.filename: archive.read(one) for one in held if PARTS.fullmatch(one.filename)}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise SheetUnreadable from None


class _Part:
    """One XML part: how far its cells reach, what they hold, and the lengths of its shared strings."""

    def __init__(self, strings: Sequence[int]) -> None:
        self.lengths: list[int] = []
        self._strings = strings
        self._row = self._column = self._width = self._height = self._written = 0
        self._in_string = self._names_string = False
        self._named: list[str] | None = None

    def read(self, xml: bytes) -> None:
        """Refuses with SheetTooLarge, or with SheetUnreadable what is not well formed or has what no office program writes into cells."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = parser.CommentHandler = parser.StartCdataSectionHandler = _refuse
        parser.ProcessingInstructionHandler = _refuse
        try:
            parser.Parse(xml, True)
        except (expat.ExpatError, ValueError):
            raise SheetUnreadable from None

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        if name == "si":
            self.lengths.append(0)
            self._in_string = True
        elif name == "row":
            self._row, self._column = _position(attributes.get("r", ""))[1] or self._row + 1, 0
        elif name == "c":
            column, row = _position(attributes.get("r", ""))
            self._row, self._column = row or max(self._row, 1), column or self._column + 1
            self._width, self._height = max(self._width, self._column), max(self._height, self._row)
            self._names_string = attributes.get("t") == "s"
            self._refuse_large()
        elif name == "v" and self._names_string:
            self._named = []

    def _text(self, text: str) -> None:
        if self._in_string:
            self.lengths[-1] += len(text)
        elif self._named is not None:
            self._named.append(text)

    def _end(self, name: str) -> None:
        name = name.rpartition(" ")[2]
        if name == "si":
            self._in_string = False
        elif name == "v" and self._named is not None:
            number = int("".join(self._named))
            self._named = None
            self._written += self._strings[number] if 0 <= number < len(self._strings) else 0
            self._refuse_large()

    def _refuse_large(self) -> None:
        if self._width * self._height > MOST_CELLS or self._written > MOST_WRITTEN:
            raise SheetTooLarge(most=1)


def _refuse(*_: object) -> None:
    raise SheetUnreadable


def _position(reference: str) -> tuple[int, int]:
    """Column and row of `B12`, counted from one; 0 for what it does not say."""
    match = REFERENCE.fullmatch(reference)
    if match is None:
        raise SheetUnreadable
    column = 0
    for letter in match[1].upper()[:7]:
        column = column * 26 + ord(letter) - 64
    return column, int(match[2][:9] or 0)


def _cells(rows: Iterable[Sequence[object]]) -> Cells:
    return [[_written(cell) for cell in row] for row in rows]


def _written(cell: object) -> str:
    if isinstance(cell, bool):
        return "1" if cell else ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return str(cell)
