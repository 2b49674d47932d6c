"""A reader finds a course: by filters, words and order together, with the keyboard alone, and without a script by the service."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser import LAPTOP, PHONE

pytestmark = pytest.mark.browser

WIDTHS = pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])


@pytest.fixture(scope="module")
def laptop(browser: Browser, host: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=host, viewport=LAPTOP)  # type: ignore[arg-type]
    yield context
    context.close()


def titles(page: Page) -> list[str]:
    """The titles of the rows that show, in their order."""
    return page.locator(".course-row__link:visible").all_inner_texts()


def follow(page: Page, link: Locator) -> None:
    """Press a link and wait for the page it leads to."""
    with page.expect_navigation():
        link.click()


def total(page: Page) -> int:
    return int(page.locator("#count").inner_text().split()[0])


def test_filters_words_and_order_stand_in_an_address_that_can_be_shared(laptop: BrowserContext, browser: Browser, host: str) -> None:
    page = laptop.new_page()
    page.goto("/")
    page.get_by_label("Ohjattu verkkokurssi").check()
    page.wait_for_url("**/?mode=guided")
    page.locator("#q").fill("matematiikka")
    page.wait_for_url("**/?q=matematiikka&mode=guided")
    page.get_by_role("link", name="Nimi", exact=True).click()
    page.wait_for_url("**/?q=matematiikka&mode=guided&order=title")
    expect(page.get_by_role("link", name="Nimi", exact=True)).to_have_attribute("aria-current", "true")
    expect(page).to_have_title(re.compile("^(?!137 |248 )[0-9]+ kurssia – "))
    expect(page.locator(".course-row__link:visible")).to_have_count(total(page))
    expect(page.locator("header a[hreflang=sv]")).to_have_attribute("href", re.compile(r"/sv/\?q=matematiikka&mode=guided&order=title$"))
    found = titles(page)
    assert len(found) > 5

    other = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    shared = other.new_page()
    shared.goto(page.url)
    expect(shared.locator("#count")).to_have_text(f"{len(found)} kurssia")
    assert titles(shared) == found
    expect(shared.locator("#q")).to_have_value("matematiikka")
    other.close()

    page.go_back()
    page.wait_for_url("**/?q=matematiikka&mode=guided")
    page.go_back()
    expect(page.locator("#count")).to_have_text("248 kurssia")
    expect(page.locator("#q")).to_have_value("")
    expect(page.get_by_label("Ohjattu verkkokurssi")).not_to_be_checked()
    page.close()


def test_with_the_keyboard_alone_a_course_is_found_and_opened(laptop: BrowserContext) -> None:
    page = laptop.new_page()
    page.goto("/schools.html")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("derivaatta")
    expect(page.locator("#count")).not_to_have_text("248 kurssia")
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_be_focused()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.course-row__link')"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("erivaatta")
    page.close()


def test_places_left_are_those_that_the_service_knows_of_now(laptop: BrowserContext) -> None:
    page = laptop.new_page()
    page.goto("/search")
    every = int(page.locator("label", has_text="Paikkoja vapaana").locator("[data-count]").inner_text())
    page.goto("/search?free=1")
    told = total(page)
    assert told == every
    page.goto("/?free=1")
    expect(page.locator("#count")).to_have_text(f"{told} kurssia")
    page.close()


@WIDTHS
def test_without_a_script_the_service_answers_page_by_page(browser: Browser, host: str, viewport: dict[str, int]) -> None:
    context = browser.new_context(base_url=host, viewport=viewport, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/")
    page.locator("#q").fill("matematiikan")
    follow(page, page.get_by_role("button", name="Hae", exact=True))
    expect(page).to_have_url(re.compile(r"/search\?q=matematiikan"))
    assert page.locator(".course-row mark").count() > 0
    page.goto("/search?order=title")
    first = titles(page)
    assert (len(first), total(page)) == (50, 248)
    follow(page, page.get_by_role("link", name="Seuraava sivu"))
    expect(page).to_have_url(re.compile(r"order=title&page=2"))
    expect(page.get_by_text("Sivu 2/5")).to_be_visible()
    assert not set(first) & set(titles(page)[10:])  # ten courses may share a title with one of the page before
    follow(page, page.get_by_role("link", name="Edellinen sivu"))
    assert titles(page) == first
    context.close()


def test_a_search_that_finds_nothing_offers_what_is_near(browser: Browser, host: str) -> None:
    context = browser.new_context(base_url=host, java_script_enabled=False)
    page = context.new_page()
    page.goto("/search?q=MAA77&mode=guided")
    expect(page.get_by_role("heading", name="Ei yhtään kurssia näillä ehdoilla")).to_be_visible()
    link = page.get_by_role("link", name="Matematiikka, pitkä oppimäärä", exact=True)
    count = int(re.findall("[0-9]+", link.locator("..").inner_text())[-1])
    follow(page, link)
    assert total(page) == count > 0
    expect(page).to_have_url(re.compile(r"subject=MAA&mode=guided"))
    context.close()


def test_every_list_can_be_reached_from_the_front_page_without_a_script(browser: Browser, host: str) -> None:
    context = browser.new_context(base_url=host, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="alkamisajan, kohderyhmän, kielen ja opiskelutavan mukaan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kurssit luetteloina")
    for name, heading in (("Helmikuussa", "Helmikuussa alkavat verkkokurssit"), ("Ruotsi", "Verkkokurssit, opetuskieli ruotsi")):
        page.goto("/lists.html")
        follow(page, page.get_by_role("link", name=name, exact=True))
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert total(page) == len(titles(page)) > 0
    context.close()
