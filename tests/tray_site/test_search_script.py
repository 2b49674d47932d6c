"""The site's script finds what the service finds: the same courses at the same costs, from the files that are published."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
from playwright.sync_api import Browser, Page, Route

from course_catalogue.catalogue import load
from course_catalogue.search import SearchIndex, index_of, marks, nearest_words, ranked, shard
from tests.browser import chromium
from tests.course_catalogue.search.cases import CASES, MARKS, NOTHING
from theme.static_file import static_files
from tray_site.files.search_data import search_address, search_files

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).resolve().parents[2] / "content"
HOST = "http://tarjotin.example"
FIRST_QUERY = 15_000  # bytes, Brotli: what a first search in some 250 courses may wait for
MANY_PARTS = 1_200  # characters of a part, by which the sample's tables fall into more parts than a word looks through

ODD = (
    "MAA2-4",
    "osa 1",
    "maa",
    "S201 2",
    "yo",
    "a",
    "ä",
    "é",
    "ß",
    "Straße",
    "3d",
    "2",
    "fy4fy5",
    "e\u0301tude",
    "русский",
    "__",
    "ma 7",
)

ASK = """async ([address, queries, titles]) => {
  const engine = await (await import("/search.js")).open(address);
  const answers = [];
  for (const query of queries) {
    const { scores, words, nearest } = await engine.rank(query);
    const found = scores && [...scores.entries()].filter(([, cost]) => cost).map(([number, cost]) => [number, cost - 1]);
    const costs = found?.sort((one, other) => one[1] - other[1] || one[0] - other[0]) ?? null;
    const marked = costs ? costs.slice(0, 5).map(([number]) => engine.marks(query, titles[number])) : [];
    answers.push({ costs, nearest, marked });
  }
  return answers;
}"""


class Site:
    """A page that can import the script and load the files of an index, and what was loaded."""

    def __init__(self, browser: Browser, index: SearchIndex) -> None:
        self.index = index
        self.files = search_files(index)
        self.address = search_address(self.files)
        self.loaded: list[str] = []
        self.broken = False
        self.page: Page = browser.new_page()
        self.page.route(f"{HOST}/**", self._answer)
        self.page.goto(f"{HOST}/")

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        if path in self.files:
            self.loaded.append(path)
            route.fulfill(status=503 if self.broken else 200, body=self.files[path])
        elif path == "/search.js":
            route.fulfill(body=static_files()["search.js"].content, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>A page</title>", content_type="text/html")

    def ask(self, queries: list[str]) -> list[dict[str, Any]]:
        titles = [str(course.title) for course in self.index.courses]
        answers: list[dict[str, Any]] = self.page.evaluate(ASK, [self.address, queries, titles])
        return answers


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return index_of(load(SAMPLE))


@pytest.fixture(scope="module", params=["few parts", "many parts"])
def site(request: pytest.FixtureRequest, browser: Browser, index: SearchIndex) -> Iterator[Site]:
    """The sample network as it is, and as a network so large that a word looks through a little of its index only."""
    if request.param == "few parts":
        yield Site(browser, index)
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shard, "LARGEST", MANY_PARTS)
        yield Site(browser, index_of(load(SAMPLE)))


def words_of(index: SearchIndex) -> list[str]:
    return [entry.shown for table in (index.names, index.texts) for part in table.parts for entry in shard.entries(part).values()]


def made_up(index: SearchIndex, count: int) -> list[str]:
    """Queries from the words of the index: whole, begun, mistyped, two together. The same every time."""
    chance = random.Random(4)  # noqa: S311 - no secret
    words = words_of(index)
    queries = []
    for _ in range(count):
        word = chance.choice(words)
        place = chance.randrange(len(word))
        how = chance.random()
        if how < 0.3:
            word = word[: place + 1]
        elif how < 0.6:
            word = word[:place] + chance.choice(("", "x", chance.choice("aeiknstäö"))) + word[place + 1 :]
        elif how < 0.7:
            word += chance.choice(("lla", "iin", "kurs", "en", "n"))
        queries.append(f"{word} {chance.choice(words)}" if chance.random() < 0.25 else word)
    return queries


def compare(site: Site, queries: list[str]) -> None:
    titles = [str(course.title) for course in site.index.courses]
    for query, answer in zip(queries, site.ask(queries), strict=True):
        costs = ranked(site.index, query)
        expected = None if costs is None else sorted(([number, cost] for number, cost in costs.items()), key=lambda one: (one[1], one[0]))
        assert answer["costs"] == expected, query
        assert tuple(answer["nearest"]) == nearest_words(site.index, query), query
        for (number, _), marked in zip(expected or (), answer["marked"], strict=False):
            assert marked == [list(one) for one in marks(site.index, query, titles[number])], (query, titles[number])


def test_the_script_finds_what_the_table_of_cases_expects(browser: Browser, index: SearchIndex) -> None:
    site = Site(browser, index)
    for (query, first), answer in zip(CASES, site.ask([query for query, _ in CASES]), strict=True):
        assert tuple(index.courses[number].id for number, _ in answer["costs"][: len(first)]) == first, query
    for (query, instead), answer in zip(NOTHING, site.ask([query for query, _ in NOTHING]), strict=True):
        assert (answer["costs"], tuple(answer["nearest"])) == ([], instead), query


def test_the_script_gives_the_service_s_costs_for_every_case(site: Site) -> None:
    compare(site, [*(query for query, _ in (*CASES, *NOTHING)), *(query for query, _, _ in MARKS), *ODD])


def test_the_script_gives_the_service_s_costs_for_made_up_queries(site: Site) -> None:
    compare(site, made_up(site.index, 400))


def test_the_first_search_waits_for_little(browser: Browser, index: SearchIndex) -> None:
    site = Site(browser, index)
    script = """async ([address, query]) => {
      const engine = await (await import("/search.js")).open(address);
      return (await engine.rank(query, { quick: true })).scores.filter(Boolean).length;
    }"""
    for query in ("geometria", "fysiikka", "matikka", "MAA7", "historia", "järvilukio", "pitkä matematiikka"):
        site.loaded.clear()
        assert site.page.evaluate(script, [site.address, query]) > 0
        weight = sum(len(brotli.compress(site.files[path])) for path in site.loaded)
        assert weight <= FIRST_QUERY, (query, site.loaded)
        assert not any("/texts." in path for path in site.loaded)


def test_each_file_is_loaded_once(browser: Browser, index: SearchIndex) -> None:
    site = Site(browser, index)
    site.ask(["geometria", "geometria", "geometrian kertaus", "geometria"])
    assert len(site.loaded) == len(set(site.loaded))


def test_what_could_not_be_loaded_is_asked_for_again(browser: Browser, index: SearchIndex) -> None:
    site = Site(browser, index)
    site.page.evaluate('async (address) => { window.engine = await (await import("/search.js")).open(address); }', site.address)
    site.broken = True
    assert site.page.evaluate('() => engine.rank("geometria").then(() => "found", (error) => error.message)').startswith("503 ")
    site.broken = False
    found = site.page.evaluate('() => engine.rank("geometria").then(({ scores }) => scores.filter(Boolean).length)')
    assert found == len(ranked(index, "geometria") or {})


def test_a_name_changes_only_with_its_file(index: SearchIndex) -> None:
    files: Mapping[str, bytes] = search_files(index)
    assert files == search_files(index)
    assert search_address(files) == next(iter(files))
    assert all(path.startswith("/static/search/") for path in files)
