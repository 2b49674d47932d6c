"""The site by keyboard alone, and what a screen reader says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import LAPTOP, PHONE
from tests.page_kinds import FOLDERS, samples

pytestmark = pytest.mark.browser

COURSE = "/courses/jarvilukio/hi1-ihminen-ymparisto-ja-historia.html"
SKIP = {"fi": "Siirry sisältöön", "sv": "Gå till innehållet", "en": "Skip to content"}
FOCUSED = "document.activeElement"
# A link that stands for a whole row is ringed round the row.
# Inside a date's field the browser rings the part that it stands on.
RINGED = """!document.activeElement.matches(":focus")
    || [null, "::before", "::after"].some(part => getComputedStyle(document.activeElement, part).outlineStyle !== "none")"""


@pytest.fixture
def page(browser: Browser, host: str) -> Iterator[Page]:
    context = browser.new_context(base_url=host, viewport=LAPTOP, reduced_motion="reduce")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def tab_to(page: Page, selector: str, most: int = 200) -> None:
    """Press Tab until the focus is on an element."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED}.matches({selector!r})"):
            return
    raise AssertionError(f"{selector} is not reached in {most} steps on {page.url}")


@pytest.mark.slow
@pytest.mark.parametrize("language", FOLDERS)
def test_every_kind_of_page_begins_with_the_link_past_the_navigation(page: Page, site: Path, language: str) -> None:
    for _, address in samples(site, language):
        page.goto(address)
        if page.locator("header nav").count() == 0:  # a list inside another site's page has nothing to skip
            continue
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        assert skip.inner_text() == SKIP[language], address
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(f"!{FOCUSED}.closest('header')"), f"{address}: the next stop is still in the header"


@pytest.mark.parametrize("address", ["/", COURSE, "/pages/rules.html", "/schools.html"])
def test_the_focus_is_seen_wherever_it_is(page: Page, address: str) -> None:
    page.goto(address)
    seen: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED} === document.body"):
            break
        if not page.evaluate(RINGED):
            seen.append(page.evaluate(f"{FOCUSED}.outerHTML.slice(0, 120)"))
    assert seen == []


def test_a_student_enrols_by_keyboard(page: Page) -> None:
    page.goto(COURSE)
    tab_to(page, "[name=name]")
    page.keyboard.type("Aino Aho")
    tab_to(page, "[name=email]")
    page.keyboard.type("aino.keys@kuusikko.example")
    tab_to(page, "[name=school]")
    page.keyboard.type("Kuusikon")
    tab_to(page, "[name=group]")
    page.keyboard.type("24B")
    tab_to(page, "[name=syllabus]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/enrolment/"))
    expect(page.locator(".error-summary")).to_have_count(0)


def test_the_sheet_of_filters_is_opened_used_and_left_by_keyboard(page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/")
    tab_to(page, "a[href='#filters']")
    page.keyboard.press("Enter")
    expect(page.locator("#filters")).to_be_in_viewport()
    tab_to(page, "#filters input[type=checkbox]")
    name = page.evaluate(f"{FOCUSED}.name")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(rf"[?&]{name}="))
    tab_to(page, "#filters .filters__submit")
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_be_in_viewport()
    expect(page.locator("#filters")).not_to_be_in_viewport()


@pytest.mark.parametrize(("language", "name"), [("fi", r"\d+ kurssia"), ("sv", r"\d+ kurser"), ("en", r"\d+ courses")])
def test_the_results_are_a_region_named_by_their_number(page: Page, language: str, name: str) -> None:
    page.goto(f"/{FOLDERS[language]}")
    results = page.get_by_role("region", name=re.compile(name)).first
    expect(results).to_be_visible()
    expect(results.get_by_role("heading", level=2).first).to_have_text(re.compile(name))
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_have_count(1)
    page.get_by_role("searchbox").fill("fysiikka" if language == "fi" else "fysik" if language == "sv" else "physics")
    expect(page.get_by_role("status").filter(has_text=re.compile(r"^\d+ kur|^\d+ cour"))).to_have_count(1)


def test_a_row_is_told_in_the_order_in_which_it_is_read(page: Page) -> None:
    page.goto("/subjects/fy.html")
    row = page.get_by_role("main").get_by_role("listitem").filter(has=page.locator(".course-row__link")).first
    told = row.aria_snapshot()
    assert "- link " in told
    assert told.count("- link ") == 1
