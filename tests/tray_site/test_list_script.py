"""The script of the list finds, counts, orders and draws as the service does, and keeps the address true. On the sample network."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from course_catalogue.catalogue import load
from course_catalogue.facet import facts_of
from course_catalogue.model import Catalogue
from course_catalogue.neighbour import neighbours
from course_catalogue.search import SearchIndex, index_of, nearest_words
from course_catalogue.selection import Selection
from tests.browser import LAPTOP, PHONE, chromium
from tests.served import wait_until
from tests.tray_site.conftest import NOW
from theme.environment import environment
from theme.list_view import ListView, row_of
from theme.listing import Listing
from theme.static_file import static_files
from tray_site.build import build
from tray_site.plan import list_pages

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).resolve().parent.parent.parent / "content"

TEXTS = (
    *("maa", "MAA5", "maa 05", "fy4 fy5", "derivaatta", "derivata", "talousmatematiikan", "järvilukio", "jarvilukio fysiikka", "ÄI10"),
    *("historiaa", "ympäristö", "programering", "lukio", "xyzzy", "a", "é", "kirjallisuus omaan tahtiin", "b1-ruotsi", "lainat, säästöt"),
)
CHOICES = (
    "open=1",
    "free=1&month=nonstop&month=2027-02",
    "mode=guided&open=1",
    "month=2026-11&open=1",
    "month=2026-11&from=2026-12-01",
    "from=2027-01-01&to=2027-02-08&language=sv&language=en",
    "to=2026-11-30&level=lukio-aikuiset",
    "subject=MAA&subject=FY&month=nonstop",
    "module=FY4&module=MAA5&credits=2",
    "school=strand&language=sv&level=lukio",
    "credits=1&credits=4&mode=independent",
    "price=8000&price=16000&open=1",
    "price=18000&buyer=outside&mode=guided",
    "price=6000&level=opettajat&order=price",
    "q=matematiikka&open=1&school=lehtola",
    "q=fysiikka&order=subject",
    "month=2025-01&subject=XX",
)
ORDERED = (
    *(
        "order=title",
        "order=school",
        "order=start",
        "order=price",
        "order=price&buyer=outside&open=1",
        "order=start&mode=independent&mode=guided",
    ),
    *("q=ruotsi&order=title", "q=englanti&order=start", "q=matematiikka"),
)


LEFT_EARLY = "Transition was aborted"  # Chromium's word of a page that is left for another before it was drawn


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
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sample")


@contextmanager
def published(folder: Path, name: str) -> Iterator[str]:
    """The sample network, built and served by a host without the service."""
    build(SAMPLE, folder / name, now=NOW, cache=folder / "cache", progress=False)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder / name)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with published(folder, "whole") as found:
        yield found


@pytest.fixture(scope="module")
def long_address(folder: Path) -> Iterator[str]:
    """The same where so many courses are too many for the front page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(list_pages, "ROWS_ON_FRONT", 100)
        with published(folder, "long") as found:
            yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def at_now(browser: Browser, address: str, viewport: dict[str, int]) -> BrowserContext:
    """A browser whose clock stands at the moment of the build, on a host without the service."""
    context = browser.new_context(base_url=address, viewport=viewport)  # type: ignore[arg-type]
    context.clock.set_fixed_time(NOW)
    return context


@pytest.fixture
def laptop(browser: Browser, address: str) -> Iterator[Page]:
    context = at_now(browser, address, LAPTOP)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: None if LEFT_EARLY in str(error) else errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    context = at_now(browser, address, PHONE)
    yield context.new_page()
    context.close()


def seen(page: Page) -> list[str]:
    """The addresses of the rows that show, in their order."""
    script = """() => [...document.querySelectorAll('.course-row')].filter((row) => !row.hidden && !row.closest('[hidden]'))
        .map((row) => row.querySelector('.course-row__link').getAttribute('href'))"""
    found: list[str] = page.evaluate(script)
    return found


def counts(page: Page) -> dict[str, int]:
    script = """() => Object.fromEntries([...document.querySelectorAll('.facet__box')].map((box) =>
        [box.name + '=' + box.value, Number(box.closest('.facet__row').querySelector('[data-count]').textContent)]))"""
    found: dict[str, int] = page.evaluate(script)
    return found


def listing(sample: Catalogue, index: SearchIndex) -> Listing:
    return Listing(sample, index, facts_of(sample, index.courses), NOW)


def expected(sample: Catalogue, index: SearchIndex, query: str) -> tuple[list[str], dict[str, int]]:
    view: ListView = listing(sample, index).view(Selection.from_pairs(parse_qsl(query)), "fi", size=1000)
    rows = [f"/courses/{row.course.id}.html" for row in view.rows]
    return rows, {f"{value.name}={value.value}": value.count for facet in view.facets for value in facet.values}


def told(page: Page, count: int) -> None:
    """Wait until the page tells so many courses."""
    expect(page.locator("[data-total]")).to_have_text(f"{count} kurssi{'' if count == 1 else 'a'}")


def shown(page: Page, rows: list[str], facets: dict[str, int] | None = None) -> None:
    """Wait until the page has drawn these rows, and these counts of its filters; AssertionError when it draws others."""
    told(page, len(rows))
    with suppress(AssertionError):
        wait_until(lambda: seen(page) == rows and facets in (None, counts(page)), 5)
    assert seen(page) == rows, page.url
    assert facets in (None, counts(page)), page.url


def test_typing_finds_what_the_service_finds(laptop: Page, sample: Catalogue, index: SearchIndex) -> None:
    laptop.goto("/")
    for text in TEXTS:
        laptop.locator("#q").fill(text)
        rows, facets = expected(sample, index, f"q={text}")
        shown(laptop, rows, facets)


@pytest.mark.parametrize("query", ["", *CHOICES])
def test_an_address_shows_what_the_service_shows(laptop: Page, sample: Catalogue, index: SearchIndex, query: str) -> None:
    laptop.goto(f"/?{query}")
    rows, facets = expected(sample, index, query)
    shown(laptop, rows, facets)


@pytest.mark.parametrize("query", ORDERED)
def test_rows_come_in_the_service_s_order(laptop: Page, sample: Catalogue, index: SearchIndex, query: str) -> None:
    laptop.goto(f"/?{query}")
    rows, _ = expected(sample, index, query)
    laptop.wait_for_function("() => document.querySelector('.course-group').hidden")
    shown(laptop, rows)


def test_an_order_is_a_link_in_the_head_and_goes_into_the_address(laptop: Page) -> None:
    laptop.goto("/?open=1")
    laptop.get_by_role("link", name="Nimi", exact=True).click()
    laptop.wait_for_url("**/?open=1&order=title")
    expect(laptop.get_by_role("link", name="Nimi", exact=True)).to_have_attribute("aria-current", "true")
    laptop.go_back()
    expect(laptop.locator(".course-group__title:visible").first).to_be_visible()
    laptop.wait_for_url("**/?open=1")


def test_the_address_follows_and_back_undoes_a_choice(laptop: Page) -> None:
    laptop.goto("/")
    laptop.get_by_label("Ohjattu verkkokurssi").check()
    laptop.wait_for_url("**/?mode=guided")
    laptop.get_by_label("Auki nyt").check()
    laptop.wait_for_url("**/?open=1&mode=guided")
    laptop.go_back()
    expect(laptop.get_by_label("Auki nyt")).not_to_be_checked()
    expect(laptop.get_by_label("Ohjattu verkkokurssi")).to_be_checked()
    laptop.go_forward()
    expect(laptop.get_by_label("Auki nyt")).to_be_checked()


def test_the_number_is_told_once_and_stands_in_the_title(laptop: Page) -> None:
    laptop.goto("/")
    laptop.get_by_label("Auki nyt").check()
    expect(laptop.locator("[data-status]")).to_have_text(re.compile("[0-9]+ kurssia"))
    number = laptop.locator("[data-total]").inner_text()
    assert laptop.locator("[data-status]").inner_text() == number
    assert laptop.title().startswith(number)


def test_a_chip_takes_its_choice_away(laptop: Page) -> None:
    laptop.goto("/?open=1&mode=guided&from=2026-12-01")
    laptop.get_by_role("button", name="Poista rajaus: Auki nyt").click()
    expect(laptop.get_by_role("button", name="Poista rajaus: Ohjattu verkkokurssi")).to_be_focused()
    laptop.wait_for_url("**/?mode=guided&from=2026-12-01")
    laptop.get_by_role("button", name="Poista rajaus: Alkaa 1.12.2026–").click()
    laptop.wait_for_url("**/?mode=guided")


def test_an_empty_result_offers_only_ways_that_lead_somewhere(laptop: Page) -> None:
    laptop.goto("/?open=1&q=xyzzy")
    expect(laptop.get_by_role("heading", name="Ei yhtään kurssia näillä ehdoilla")).to_be_visible()
    buttons = laptop.locator("[data-ways-out] button")
    expect(buttons).to_have_count(1)
    buttons.first.click()
    laptop.wait_for_url("**/?open=1")
    expect(laptop.locator("[data-empty]")).to_be_hidden()


@pytest.mark.parametrize("text", ["fysikaa xyzzy", "MAA77", "ÄI99", "derivatta geometriaaa", "kvanttimekaniikka"])
def test_an_empty_result_offers_what_the_service_offers(laptop: Page, sample: Catalogue, index: SearchIndex, text: str) -> None:
    """Nearest words, the text without one of its words, the subject of a code; each with its number, and only those with courses."""
    laptop.goto(f"/?q={text}")
    rows, _ = expected(sample, index, f"q={text}")
    told(laptop, len(rows))
    here = listing(sample, index)
    offers = (
        [(one, here.count(one)) for one in neighbours(Selection(text=text), nearest_words(index, text), sample.subjects)]
        if not rows
        else []
    )
    names = [(one.text or sample.subjects[one.subjects[-1]].name.to("fi"), count) for one, count in offers if count][:5]
    wanted = [f"{name} – {count} kurssi{'' if count == 1 else 'a'}" for name, count in names]
    expect(laptop.locator("[data-near-links] li")).to_have_text(wanted)


def test_words_that_were_found_are_marked_in_titles(laptop: Page) -> None:
    laptop.goto("/?q=derivaatta")
    expect(laptop.locator(".course-row:visible mark").first).to_have_text(re.compile("derivaatta", re.IGNORECASE))
    laptop.locator("#q").fill("")
    expect(laptop.locator(".course-row mark")).to_have_count(0)


# Of two rows, without what the reader's own things add and without white space that shows nowhere.
PLAIN = """(html) => { const row = new DOMParser().parseFromString(html, "text/html").querySelector("li");
    for (const one of row.querySelectorAll(".my-choose, [data-my-price]")) one.remove();
    row.removeAttribute("hidden"); return row.outerHTML.replace(/\\s*(<[^>]*>)\\s*/g, "$1"); }"""


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize(
    "moment", [NOW, NOW.replace(year=2027, month=1, day=15), NOW.replace(month=8, day=20), NOW.replace(year=2027, month=7)]
)
def test_a_row_that_the_script_draws_is_the_row_that_is_printed(
    laptop: Page, sample: Catalogue, index: SearchIndex, language: str, moment: datetime
) -> None:
    """At the moment of the build, and at others at which other runs are open."""
    laptop.goto("/" if language == "fi" else f"/{language}/")
    script = f"""async ([address, count, minute]) => {{
        const {{ draw }} = await import(address);
        const rows = await draw([...Array(count).keys()], document.querySelector("[data-list-words]").dataset.blocks, minute);
        const plain = {PLAIN};
        return rows.map((row) => plain(row.outerHTML)); }}"""
    drawn = laptop.evaluate(script, [static_files()["rows.js"].address, len(index.courses), int(moment.timestamp() // 60)])
    printer: Any = environment(language, sample).get_template("course_row.html").make_module({"lang": language})
    printed = [str(printer.row(row_of(number, course, moment))) for number, course in enumerate(index.courses)]
    assert drawn == laptop.evaluate(f"(rows) => rows.map({PLAIN})", printed)


def test_the_list_with_its_styles_and_scripts_weighs_no_more_than_35_kilobytes(folder: Path, address: str) -> None:
    """As a browser gets it before it is asked anything; what answers is loaded on first use."""
    html = (folder / "whole" / "index.html").read_text(encoding="utf-8")
    names = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', html)
    waiting, needed = [folder / "whole" / "static" / name for name in names], set[Path]()
    while waiting:
        path = waiting.pop()
        if path not in needed:
            needed.add(path)
            imported = re.findall(r'\bimport[^("]*"\./([^"]+)"', path.read_text(encoding="utf-8"))
            waiting += [path.with_name(name) for name in imported]
    weights = {path.name: len(brotli.compress(path.read_bytes())) for path in needed} | {"html": len(brotli.compress(html.encode()))}
    assert len(needed) > 5
    assert sum(weights.values()) <= 35_000, weights


def test_rows_that_are_no_longer_true_are_drawn_anew(browser: Browser, address: str) -> None:
    """The page was built on 23 November; on the 28th enrolment on the courses of that month is over."""
    context = browser.new_context(base_url=address, viewport=LAPTOP)  # type: ignore[arg-type]
    context.clock.set_fixed_time(NOW)
    page = context.new_page()
    page.goto("/")
    before = page.locator(".course-row", has_text="Haku päättyi").count()
    context.clock.set_fixed_time(NOW.replace(day=28))
    page.reload()
    expect(page.locator(".course-row", has_text="Haku päättyi 27.11.").first).to_be_attached()
    assert page.locator(".course-row", has_text="Haku päättyi").count() > before
    assert page.locator(".course-row").count() == 248
    context.close()


def test_prices_are_those_of_the_reader_s_own_school(laptop: Page, sample: Catalogue, index: SearchIndex) -> None:
    """Of a school outside the network. Only the class goes into the address, and only with a price."""
    outside = next(school for school in sample.schools if all(school not in one.members for one in sample.agreements.values()))
    laptop.goto("/")
    laptop.evaluate("(id) => localStorage.setItem('tarjotin.school', id)", outside)
    laptop.reload()
    group = laptop.get_by_role("group", name="Hinta verkoston ulkopuoliselle oppilaitokselle")
    group.get_by_label("190 €").check()
    laptop.wait_for_url("**/?price=19000&buyer=outside")
    rows, facets = expected(sample, index, "price=19000&buyer=outside")
    told(laptop, len(rows))
    assert seen(laptop) == rows
    assert counts(laptop) == facets
    laptop.evaluate("localStorage.clear()")


def test_the_slash_key_leads_to_the_search_and_can_be_switched_off(laptop: Page) -> None:
    laptop.goto("/")
    laptop.keyboard.press("/")
    expect(laptop.locator("#q")).to_be_focused()
    laptop.keyboard.press("/")
    expect(laptop.locator("#q")).to_have_value("/")
    laptop.get_by_role("button", name="Poista näppäin käytöstä").click()
    laptop.reload()
    laptop.keyboard.press("/")
    expect(laptop.locator("#q")).not_to_be_focused()
    laptop.get_by_role("button", name="Ota hakunäppäin / käyttöön").click()
    laptop.locator("h1").click()
    laptop.keyboard.press("/")
    expect(laptop.locator("#q")).to_be_focused()


def test_from_a_page_without_a_search_the_slash_key_leads_to_that_of_the_front_page(laptop: Page) -> None:
    laptop.goto("/schools.html")
    laptop.keyboard.press("/")
    expect(laptop.locator("#q")).to_be_focused()


def test_the_slash_key_leads_to_the_search_from_a_filter_too(laptop: Page) -> None:
    laptop.goto("/")
    laptop.get_by_label("Auki nyt").check()
    laptop.keyboard.press("/")
    expect(laptop.locator("#q")).to_be_focused()
    laptop.wait_for_url("**/?open=1")


def test_back_closes_the_sheet_of_a_phone_and_keeps_what_was_chosen(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_role("link", name="Rajaa").click()
    expect(phone.get_by_role("heading", name="Rajaa kursseja")).to_be_visible()
    phone.get_by_label("Auki nyt").check()
    phone.go_back()
    expect(phone.get_by_role("heading", name="Rajaa kursseja")).to_be_hidden()
    phone.wait_for_url("**/?open=1")
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


def test_a_list_too_long_for_the_page_is_drawn_some_rows_at_a_time(
    browser: Browser, long_address: str, sample: Catalogue, index: SearchIndex
) -> None:
    context = at_now(browser, long_address, LAPTOP)
    page = context.new_page()
    page.goto("/")
    assert len(seen(page)) == 20
    page.get_by_label("Ohjattu verkkokurssi").check()
    rows, facets = expected(sample, index, "mode=guided")
    told(page, len(rows))
    expect(page.locator("[data-start]")).to_be_hidden()
    assert seen(page) == rows[:50]
    assert counts(page) == facets
    more = page.get_by_role("button", name=f"Näytä lisää, jäljellä {len(rows) - 50}")
    more.evaluate("one => { one.click(); one.click(); }")  # an impatient reader
    expect(page.locator(".course-row:visible")).to_have_count(100)
    assert seen(page) == rows[:100]
    expect(page.locator(".course-row:visible .course-row__link").nth(50)).to_be_focused()
    page.go_back()
    expect(page.locator("[data-start]")).to_be_visible()
    context.close()


@pytest.mark.parametrize(
    "query",
    ["q=fysiikka", "q=derivaatan&open=1", "order=title", "order=school&language=sv", "order=price&buyer=outside", "free=1&order=start"],
)
def test_a_long_list_finds_and_orders_what_the_service_does(
    browser: Browser, long_address: str, sample: Catalogue, index: SearchIndex, query: str
) -> None:
    context = at_now(browser, long_address, PHONE)
    page = context.new_page()
    page.goto(f"/?{query}")
    rows, facets = expected(sample, index, query)
    told(page, len(rows))
    page.wait_for_function("(wanted) => document.querySelectorAll('[data-list] .course-row').length === wanted", arg=min(50, len(rows)))
    assert seen(page) == rows[:50]
    assert counts(page) == facets
    context.close()


def test_the_first_results_do_not_wait_for_the_columns(browser: Browser, long_address: str, sample: Catalogue, index: SearchIndex) -> None:
    context = at_now(browser, long_address, LAPTOP)
    page = context.new_page()
    held: list[Route] = []
    page.route("**/static/list/list.*.json", lambda route: held.append(route))
    page.goto("/?q=fysiikka")
    rows, facets = expected(sample, index, "q=fysiikka")
    told(page, len(rows))
    expect(page.locator("[data-list] .course-row")).to_have_count(min(50, len(rows)))
    assert seen(page) == rows[:50]
    assert counts(page) != facets
    held[0].continue_()
    page.wait_for_function("(wanted) => Number(document.querySelector('[data-count]').textContent) === wanted", arg=facets["open=1"])
    assert counts(page) == facets
    context.close()
