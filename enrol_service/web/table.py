"""Tables of staff: sorted, filtered and paged by the page's address, so that they work without script, by keyboard and with "back".

The rows are those the reader may see; a school has some hundreds. Text is in Finnish order: Å, Ä and Ö last, ÄI2 before ÄI10.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

Row = TypeVar("Row")

ROWS_ON_PAGE = 50
LONGEST_SEARCH = 100  # characters
LAST_LETTERS = {"å": "{a", "ä": "{b", "æ": "{b", "ö": "{c", "ø": "{c"}  # "{" follows "z"
PIECES = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column. `read` gives what it is sorted by, and, when `searched`, looked through: a text, a number, a date or None."""

    key: str
    title: str  # a msgid
    read: Callable[[Row], Any] | None = None  # None = not sorted
    number: bool = False  # set flush right
    searched: bool = False
    hidden: bool = False  # the heading is for screen readers alone


@dataclass(frozen=True)
class Choice(Generic[Row]):
    """A filter with a closed list: value → word, in the reader's language. The empty value is everything."""

    key: str
    title: str  # a msgid
    read: Callable[[Row], str]
    words: Mapping[str, str]


@dataclass(frozen=True)
class TableView(Generic[Row]):
    """What a template prints: the rows of one page, and what the address says."""

    columns: tuple[Column[Row], ...]
    choices: tuple[Choice[Row], ...]
    rows: tuple[Row, ...]
    total: int  # rows there are
    found: int  # rows that the filters leave
    page: int  # from 1
    pages: int
    sort: str  # a column's key; empty = as they come
    descending: bool
    search: str
    chosen: Mapping[str, str]  # filter → value
    kept: Mapping[str, str]  # what else the address says

    @property
    def filtered(self) -> bool:
        return bool(self.search or self.chosen)

    @property
    def first(self) -> int:
        """The number of the page's first row, from 1; 0 when there is none."""
        return (self.page - 1) * ROWS_ON_PAGE + 1 if self.rows else 0

    def aria_sort(self, column: Column[Row]) -> str:
        if column.key != self.sort:
            return "none"
        return "descending" if self.descending else "ascending"

    def sorted_by(self, column: Column[Row]) -> str:
        """The address of the table sorted by a column, the other way round if it already is."""
        turned = column.key == self.sort and not self.descending
        return self._address({"sort": column.key, "order": "down" if turned else ""})

    def on_page(self, number: int) -> str:
        return self._address({"sort": self.sort, "order": "down" if self.descending else "", "page": str(number) if number > 1 else ""})

    @property
    def cleared(self) -> str:
        """The address of the table without filters."""
        return f"?{urlencode(self.kept)}"

    def same(self, **changed: str) -> str:
        """The address of the same rows of the table, so that whoever acts on them comes back to them; `changed`: what else it says."""
        page = str(self.page) if self.page > 1 else ""
        return self._address({"sort": self.sort, "order": "down" if self.descending else "", "page": page, **changed})

    def _address(self, changed: Mapping[str, str]) -> str:
        parts = {**self.kept, "q": self.search, **self.chosen, **changed}
        return f"?{urlencode({key: value for key, value in parts.items() if value})}"


def table_view(
    rows: Iterable[Row],
    columns: Sequence[Column[Row]],
    arguments: Mapping[str, str],
    *,
    choices: Sequence[Choice[Row]] = (),
    kept: Sequence[str] = (),
) -> TableView[Row]:
    """The table as the address asks for it: `q`, `sort`, `order`, `page` and each filter's key. What makes no sense is ignored."""
    every = tuple(rows)
    search = arguments.get("q", "").strip()[:LONGEST_SEARCH]
    chosen = {one.key: value for one in choices if (value := arguments.get(one.key, "")) in one.words and value}
    found = [
        row
        for row in every
        if _matches(row, columns, search) and all(one.read(row) == chosen.get(one.key, one.read(row)) for one in choices)
    ]
    by_key = {column.key: column for column in columns if column.read is not None}
    sort = arguments.get("sort", "") if arguments.get("sort", "") in by_key else ""
    descending = bool(sort) and arguments.get("order") == "down"
    if sort and (read := by_key[sort].read) is not None:
        blank = [row for row in found if read(row) in (None, "")]
        found = (
            sorted((row for row in found if read(row) not in (None, "")), key=lambda row: sort_key(read(row)), reverse=descending) + blank
        )
    pages = max(1, -(-len(found) // ROWS_ON_PAGE))
    asked = arguments.get("page", "1")
    page = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 6 else 1
    return TableView(
        columns=tuple(columns),
        choices=tuple(choices),
        rows=tuple(found[(page - 1) * ROWS_ON_PAGE : page * ROWS_ON_PAGE]),
        total=len(every),
        found=len(found),
        page=page,
        pages=pages,
        sort=sort,
        descending=descending,
        search=search,
        chosen=chosen,
        kept={key: arguments[key] for key in kept if arguments.get(key)},
    )


def said_of_table(arguments: Mapping[str, str], *choices: str) -> dict[str, str]:
    """What an address says of a table with these filters."""
    return {key: value for key in ("q", *choices, "sort", "order", "page") if (value := arguments.get(key, "")[:LONGEST_SEARCH])}


def sort_key(value: Any) -> Any:
    """The place of a value among its like. Texts in Finnish order, numbers in them by size; other accents do not count."""
    if not isinstance(value, str):
        return value
    letters = "".join(LAST_LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFC", value).casefold())
    bare = "".join(letter for letter in unicodedata.normalize("NFD", letters) if unicodedata.category(letter) != "Mn")
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in PIECES.split(bare) if piece]


def _matches(row: Row, columns: Sequence[Column[Row]], search: str) -> bool:
    """Whether every word that was typed stands somewhere in the searched columns."""
    if not search:
        return True
    text = " ".join(_folded(str(column.read(row) or "")) for column in columns if column.searched and column.read is not None)
    return all(word in text for word in _folded(search).split())


def _folded(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text.casefold()) if unicodedata.category(letter) != "Mn")
