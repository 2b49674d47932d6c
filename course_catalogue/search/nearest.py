"""What a reader may have meant whose query has a word that nothing is found by."""

from __future__ import annotations

from collections.abc import Iterator

from course_catalogue.guess import distance
from course_catalogue.search.index import SearchIndex
from course_catalogue.search.rank import readings
from course_catalogue.search.reading import Reading, scope, words_of

MOST = 3


def nearest_words(index: SearchIndex, text: str) -> tuple[str, ...]:
    """Up to three queries in which an existing word stands for one that found nothing, the nearest first."""
    found = readings(index, text)
    lost = [number for number, reading in enumerate(found) if reading.places == {}]
    if not lost:
        return ()
    words = [reading.asked.typed for reading in found]
    choices = {number: tuple(_near(index, found[number])) for number in lost}
    if not all(choices.values()):
        return ()
    for number in lost[1:]:
        words[number] = choices[number][0]
    first = lost[0]
    return tuple(" ".join([*words[:first], near, *words[first + 1 :]]) for near in choices[first])


def _near(index: SearchIndex, reading: Reading) -> Iterator[str]:
    """The nearest words of the names that are no mere forms. A code differs in one character, any other word in a third of its letters."""
    word = reading.asked.spellings[0]
    limit = 1 if reading.asked.is_exact else max(2, len(word) // 3)
    near = []
    for one, entry in words_of(index.names, scope(index.names, word)):
        if (
            entry.places_text
            and len(one) > 2
            and abs(len(one) - len(word)) <= limit
            and reading.asked.is_exact == any(character.isdigit() for character in one)
        ):
            slips = distance(word, one, limit + 1)
            if slips <= limit:
                near.append((slips, abs(len(one) - len(word)), one, entry.shown))
    yield from (shown for _, _, _, shown in sorted(near)[:MOST])
