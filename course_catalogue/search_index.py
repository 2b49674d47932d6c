"""The words by which a course is found, and how well a query fits them. The site's script reads the same words.

Best first: the whole word, its beginning, its inside, its stem, a slip of the finger. Every word of the query must hit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from course_catalogue.guess import distance
from course_catalogue.model import Catalogue, Course

CODE = re.compile(r"(?P<letters>[a-z]{1,5})[ -]?0*(?P<digits>[1-9][0-9]{0,2})")
CODE_WORD = re.compile(rf"(?<![a-z0-9]){CODE.pattern}(?![a-z0-9])")
WORD = re.compile(r"[a-z0-9]+")
PREFIX, INSIDE, STEM, SLIP, SLIP_IN_PREFIX = 1.0, 2.0, 3.0, 4.0, 4.5  # how well a word fits; the same word is 0
MAX_TERMS = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A course in the list, by its number in `SearchIndex.courses`, with the weight of the words' place; the less, the better."""

    number: int
    weight: float


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """Every course that has a page, in the order of the list, and the places of every folded word and code."""

    courses: tuple[Course, ...]
    words: Mapping[str, tuple[Place, ...]]
    codes: Mapping[str, tuple[Place, ...]]  # without leading zeros: maa7


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case without accents: ä and å are a, ö is o. Both sides of every comparison are folded."""
    return "".join(one for one in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(one))


def index_of(catalogue: Catalogue) -> SearchIndex:
    """The index of a catalogue. The order of the list is subject, module, title."""
    order = {subject: place for place, subject in enumerate(catalogue.subjects)}
    courses = tuple(
        sorted(
            catalogue.published(),
            key=lambda one: (order[one.subject_id], [_natural(code) for code in one.modules] or [("~", 0)], fold(str(one.title)), one.id),
        )
    )
    words: dict[str, list[Place]] = {}
    codes: dict[str, list[Place]] = {}
    for number, course in enumerate(courses):
        for word, weight in words_of(catalogue, course).items():
            words.setdefault(word, []).append(Place(number, weight))
        for code in codes_of(course):
            codes.setdefault(code, []).append(Place(number, 0.0))
    return SearchIndex(courses, _frozen(words), _frozen(codes))


def _frozen(places: Mapping[str, list[Place]]) -> Mapping[str, tuple[Place, ...]]:
    return {word: tuple(found) for word, found in places.items()}


def _natural(code: str) -> tuple[str, int]:
    match = re.match(r"(\D*)(\d{0,9})", code)
    return (match[1], int(match[2] or 0)) if match else (code, 0)


def words_of(catalogue: Catalogue, course: Course) -> Mapping[str, float]:
    """The course's folded words, each with the weight of the best place where it stands."""
    words: dict[str, float] = {}
    for weight, text in _texts(catalogue, course):
        for word in WORD.findall(fold(text)):
            words[word] = min(weight, words.get(word, weight))
    return words


def codes_of(course: Course) -> tuple[str, ...]:
    """The course's module codes as a query writes them: folded, without leading zeros."""
    found = (match["letters"] + match["digits"] for module in course.modules for match in CODE.finditer(fold(module)))
    return tuple(dict.fromkeys(found))


def _texts(catalogue: Catalogue, course: Course) -> Iterator[tuple[float, str]]:
    """The texts by which a course is found, in all languages, whatever the reader's language is."""
    yield from ((0.0, text) for text in course.title.by_language.values())
    yield from ((0.1, module) for module in course.modules)
    yield from ((0.2, word) for word in course.keywords)
    yield from ((0.3, text) for text in catalogue.subjects[course.subject_id].name.by_language.values())
    yield from ((0.4, text) for code in course.modules for text in catalogue.modules[code].name.by_language.values())
    yield from ((0.5, text) for text in catalogue.schools[course.school_id].name.by_language.values())
    yield from ((0.6, text) for text in course.summary.by_language.values())
    yield (0.7, course.teacher)


def query_terms(text: str) -> tuple[str, ...]:
    """The folded words of a query. A code is one word however it is written: MAA07, MAA 7 and maa-7 are maa7."""
    folded = fold(text)
    codes = [match["letters"] + match["digits"] for match in CODE_WORD.finditer(folded)]
    return tuple(dict.fromkeys([*codes, *WORD.findall(CODE_WORD.sub(" ", folded))]))[:MAX_TERMS]


def ranked(index: SearchIndex, text: str) -> Mapping[int, float] | None:
    """Courses by number with how well they fit a query, the less the better; None when the query has no words."""
    terms = query_terms(text)
    if not terms:
        return None
    total = _places(index, terms[0])
    for term in terms[1:]:
        found = _places(index, term)
        total = {number: score + found[number] for number, score in total.items() if number in found}
    return total


def _places(index: SearchIndex, term: str) -> dict[int, float]:
    """Where a term hits. With a digit in it only the whole word or code will do: MAA1 is not MAA10."""
    best: dict[int, float] = {}
    if any(character.isdigit() for character in term):
        _keep_best(best, index.codes.get(term, ()), 0.0)
        _keep_best(best, index.words.get(term, ()), 0.0)
        return best
    fits = _Fits(term)
    for word, places in index.words.items():
        score = fits.score(word)
        if score is not None:
            _keep_best(best, places, score)
    return best


def _keep_best(best: dict[int, float], places: tuple[Place, ...], score: float) -> None:
    for place in places:
        total = score + place.weight
        if total < best.get(place.number, 1e9):
            best[place.number] = total


class _Fits:
    """How a term fits words. Slips are measured only where the letters could still agree."""

    def __init__(self, term: str) -> None:
        self.term = term
        self.stems = tuple(stem for stem in (term[:-1], term[:-2], term[:-3]) if len(stem) >= 4) if len(term) >= 6 else ()
        self.slips = 0 if len(term) < 4 else 1 if len(term) < 8 else 2
        self.letters = frozenset(term)

    def score(self, word: str) -> float | None:
        term = self.term
        if word.startswith(term):
            return 0.0 if len(word) == len(term) else PREFIX
        if len(term) >= 4 and term in word:
            return INSIDE
        if self.stems and word.startswith(self.stems):
            return STEM
        return self._slip(word) if self.slips else None

    def _slip(self, word: str) -> float | None:
        length, slips = len(self.term), self.slips
        if len(word) < length - slips or len(self.letters.difference(word)) > slips:
            return None
        if len(word) <= length + slips and distance(self.term, word, slips + 1) <= slips:
            return SLIP
        head = word[:length]
        if len(word) > length and len(self.letters.difference(head)) <= slips and distance(self.term, head, slips + 1) <= slips:
            return SLIP_IN_PREFIX
        return None
