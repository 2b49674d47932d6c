"""A course page at the minute at which enrolment opens or closes, in a browser that has had it open for a while."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import LAPTOP, PHONE

pytestmark = pytest.mark.browser

TWO = "jarvilukio/ai10-kirjoitustaito"  # closes on 27.11. at 16, and on 1.2.2027 at 16
ONE = "harju/ai8-romaani-ja-yhteiskunta"  # closes on 26.11. at 16
COMING = "koivukoski/li4-yhdessa-liikkuen"  # opens on 11.1.2027 at 8
FORM = "Ilmoittaudu kurssille"

Seats = Mapping[str, Mapping[str, Mapping[str, Any]]]


@contextmanager
def course(
    browser: Browser, host: str, course_id: str, at: str, *, seats: Seats | None = None, phone: bool = False, reader_ahead: int = 0
) -> Iterator[Page]:
    """The page of a course when the network's clock stands at `at`; the reader's own is `reader_ahead` seconds ahead of it."""
    moment = datetime.fromisoformat(at)
    own = moment.astimezone(UTC) + timedelta(seconds=reader_ahead)
    context = browser.new_context(base_url=host, viewport=PHONE if phone else LAPTOP)  # type: ignore[arg-type]
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def answer(route: Route) -> None:
        route.fulfill(headers=_date(moment), body=json.dumps({"at": moment.isoformat(), "seats": seats or {}}))

    page.route("**/api/offerings/seats.json", answer)
    page.clock.install(time=own)
    with page.expect_response("**/api/offerings/seats.json"):
        page.goto(f"/courses/{course_id}.html")
    page.clock.run_for(100)
    yield page
    context.close()
    assert errors == []


def heading(page: Page, name: str) -> Any:
    return page.get_by_role("heading", name=name)


@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_a_course_closes_at_its_minute(browser: Browser, host: str, phone: bool) -> None:
    with course(browser, host, ONE, "2026-11-26T15:58:30+02:00", phone=phone) as page:
        tray = page.locator(".course__tray")
        expect(tray).to_contain_text("Ilmoittaudu viimeistään to 26.11. klo 16.00")
        expect(heading(page, FORM)).to_be_visible()
        expect(page.locator(".enrol-bar")).to_be_visible(visible=phone)
        page.clock.run_for(120_000)
        expect(tray.get_by_text("Haku päättyi 26.11.")).to_be_visible()
        expect(tray.get_by_text("Ilmoittaudu viimeistään")).to_be_hidden()
        expect(page.locator("[data-can-enrol]:visible")).to_have_count(0)
        expect(heading(page, "Haku on päättynyt")).to_be_visible()
        expect(page.locator(".offering--over")).to_have_count(1)


def test_a_course_opens_at_its_minute(browser: Browser, host: str) -> None:
    with course(browser, host, COMING, "2027-01-11T07:58:30+02:00") as page:
        tray = page.locator(".course__tray")
        expect(tray).to_contain_text("Haku alkaa ma 11.1.2027 klo 8.00")
        expect(heading(page, "Haku alkaa ma 11.1.2027 klo 8.00")).to_be_visible()
        expect(page.locator("[data-can-enrol]:visible")).to_have_count(0)
        page.clock.run_for(120_000)
        expect(tray.get_by_text("Ilmoittaudu viimeistään")).to_be_visible()
        expect(tray.get_by_text("Haku alkaa")).to_be_hidden()
        expect(tray.get_by_role("link", name=FORM)).to_be_visible()
        expect(heading(page, FORM)).to_be_visible()
        expect(page.locator("[name=offering]")).to_be_checked()
        expect(page.locator("[name=offering]")).to_be_enabled()
        expect(page.locator("[data-panel]:visible")).to_have_count(0)


def test_when_one_run_closes_the_form_goes_on_with_the_next(browser: Browser, host: str) -> None:
    with course(browser, host, TWO, "2026-11-27T15:59:00+02:00") as page:
        expect(page.locator("[name=offering][value='2026-p3']")).to_be_checked()
        page.clock.run_for(61_000)
        expect(page.locator("[name=offering][value='2027-p4']")).to_be_checked()
        expect(page.locator("[name=offering]:visible")).to_have_count(1)
        expect(page.get_by_role("link", name="Katso seuraava toteutus")).to_be_visible()
        expect(page.locator(".course__tray").get_by_role("link", name=FORM)).to_be_visible()


@pytest.mark.parametrize("reader_ahead", [-7200, -90, 300, 900])
def test_the_networks_clock_counts_and_not_the_readers(browser: Browser, host: str, reader_ahead: int) -> None:
    """A reader's clock may be slow or fast; an answer of that very moment tells the right one."""
    with course(browser, host, ONE, "2026-11-26T15:57:00+02:00", reader_ahead=reader_ahead) as page:
        expect(heading(page, FORM)).to_be_visible()
        page.clock.run_for(150_000)
        expect(heading(page, FORM)).to_be_visible()
        page.clock.run_for(60_000)
        expect(heading(page, "Haku on päättynyt")).to_be_visible()


def test_without_an_answer_a_sample_network_stays_on_its_own_day(browser: Browser, host: str) -> None:
    context = browser.new_context(base_url=host)
    page = context.new_page()
    page.route("**/api/offerings/seats.json", lambda route: route.abort())
    page.clock.install(time=datetime(2031, 1, 1, tzinfo=UTC))
    page.goto(f"/courses/{ONE}.html")
    page.clock.run_for(5000)
    expect(heading(page, FORM)).to_be_visible()
    context.close()


@pytest.mark.parametrize(("course_id", "seen"), [(ONE, FORM), (COMING, "Haku alkaa ma 11.1.2027 klo 8.00")])
def test_without_a_script_the_page_says_what_held_when_it_was_built(browser: Browser, host: str, course_id: str, seen: str) -> None:
    context = browser.new_context(base_url=host, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/courses/{course_id}.html")
    expect(page.locator(".course__enrol h2:visible")).to_have_text([seen])
    context.close()


@pytest.mark.parametrize(
    ("at", "row"),
    [
        ("2026-11-23T09:41:00+02:00", "Su 29.11."),
        ("2026-11-30T00:00:05+02:00", "30.11.–13.12."),
        ("2026-12-20T12:00:00+02:00", "14.12."),
    ],
)
def test_the_price_of_leaving_marks_the_row_of_the_day(browser: Browser, host: str, at: str, row: str) -> None:
    with course(browser, host, TWO, at) as page:
        expect(page.locator(".leaving__now")).to_have_count(1)
        expect(page.locator(".leaving__now")).to_contain_text(row)
        expect(page.locator(".leaving__now .badge")).to_have_text("Nyt")
        expect(page.get_by_text("Tänään voit vielä perua ilman kuluja.")).to_be_visible(visible=at.startswith("2026-11-23"))


@pytest.mark.parametrize(
    ("day", "words", "panel"),
    [
        ("2026-11-29", "Asetu jonoon", None),
        ("2026-11-30", "", "Toteutus on täynnä ja jo alkanut."),
    ],
    ids=["the eve", "the first day"],
)
def test_a_full_run_that_has_begun_takes_nobody_in_its_queue(browser: Browser, host: str, day: str, words: str, panel: str | None) -> None:
    """Enrolment on this run goes on after it has begun; the service would refuse whoever came to its queue then."""
    context = browser.new_context(base_url=host)
    page = context.new_page()

    def longer(route: Route) -> None:
        html = route.fetch().text()
        assert "2026-11-26T16:00+02:00" in html
        route.fulfill(body=html.replace("2026-11-26T16:00+02:00", "2026-12-04T16:00+02:00"), content_type="text/html")

    at = datetime.fromisoformat(f"{day}T09:41:00+02:00")
    full = {"at": at.isoformat(), "seats": {ONE: {"2026-p3": {"taken": 18, "queued": 3}}}}
    page.route(f"**/courses/{ONE}.html", longer)
    page.route("**/api/offerings/seats.json", lambda route: route.fulfill(headers=_date(at), body=json.dumps(full)))
    page.clock.install(time=at)
    page.goto(f"/courses/{ONE}.html")
    page.clock.run_for(100)
    if panel is None:
        expect(page.locator(".tray__action")).to_have_text(words)
        expect(page.get_by_role("button", name=words)).to_be_visible()
        expect(page.locator("[data-panel]:visible")).to_have_count(0)
    else:
        expect(page.get_by_text(panel)).to_be_visible()
        expect(page.locator("[data-can-enrol]:visible")).to_have_count(0)
        expect(page.locator(".course__tray")).to_contain_text("Täynnä")
    context.close()


def _date(at: datetime) -> dict[str, str]:
    return {"Date": f"{at.astimezone(UTC):%a, %d %b %Y %H:%M:%S} GMT", "Content-Type": "application/json"}
