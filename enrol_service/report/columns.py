"""The columns of a report, defined once for the page, CSV, XLSX and PDF: heading, how a cell is read, its kind, who may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Literal, TypeVar

from enrol_service.refusals.base import sentence
from enrol_service.report.audience import Audience, Side
from enrol_service.speech import Money, Speech

Line = TypeVar("Line")
Kind = Literal["text", "number", "day", "moment", "money"]
Shape = Literal["page", "pdf", "xlsx", "csv"]

FILES: frozenset[Shape] = frozenset({"xlsx", "csv"})
PRINTED: frozenset[Shape] = FILES | {"pdf"}
EVERYWHERE: frozenset[Shape] = PRINTED | {"page"}
SCHOOLS: frozenset[Side] = frozenset({"offering_school", "home_school"})


@dataclass(frozen=True, slots=True)
class TooFew:
    """A number of so few students that it would tell of persons; `withheld`: one from which such a number could be reckoned."""

    withheld: bool = False

    def words(self, speech: Speech) -> str:
        return speech.gettext(sentence("not told") if self.withheld else sentence("fewer than 3"))


Cell = str | int | date | datetime | Money | TooFew | None


@dataclass(frozen=True, slots=True)
class Column(Generic[Line]):
    """A column. `read` gives a typed value; each shape writes it in its own way."""

    key: str
    title: str  # a msgid
    read: Callable[[Speech, Line], Cell]
    kind: Kind = "text"
    sides: frozenset[Side] = SCHOOLS
    accounts: bool = False  # only for those who see sums and national learner IDs
    shapes: frozenset[Shape] = FILES
    added: bool = False  # has a total
    width: int = 12  # characters in XLSX; the share of the page's width in PDF

    @property
    def number(self) -> bool:
        """Whether it is set flush right."""
        return self.kind in ("number", "money")


def columns_for(columns: Iterable[Column[Line]], audience: Audience, shape: Shape) -> tuple[Column[Line], ...]:
    """The columns that an audience may see in a shape."""
    return tuple(one for one in columns if shape in one.shapes and audience.side in one.sides and (audience.accounts or not one.accounts))


def written(speech: Speech, cell: Cell) -> str:
    """A cell in the reader's way of writing, for a page and for print."""
    if isinstance(cell, datetime):
        local = cell.astimezone(speech.catalogue.network.time_zone)
        return f"{speech.wording.date(local)} {speech.wording.clock(local)}"
    if isinstance(cell, date):
        return speech.wording.date(cell)
    if isinstance(cell, TooFew):
        return cell.words(speech)
    if isinstance(cell, int):
        return speech.wording.number(cell)
    return "" if cell is None else speech.write(cell)
