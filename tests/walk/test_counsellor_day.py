"""A counsellor's day: twenty requests decided by keyboard alone, and the list is empty."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from course_catalogue.catalogue import load
from course_catalogue.model import Course, Offering
from course_catalogue.offering import preselected
from course_catalogue.price import agreement_for, price_for
from tests.browser import LAPTOP, chromium
from tests.served import ROOT, SHOW_DAY, Served, serve

pytestmark = pytest.mark.browser

HOME = "suvanto"  # has nothing to decide in the sample autumn
COUNSELLOR, PRINCIPAL = "hanna.miettinen@suvanto.example", "veikko.jokela@suvanto.example"
REQUESTS = 20


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("counsellor")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def open_runs() -> Iterator[tuple[Course, Offering]]:
    """Runs of other schools on which one can enrol on the show day, with room for all."""
    catalogue = load(ROOT / "content")
    now = datetime.fromisoformat(f"{SHOW_DAY}T12:00+02:00")
    for course in catalogue.published():
        offering = preselected(course, now) if course.status == "published" and course.school_id != HOME else None
        if offering is not None and "lukio" in course.audience and offering.seats is None:
            yield course, offering


def enrol(served: Served, number: int, course: Course, offering: Offering) -> None:
    """Send the form of the course's page as a browser would."""
    catalogue = load(ROOT / "content")
    price = price_for(agreement_for(catalogue, offering), course, HOME).cents
    typed = {
        "course": course.id,
        "offering": offering.id,
        "name": f"Opiskelija Numero {number}",
        "email": f"opiskelija.{number}@suvanto.example",
        "school": HOME,
        "group": "24B",
        "syllabus": "nuoret",
        "prices_shown": f"{offering.id}:{price}/{price}",
    }
    body = urllib.parse.urlencode(typed).encode()
    sending = urllib.request.Request(f"{served.address}/enrol", body, {"Origin": served.address})  # noqa: S310 - our own loopback address
    with urllib.request.urlopen(sending, timeout=10) as answer:  # noqa: S310
        assert answer.status == 200


def sign_in(page: Page, email: str) -> None:
    page.goto("/staff")
    page.get_by_label("Sähköpostiosoitteesi oppilaitoksessa").fill(email)
    page.get_by_role("button", name="Lähetä linkki").click()
    link = page.get_by_role("row").filter(has_text=email).get_by_role("link", name=re.compile("[Kk]irjau")).first
    for _ in range(60):
        page.goto("/mailbox")
        if link.count():
            break
        page.wait_for_timeout(250)
    link.click()
    address = page.locator('.mail-text a[href*="/staff/sign-in/"]').first.get_attribute("href")
    assert address is not None
    page.goto(address)
    page.get_by_role("button", name="Kirjaudu").click()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.textContent"))


def tab_until(page: Page, name: str) -> None:
    """Press Tab until the focus is where it says so."""
    for _ in range(200):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {name!r}")


def test_a_counsellor_decides_twenty_requests_by_keyboard(browser: Browser, served: Served) -> None:
    runs = list(open_runs())
    for number in range(REQUESTS):
        enrol(served, number, *runs[number % len(runs)])
    context = browser.new_context(base_url=served.address, viewport=LAPTOP, locale="fi-FI")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(10_000)
    sign_in(page, COUNSELLOR)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(f"{REQUESTS} pyyntöä odottaa päätöstäsi")
    expect(page.locator(".menu-count")).to_have_text(str(REQUESTS))

    boxes = page.locator("[name=chosen]")
    tab_until(page, "chosen")
    page.keyboard.press("x")
    expect(boxes.nth(0)).to_be_checked()
    for key in ("j", "j", "ArrowDown", "ArrowUp", "k"):
        page.keyboard.press(key)
    expect(boxes.nth(1)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[data-count]")).to_have_text("2 valittu")
    page.keyboard.press("a")
    expect(heading).to_have_text("Hyväksytäänkö 2 pyyntöä?")
    expect(heading).to_be_focused()
    tab_until(page, "Hyväksy valitut")
    page.keyboard.press("Enter")
    expect(heading).to_have_text("Hyväksyit 2 pyyntöä")

    tab_until(page, "Takaisin luetteloon")
    page.keyboard.press("Enter")
    expect(heading).to_have_text(f"{REQUESTS - 2} pyyntöä odottaa päätöstäsi")
    tab_until(page, "Valitse kaikki")
    page.keyboard.press("Enter")
    expect(page.locator("[data-count]")).to_have_text(f"{REQUESTS - 2} valittu")
    tab_until(page, "chosen")
    page.keyboard.press("a")
    expect(heading).to_have_text(f"Hyväksytäänkö {REQUESTS - 2} pyyntöä?")
    tab_until(page, "Hyväksy valitut")
    page.keyboard.press("Enter")
    expect(heading).to_have_text(f"Hyväksyit {REQUESTS - 2} pyyntöä")
    page.goto("/staff/requests")
    expect(heading).to_have_text("Kaikki on päätetty")
    expect(boxes).to_have_count(0)
    expect(page.locator(".menu-count")).to_have_count(0)
    context.close()


def test_keys_do_nothing_outside_the_list(browser: Browser, served: Served) -> None:
    enrol(served, REQUESTS, *next(open_runs()))
    context = browser.new_context(base_url=served.address, viewport=LAPTOP, locale="fi-FI")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(10_000)
    sign_in(page, PRINCIPAL)
    expect(page.locator("[data-keys]")).to_be_visible()
    for key in ("j", "x", "a"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", level=1)).to_have_text("1 pyyntö odottaa päätöstäsi")
    expect(page.locator("[name=chosen]").first).not_to_be_checked()
    context.close()
