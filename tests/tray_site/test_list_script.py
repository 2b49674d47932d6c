"""The script of the list finds and counts what the service finds and counts, and keeps the address true. On the sample network."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue
from course_catalogue.search_index import SearchIndex, index_of
from course_catalogue.selection import Selection, select
from tests.browser import LAPTOP, PHONE, chromium
from tests.tray_site.conftest import NOW
from theme.list_view import list_view
from tray_site.build import build

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("list")]

SAMPLE = Path(__file__).resolve().parent.parent.parent / "content"

TEXTS = [
    *(
        "maa",
        "MAA5",
        "maa 05",
        "maa-5",
        "MAA1",
        "fy4 fy5",
        "derivaatta",
        "derivaatan",
        "derivata",
        "talousmatematiikan",
        "strand",
        "järvilukio",
    ),
    *(
        "jarvilukio fysiikka",
        "ÄI10",
        "ai10",
        "historiaa",
        "ympäristö",
        "programering",
        "phyton",
        "espanja alkeet",
        "lukio",
        "xyzzy",
        "a",
        "2",
        "é",
    ),
    *("kirjallisuus omaan tahtiin", "GEOMETRIA!", "b1-ruotsi", "verkkopedagogiikka opettajille", "ope", "s2", "lainat, säästöt"),
]
CHOICES = [
    "",
    "open=1",
    "mode=guided&open=1",
    "month=2026-11&open=1",
    "subject=MAA&subject=FY&month=nonstop",
    "school=strand&language=sv&level=lukio",
    "credits=1&credits=4&mode=independent",
    "q=matematiikka&open=1&school=lehtola",
]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def sample() -> Catalogue:
    return load(SAMPLE)


@pytest.fixture(scope="module")
def index(sample: Catalogue) -> SearchIndex:
    return index_of(sample)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = tmp_path_factory.mktemp("sample") / "site"
    build(SAMPLE, site, now=NOW, cache=None, progress=False)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def laptop(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, viewport=LAPTOP)  # type: ignore[arg-type]
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, viewport=PHONE)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def seen(page: Page) -> list[str]:
    """The addresses of the rows that show, in their order."""
    script = "() => [...document.querySelectorAll('.course-row:not([hidden]) .course-row__link')].map((link) => link.getAttribute('href'))"
    found: list[str] = page.evaluate(script)
    return found


def counts(page: Page) -> dict[str, int]:
    script = """() => Object.fromEntries([...document.querySelectorAll('.facet__box')].map((box) =>
        [box.name + '=' + box.value, Number(box.closest('.facet__row').querySelector('[data-count]').textContent)]))"""
    found: dict[str, int] = page.evaluate(script)
    return found


def expected(sample: Catalogue, index: SearchIndex, query: str) -> tuple[list[str], dict[str, int]]:
    pairs = [(name, value) for name, _, value in (pair.partition("=") for pair in query.split("&")) if name]
    selection = Selection.from_pairs(pairs)
    courses = select(sample, selection, NOW, index)
    view = list_view(sample, index, selection, courses, NOW)
    rows = [f"/courses/{row.course.id}.html" for group in view.groups for row in group.rows]
    return rows, {f"{value.name}={value.value}": value.count for facet in view.facets for value in facet.values}


def test_typing_finds_what_the_service_finds(laptop: Page, sample: Catalogue, index: SearchIndex) -> None:
    laptop.goto("/")
    field = laptop.locator("#q")
    with laptop.expect_response("**/search.*.txt"):
        field.focus()
    for text in TEXTS:
        field.fill(text)
        rows, facets = expected(sample, index, f"q={text}")
        laptop.wait_for_function("(wanted) => document.querySelectorAll('.course-row:not([hidden])').length === wanted", arg=len(rows))
        found = seen(laptop)
        assert set(found) == set(rows), text
        assert found[:1] == rows[:1], text
        assert counts(laptop) == facets, text


@pytest.mark.parametrize("query", CHOICES)
def test_an_address_shows_what_the_service_shows(laptop: Page, sample: Catalogue, index: SearchIndex, query: str) -> None:
    laptop.goto(f"/?{query}")
    rows, facets = expected(sample, index, query)
    expect(laptop.locator("[data-total]")).to_have_text(f"{len(rows)} kurssi{'' if len(rows) == 1 else 'a'}")
    assert set(seen(laptop)) == set(rows)
    assert counts(laptop) == facets


def test_the_address_follows_and_back_undoes_a_choice(laptop: Page) -> None:
    laptop.goto("/")
    laptop.get_by_label("Ohjattu verkkokurssi").check()
    assert laptop.url.endswith("/?mode=guided")
    laptop.get_by_label("Auki nyt").check()
    assert laptop.url.endswith("/?mode=guided&open=1")
    laptop.go_back()
    expect(laptop.get_by_label("Auki nyt")).not_to_be_checked()
    expect(laptop.get_by_label("Ohjattu verkkokurssi")).to_be_checked()
    laptop.go_forward()
    expect(laptop.get_by_label("Auki nyt")).to_be_checked()


def test_the_number_is_told_once_and_stands_in_the_title(laptop: Page) -> None:
    laptop.goto("/")
    laptop.get_by_label("Auki nyt").check()
    number = laptop.locator("[data-total]").inner_text()
    expect(laptop.locator("[role=status]")).to_have_text(number)
    assert laptop.title().startswith(number)


def test_a_chip_takes_its_choice_away(laptop: Page) -> None:
    laptop.goto("/?mode=guided&open=1")
    laptop.get_by_role("button", name="Poista rajaus: Auki nyt").click()
    assert laptop.url.endswith("/?mode=guided")
    expect(laptop.get_by_role("button", name="Poista rajaus: Ohjattu verkkokurssi")).to_be_focused()


def test_an_empty_result_offers_only_ways_that_lead_somewhere(laptop: Page) -> None:
    laptop.goto("/?open=1&q=xyzzy")
    expect(laptop.get_by_role("heading", name="Ei yhtään kurssia näillä ehdoilla")).to_be_visible()
    buttons = laptop.locator("[data-ways-out] button")
    expect(buttons).to_have_count(1)
    buttons.first.click()
    assert laptop.url.endswith("/?open=1")
    expect(laptop.locator("[data-empty]")).to_be_hidden()


def test_back_closes_the_sheet_of_a_phone_and_keeps_what_was_chosen(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_role("link", name="Rajaa").click()
    expect(phone.get_by_role("heading", name="Rajaa kursseja")).to_be_visible()
    phone.get_by_label("Auki nyt").check()
    phone.go_back()
    expect(phone.get_by_role("heading", name="Rajaa kursseja")).to_be_hidden()
    assert phone.url.endswith("/?open=1")
    expect(phone.get_by_label("Auki nyt")).to_be_checked()


def test_the_sheet_opens_and_closes_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Rajaa").click()
    expect(page.get_by_role("heading", name="Rajaa kursseja")).to_be_visible()
    page.get_by_role("link", name="Sulje").click()
    expect(page.get_by_role("heading", name="Rajaa kursseja")).to_be_hidden()
    context.close()


@pytest.mark.parametrize(
    "path", ["/", "/courses/jarvilukio/maa3-geometria.html", "/pages/rules.html", "/schools.html", "/sv/subjects/maa.html"]
)
def test_no_page_is_wider_than_the_smallest_phone_with_spaced_text(browser: Browser, address: str, path: str) -> None:
    """WCAG 1.4.10 and 1.4.12."""
    context = browser.new_context(base_url=address, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(path)
    letters = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
    spaced = letters + ".course-group{content-visibility:visible!important}"
    page.add_style_tag(content=spaced)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_a_course_fits_on_two_sheets_of_paper(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/courses/jarvilukio/fy4-fy5-voima-ja-liike.html")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) <= 2
    context.close()
