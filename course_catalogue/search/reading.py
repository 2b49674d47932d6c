"""What a word of a query finds in an index: which words it means, how well, and where these stand. The site's script does the same.

The word itself and its base form cost nothing; then come the other words that it may also mean, its beginning, its stem, the
two words of a compound, a slip of the finger. To all that the cost of the place is added. So that the script need not load a
whole table, a word looks through a few parts of it only, and through the same ones here: see `MOST_PARTS` and `scope`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from course_catalogue.guess import distance
from course_catalogue.search.index import SearchIndex
from course_catalogue.search.place import better
from course_catalogue.search.query import Asked
from course_catalogue.search.shard import Entry, Table, entries

OTHER, PREFIX, STEM, HALVES, SLIP, SLIP_IN_PREFIX = 4, 5, 10, 12, 30, 35
MOST_PARTS = 8  # of a table that are looked through for one word
SHORTEST = (2, 3)  # letters of a beginning that is widened to whole words: in the names, in the texts
STEM_LETTERS, ENDING = 4, 4  # that a stem has at least, that the word found may have more than it


@dataclass(frozen=True, slots=True)
class Reading:
    """A word of a query, the places it found, and the folded words of the index that it means otherwise than as their beginning.

    `places` is None when it is too short a beginning to be looked for in an index of this size.
    """

    asked: Asked
    places: Mapping[int, int] | None
    means: frozenset[str]


def reading_of(index: SearchIndex, asked: Asked) -> Reading:
    """What one word of a query finds."""
    search = _Search(index)
    if asked.is_exact:
        for word in asked.spellings:
            if search.same(word):
                break
        return Reading(asked, search.found, frozenset(search.means))
    word = asked.spellings[0]
    is_known = search.same(word)
    begun = search.beginnings(word)
    if not is_known:
        search.stems(word)
        if not search.found:
            search.halves(word)
        if not begun:
            search.slips(word)
    return Reading(asked, None if begun is None and not search.found else search.found, frozenset(search.means))


def stem_letters(word: str) -> int:
    """How many letters of a word are left when its ending falls away: three, of long words up to five."""
    return max(STEM_LETTERS, len(word) - 3 - (len(word) > 7) - (len(word) > 11))


def scope(table: Table, word: str) -> range:
    """The parts in which slips are sought: all when they are few, else those of the first letter, of the first two, or the word's own."""
    for letters in range(3):
        parts = table.parts_from(word[:letters])
        if len(parts) <= MOST_PARTS:
            return parts
    return range(table.part_of(word), table.part_of(word) + 1)


def words_of(table: Table, parts: Iterable[int]) -> Iterator[tuple[str, Entry]]:
    """The folded words of some parts of a table, with their entries."""
    for part in parts:
        yield from entries(table.parts[part]).items()


def slips_in(asked: str, letters: frozenset[str], word: str) -> int | None:
    """What it costs to take one word for another that was mistyped, or for one whose beginning was; None when they differ too much.

    `letters` are those of the word asked for: measuring takes time, and most words lack too many of them.
    """
    slips = 0 if len(asked) < 4 else 1 if len(asked) < 8 else 2
    if not slips or len(word) < len(asked) - slips or len(letters.difference(word)) > slips:
        return None
    if len(word) <= len(asked) + slips and distance(asked, word, slips + 1) <= slips:
        return SLIP
    return SLIP_IN_PREFIX if len(word) > len(asked) and distance(asked, word[: len(asked)], slips + 1) <= slips else None


class _Search:
    """Gathers what a word finds, stage by stage."""

    def __init__(self, index: SearchIndex) -> None:
        self.index = index
        self.tables = (index.names, index.texts)
        self.found: dict[int, int] = {}
        self.means: set[str] = set()

    def same(self, word: str) -> bool:
        """The word itself, and the base forms that it leads to; after it, where texts have the word itself. Whether the index knows it."""
        met = [entry for table in self.tables if (entry := table.entry(word))]
        for entry in met:
            better(self.found, entry.places)
        bases = {base for entry in met for base in entry.bases}
        self._take_bases(dict.fromkeys(bases, OTHER if any(entry.places_text for entry in met) else 0))
        self.means |= {word, *bases}
        return bool(met)

    def beginnings(self, word: str) -> bool | None:
        """The words that begin with it. Whether the names have one; None when the beginning is too short to tell.

        What is met on the way that is a form of a word meant is meant too, for the marks.
        """
        begun: bool | None = None
        for table, shortest in zip(self.tables, SHORTEST, strict=True):
            parts = table.parts_from(word)
            if len(word) >= shortest and len(parts) <= MOST_PARTS:
                looked = list(words_of(table, parts))
                found = [(one, entry, PREFIX) for one, entry in looked if one.startswith(word) and one != word]
                self._take(found)
                self.means |= {one for one, entry in looked if not self.means.isdisjoint(entry.bases)}
                begun = bool(found) if table is self.tables[0] else begun
        return begun

    def stems(self, word: str) -> None:
        """The words that differ from it in their ends only."""
        letters = stem_letters(word)
        for table in self.tables:
            parts = table.parts_from(word[:letters])
            if letters < len(word) and len(parts) <= MOST_PARTS:
                found = []
                for one, entry in words_of(table, parts):
                    alike = shared(one, word)
                    if letters <= alike < len(word) and len(one) - alike <= ENDING:
                        found.append((one, entry, STEM + len(word) - alike))
                self.means |= self._take(found)

    def halves(self, word: str) -> None:
        """The two words of a compound that the index does not know, where both are known: fysiikankurssi, matematik(s)kurs."""
        for place in range(len(word) - 3, 2, -1):
            first, last = _Search(self.index), _Search(self.index)
            if (first.same(word[:place]) or (word[place - 1] == "s" and first.same(word[: place - 1]))) and last.same(word[place:]):
                both = {number: cost + last.found[number] + HALVES for number, cost in first.found.items() if number in last.found}
                better(self.found, both)
                self.means |= first.means | last.means
                return

    def slips(self, word: str) -> None:
        """The words that are mistyped in it: of the names, and of the texts when nothing else was found."""
        letters = frozenset(word)
        for table in self.tables:
            if table is self.tables[0] or not self.found:
                parts = scope(table, word)
                costs = ((one, entry, slips_in(word, letters, one)) for one, entry in words_of(table, parts))
                self.means |= self._take([(one, entry, cost) for one, entry, cost in costs if cost is not None])

    def _take(self, found: Iterable[tuple[str, Entry, int]]) -> set[str]:
        """Take up words, each at its cost, with their base forms. All that were taken."""
        bases: dict[str, int] = {}
        taken = set()
        for one, entry, cost in found:
            taken.add(one)
            better(self.found, entry.places, cost)
            for base in entry.bases:
                bases[base] = min(cost, bases.get(base, cost))
        self._take_bases(bases)
        return taken | bases.keys()

    def _take_bases(self, bases: Mapping[str, int]) -> None:
        """Base forms, each at its cost, in both tables; none in a table of which they lie scattered over too many parts."""
        for table in self.tables:
            if len({table.part_of(base) for base in bases}) <= MOST_PARTS:
                for base, cost in bases.items():
                    if entry := table.entry(base):
                        better(self.found, entry.places, cost)


def shared(one: str, other: str) -> int:
    """How many letters two words have in common from their beginning."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
