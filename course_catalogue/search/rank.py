"""How well courses fit a query: every word of it must be found, and the better the places where they are, the sooner comes the course."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from course_catalogue.search.index import SearchIndex
from course_catalogue.search.query import Asked, asked_words
from course_catalogue.search.reading import Reading, reading_of


def ranked(index: SearchIndex, text: str) -> Mapping[int, int] | None:
    """Courses by number with how well they fit a query, the less the better; None when it asks for nothing."""
    found = [one.places for one in readings(index, text) if one.places is not None]
    if not found:
        return None
    total = dict(found[0])
    for places in found[1:]:
        total = {number: cost + places[number] for number, cost in total.items() if number in places}
    return total


@lru_cache(maxsize=8)  # a page asks for the same query again: for its order, its marks, its filters
def readings(index: SearchIndex, text: str) -> tuple[Reading, ...]:
    """What each word of a query finds, in the order of the words."""
    return tuple(reading for asked in asked_words(text) for reading in _readings(index, asked))


def _readings(index: SearchIndex, asked: Asked) -> tuple[Reading, ...]:
    """One reading; or those of the two words apart, when together they are no code that is known."""
    reading = reading_of(index, asked)
    if reading.places or not asked.apart:
        return (reading,)
    return tuple(reading_of(index, Asked(word, (word,))) for word in asked.apart)
