"""The search over the sample network: the same table is asked of the site's script in tests/tray_site/test_search_script.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue
from course_catalogue.search import SearchIndex, index_of, marks, nearest_words, ranked
from tests.course_catalogue.search.cases import CASES, MARKS, NOTHING

SAMPLE = Path(__file__).resolve().parents[3] / "content"


@pytest.fixture(scope="module")
def sample() -> Catalogue:
    return load(SAMPLE)


@pytest.fixture(scope="module")
def index(sample: Catalogue) -> SearchIndex:
    return index_of(sample)


def found(index: SearchIndex, query: str) -> list[str]:
    costs = ranked(index, query) or {}
    return [index.courses[number].id for number in sorted(costs, key=lambda number: (costs[number], number))]


@pytest.mark.parametrize(("query", "first"), CASES, ids=[query for query, _ in CASES])
def test_a_query_finds_these_first(index: SearchIndex, query: str, first: tuple[str, ...]) -> None:
    assert tuple(found(index, query)[: len(first)]) == first


@pytest.mark.parametrize(("query", "instead"), NOTHING, ids=[query for query, _ in NOTHING])
def test_a_query_that_finds_nothing_is_offered_what_is_nearest(index: SearchIndex, query: str, instead: tuple[str, ...]) -> None:
    assert ranked(index, query) == {}
    assert nearest_words(index, query) == instead


@pytest.mark.parametrize(("query", "title", "marked"), MARKS)
def test_the_letters_that_were_hit_are_marked(index: SearchIndex, query: str, title: str, marked: tuple[str, ...]) -> None:
    assert tuple(title[begin:end] for begin, end in marks(index, query, title)) == marked


@pytest.mark.parametrize("nothing", ["", "  ", "–", "!?"])
def test_a_query_without_words_asks_for_nothing(index: SearchIndex, nothing: str) -> None:
    assert ranked(index, nothing) is None
    assert nearest_words(index, nothing) == ()


@pytest.mark.parametrize(("code", "other"), [("MAA1", "maa10"), ("MAA2", "maa12"), ("RUB1", "rub11"), ("FY1", "fy10")])
def test_a_code_is_not_the_beginning_of_another(index: SearchIndex, code: str, other: str) -> None:
    with_other = {one.id for one in index.courses if other.upper() in one.modules}
    assert with_other.isdisjoint(one.id for one in index.courses if one.id in found(index, code) and code not in one.modules)


def test_the_title_comes_before_the_body(index: SearchIndex) -> None:
    """Where a word stands in titles and in bodies, no course that has it in the body only comes before one that has it in the title."""
    costs = ranked(index, "energia")
    assert costs is not None
    in_title = [costs[number] for number, one in enumerate(index.courses) if "nergia" in str(one.title) and number in costs]
    assert max(in_title) < 20 <= max(costs.values())


def test_every_word_must_be_found(index: SearchIndex) -> None:
    assert set(found(index, "geometria kartalla")) == set(found(index, "geometria")) & set(found(index, "kartalla"))


def test_every_course_is_a_course(index: SearchIndex, sample: Catalogue) -> None:
    """A word that stands for every course, as vocabulary/search_words.yaml tells, takes nothing away."""
    assert set(found(index, "englannin kurssi")) == set(found(index, "englannin"))
    assert len(found(index, "kurssi")) == len(sample.published())
