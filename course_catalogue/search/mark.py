"""Which letters of a title a query has hit."""

from __future__ import annotations

from course_catalogue.search.fold import fold, folded_words
from course_catalogue.search.index import SearchIndex
from course_catalogue.search.rank import readings
from course_catalogue.search.reading import ENDING, STEM_LETTERS, Reading, shared

LOST = 2  # letters at its end that a word may lose where it is inflected or inside a compound


def marks(index: SearchIndex, text: str, title: str) -> tuple[tuple[int, int], ...]:
    """The ranges of a title that a query has hit, in order; none touches another."""
    found = readings(index, text)
    ranges: list[tuple[int, int]] = []
    for word, begin, end in folded_words(title):
        hits = [hit for reading in found if (hit := _hit(reading, word))]
        if hits:
            first, last = min(hit[0] for hit in hits), max(hit[1] for hit in hits)
            original = title[begin:end]
            ranges.append((begin + _place(original, first), end if last == len(word) else begin + _place(original, last)))
    return tuple(ranges)


def _hit(reading: Reading, word: str) -> tuple[int, int] | None:
    """The range of a folded word that a query word has hit: the whole, its beginning, or a part of a compound."""
    if word in reading.means or any(_is_form(word, one) for one in reading.means):
        return 0, len(word)
    if reading.asked.is_exact:
        return None
    typed = reading.asked.spellings[0]
    if word.startswith(typed):
        return 0, len(typed)
    return max(_inside(word, {typed, *reading.means}), key=lambda hit: (hit[1] - hit[0], -hit[0]), default=None)


def _is_form(word: str, base: str) -> bool:
    alike = shared(word, base)
    return alike >= max(STEM_LETTERS, len(base) - LOST) and len(word) - alike <= ENDING


def _inside(word: str, means: set[str]) -> list[tuple[int, int]]:
    """Where a meaning stands in a compound after its first letter; to the end of the compound when only an ending follows."""
    found = []
    for one in means:
        for place in range(1, len(word) - STEM_LETTERS + 1):
            alike = shared(word[place:], one)
            if alike >= max(STEM_LETTERS, len(one) - LOST):
                found.append((place, len(word) if len(word) - place - alike <= ENDING else place + alike))
    return found


def _place(text: str, letters: int) -> int:
    """How many characters of a text make so many folded letters."""
    folded = 0
    for place, character in enumerate(text):
        if folded >= letters:
            return place
        folded += len(fold(character))
    return len(text)
