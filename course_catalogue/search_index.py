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
WORD = re.compile(r"[a-z0-9]+")
WHOLE, PREFIX, INSIDE, STEM, SLIP = 0.0, 1.0, 2.0, 3.0, 4.0  # how well a word fits: the less, the better


@dataclass(frozen=True, slots=True)
class IndexedCourse:
    """A course with its folded words. Each word has the weight of the place where it stands; the less, the better."""

    course: Course
    words: Mapping[str, float]
    codes: frozenset[str]  # folded, without leading zeros: maa7


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case without accents: ä and å are a, ö is o. Both sides of every comparison are folded."""
    return "".join(one for one in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(one))


def index_of(catalogue: Catalogue) -> tuple[IndexedCourse, ...]:
    """Every course that has a page, in the order of the list: subject, module, title."""
    order = {subject: place for place, subject in enumerate(catalogue.subjects)}
    courses = sorted(
        catalogue.published(),
        key=lambda one: (order[one.subject_id], [_natural(code) for code in one.modules] or [("~", 0)], fold(str(one.title)), one.id),
    )
    return tuple(_indexed(catalogue, course) for course in courses)


def _natural(code: str) -> tuple[str, int]:
    match = re.match(r"(\D*)(\d*)", code)
    return (match[1], int(match[2] or 0)) if match else (code, 0)


def _indexed(catalogue: Catalogue, course: Course) -> IndexedCourse:
    words: dict[str, float] = {}
    for weight, text in _texts(catalogue, course):
        for word in WORD.findall(fold(text)):
            words[word] = min(weight, words.get(word, weight))
    codes = frozenset(code for module in course.modules for code in _codes(fold(module)))
    return IndexedCourse(course, words, codes)


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


def _codes(text: str) -> list[str]:
    return [match["letters"] + match["digits"] for match in CODE.finditer(text)]


def query_terms(text: str) -> tuple[str, ...]:
    """The folded words of a query. A code is one word however it is written: MAA07, MAA 7 and maa-7 are maa7."""
    folded = fold(text)
    terms: list[str] = []
    rest = folded
    for match in re.finditer(rf"(?<![a-z0-9]){CODE.pattern}(?![a-z0-9])", folded):
        terms.append(match["letters"] + match["digits"])
        rest = rest.replace(match[0], " ", 1)
    return (*terms, *WORD.findall(rest))


def rank(entry: IndexedCourse, terms: tuple[str, ...]) -> float | None:
    """How well a course fits the terms, the less the better; None when one of them does not hit."""
    total = 0.0
    for term in terms:
        score = _score(entry, term)
        if score is None:
            return None
        total += score
    return total


def _score(entry: IndexedCourse, term: str) -> float | None:
    if any(character.isdigit() for character in term):
        return WHOLE if term in entry.codes else entry.words.get(term)
    exact = entry.words.get(term)
    if exact is not None:
        return WHOLE + exact
    scores = [fit + weight for word, weight in entry.words.items() if (fit := _fit(term, word)) is not None]
    return min(scores, default=None)


def _fit(term: str, word: str) -> float | None:
    """How a term fits a word that is not the same."""
    if word.startswith(term):
        return PREFIX
    if len(term) >= 4 and term in word:
        return INSIDE
    if len(term) >= 6 and any(len(stem) >= 4 and word.startswith(stem) for stem in (term[:-1], term[:-2], term[:-3])):
        return STEM
    if len(term) >= 4 and not word.isdigit():
        limit = 1 if len(term) < 8 else 2
        if abs(len(word) - len(term)) <= limit and distance(term, word, limit + 1) <= limit:
            return SLIP
        if len(word) > len(term) and distance(term, word[: len(term)], limit + 1) <= limit:
            return SLIP + 0.5
    return None
