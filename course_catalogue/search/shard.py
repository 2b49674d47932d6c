"""A word table in parts by the beginnings of its words, as it is published: one line for every word, in the order of the folded words.

A line is the word as it is read, `=` and a base form for each that it is a form of, a blank and its places. A base form is
written as the number of letters that fall away from the end, and those that come instead: `matematiikan=1` … `matematiikka 03`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, takewhile

from course_catalogue.search.fold import fold
from course_catalogue.search.place import read

LARGEST = 16_000  # characters of a part, some 6 kB compressed: the search for one word waits for one or two
FORM = re.compile(r"=([0-9]+)([^= ]*)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A word: as it is read, the folded base forms that it leads to, and its places as text."""

    shown: str
    bases: tuple[str, ...]
    places_text: str

    @property
    def places(self) -> Mapping[int, int]:
        return read(self.places_text)


@dataclass(frozen=True)
class Table:
    """The parts of a word table. `starts` are the beginnings from which each part holds the words; the first is the empty one."""

    starts: tuple[str, ...]
    parts: tuple[str, ...]

    def part_of(self, word: str) -> int:
        """The number of the part that holds a word, if any does."""
        return bisect_right(self.starts, word) - 1

    def parts_from(self, beginning: str) -> range:
        """The numbers of the parts that hold words with this beginning."""
        return range(self.part_of(beginning), bisect_left(self.starts, beginning + "\U0010ffff"))

    def entry(self, word: str) -> Entry | None:
        return entries(self.parts[self.part_of(word)]).get(word)


@lru_cache(maxsize=256)
def entries(part: str) -> Mapping[str, Entry]:
    """The words of a part, folded, in order."""
    found = {}
    for line in part.split("\n") if part else ():
        head, _, places = line.partition(" ")
        shown, *_ = head.split("=", 1)
        word = fold(shown)
        bases = tuple(word[: len(word) - int(cut)] + ending for cut, ending in FORM.findall(head[len(shown) :]))
        found[word] = Entry(shown, bases, places)
    return found


def line_of(word: str, shown: str, bases: Iterable[str], places: str) -> str:
    """A line of a part. `word` is `shown`, folded; `places` may be empty."""
    forms = "".join(f"={_difference(word, base)}" for base in sorted(bases))
    return f"{shown}{forms} {places}" if places else shown + forms


def _difference(word: str, base: str) -> str:
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, base, strict=False)))
    return f"{len(word) - shared}{base[shared:]}"


def table_of(lines: Sequence[tuple[str, str]]) -> Table:
    """The table of folded words with their lines, in order.

    It is cut where the beginnings of the words change, so that a word more or less moves few borders.
    """
    words = [word for word, _ in lines]
    pieces = list(_pieces(words, [0, *accumulate(len(line) + 1 for _, line in lines)], 0, len(words), 0))
    parts = ["\n".join(line for _, line in lines[first:last]) for _, first, last in pieces]
    return Table(("", *(start for start, _, _ in pieces[1:])), tuple(parts) or ("",))


def _pieces(words: Sequence[str], sizes: Sequence[int], first: int, last: int, depth: int) -> Iterator[tuple[str, int, int]]:
    """Pieces of the lines from `first` to `last`, whose words share `depth` letters, each with its start and its own first and last.

    All in one when they are small enough, else by the next letter, where small neighbours are joined. `sizes` are those of all
    lines before each.
    """
    if sizes[last] - sizes[first] <= LARGEST or last - first == 1:
        if last > first:
            yield words[first][:depth], first, last
        return
    open_start, open_first, open_last = "", first, first  # the small pieces that are being joined
    at = first
    while at < last:
        start = words[at][: depth + 1]
        end = bisect_left(words, start + "\U0010ffff", at, last) if len(words[at]) > depth else at + 1
        is_small = sizes[end] - sizes[at] <= LARGEST
        if open_last > open_first and not (is_small and sizes[end] - sizes[open_first] <= LARGEST):
            yield open_start, open_first, open_last
            open_first = at
        if is_small:
            open_start, open_first = (start, at) if open_first == at else (open_start, open_first)
            open_last = end
        else:
            yield from _pieces(words, sizes, at, end, depth + 1)
            open_first = open_last = end
        at = end
    if open_last > open_first:
        yield open_start, open_first, open_last
