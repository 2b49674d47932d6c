"""The places that are left, on the static pages: as they are now with a script, the whole run's without one or without the service."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import brotli
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue, Course, Offering
from course_catalogue.offering import preselected
from tests.browser import LAPTOP, PHONE, chromium
from tests.served import ROOT, SHOW_DAY, Served, serve

pytestmark = pytest.mark.browser

Told = dict[str, dict[str, dict[str, Any]]]
AT = "2026-11-23T07:41:00+00:00"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("seats")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(ROOT / "content")


@pytest.fixture(scope="module")
def told(served: Served) -> Told:
    """The numbers of the sample network's autumn."""
    found: Told = json.loads(served.get("/api/offerings/seats.json"))["seats"]
    return found


def shown(catalogue: Catalogue) -> Iterator[tuple[Course, Offering]]:
    """The courses on which one can enrol on the show day with the run their page tells about, where its places are limited."""
    now = datetime.fromisoformat(f"{SHOW_DAY}T12:00+02:00")
    for course in catalogue.published():
        offering = preselected(course, now) if course.status == "published" else None
        if offering is not None and offering.seats is not None:
            yield course, offering


def full(catalogue: Catalogue, told: Told) -> tuple[Course, dict[str, int]]:
    """A course whose run is full, with a queue."""
    for course, offering in shown(catalogue):
        numbers = told.get(course.id, {}).get(offering.id, {"taken": 0, "queued": 0})
        if numbers["taken"] >= (offering.seats or 0) and numbers["queued"]:
            return course, numbers
    raise AssertionError("the sample network has no full run with a queue on the show day")


def with_room(catalogue: Catalogue, told: Told) -> tuple[Course, Offering, int]:
    """A course whose run has more than one place left, of which some are taken and nobody waits."""
    for course, offering in shown(catalogue):
        numbers = told.get(course.id, {}).get(offering.id)
        left = (offering.seats or 0) - numbers["taken"] if numbers else 0
        if numbers and numbers["taken"] and left > 1 and not numbers["queued"]:
            return course, offering, left
    raise AssertionError("the sample network has no run with places left")


def opened(browser: Browser, served: Served, path: str, *, script: bool = True, phone: bool = False) -> Page:
    context = browser.new_context(
        base_url=served.address,
        viewport=PHONE if phone else LAPTOP,  # type: ignore[arg-type]
        java_script_enabled=script,
        locale="fi-FI",
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(path)
    return page


@pytest.mark.parametrize(
    ("prefix", "words", "clock"),
    [
        ("", "Täynnä, voit jonottaa · {n} jonossa", r"tänään klo\s\d{1,2}\.\d\d$"),
        ("/sv", "Fullt, du kan köa · {n} i kö", r"i dag kl\.\s\d{1,2}\.\d\d$"),
        ("/en", "Full, you can join the queue · {n} waiting", r"today at \d{1,2}:\d\d$"),
    ],
)
def test_a_full_run_says_so_before_anybody_has_sent_the_form(
    browser: Browser, served: Served, catalogue: Catalogue, told: Told, prefix: str, words: str, clock: str
) -> None:
    course, numbers = full(catalogue, told)
    page = opened(browser, served, f"{prefix}/courses/{course.id}.html")
    tray = page.locator(".course__tray")
    expect(tray).to_contain_text(words.replace("{n}", str(numbers["queued"])))
    expect(tray.locator("[data-seats-at]")).to_have_text(re.compile(clock))
    expect(page.locator("[data-seats-at]:visible")).to_have_count(1)
    expect(page.locator("#enrol")).to_contain_text(words.replace("{n}", str(numbers["queued"])))
    page.context.close()


@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_the_list_says_how_many_are_left(browser: Browser, served: Served, catalogue: Catalogue, told: Told, phone: bool) -> None:
    course, numbers = full(catalogue, told)
    roomy, _, left = with_room(catalogue, told)
    page = opened(browser, served, "/", phone=phone)
    for one, words in ((course, f"Täynnä, voit jonottaa · {numbers['queued']} jonossa"), (roomy, f"{left} paikkaa vapaana")):
        expect(page.locator(f".course-row:has(a[href='/courses/{one.id}.html'])")).to_contain_text(words)
    expect(page.locator("[data-seats-at]:visible")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()


def answer(seats: Told, status: int = 200, at: str = AT) -> Callable[[Route], None]:
    """A route that answers with these numbers."""

    def fulfil(route: Route) -> None:
        route.fulfill(status=status, content_type="application/json", body=json.dumps({"at": at, "seats": seats}))

    return fulfil


@pytest.mark.parametrize(
    ("taken", "queued", "words"),
    [
        (0, 0, "{all} paikkaa vapaana"),
        (1, 0, "{one_less} paikkaa vapaana"),
        ("all but one", 0, "1 paikka vapaana"),
        ("all but one", 2, "1 paikka vapaana · 2 jonossa"),
        ("all", 0, "Täynnä, voit jonottaa"),
        ("all", 1, "Täynnä, voit jonottaa · 1 jonossa"),
        ("too many", 3, "Täynnä, voit jonottaa · 3 jonossa"),
    ],
)
def test_the_words_of_the_numbers(
    browser: Browser, served: Served, catalogue: Catalogue, told: Told, taken: int | str, queued: int, words: str
) -> None:
    course, offering, _ = with_room(catalogue, told)
    places = offering.seats or 0
    number = {"all but one": places - 1, "all": places, "too many": places + 2}.get(taken, taken) if isinstance(taken, str) else taken
    context = browser.new_context(base_url=served.address, timezone_id="America/New_York")
    page = context.new_page()
    numbers = {course.id: {offering.id: {"taken": number, "queued": queued}}} if number or queued else {}
    page.route("**/api/offerings/seats.json", answer(numbers))
    page.goto(f"/courses/{course.id}.html")
    expect(page.locator(".course__tray [data-seats]")).to_have_text(
        words.replace("{all}", str(places)).replace("{one_less}", str(places - 1))
    )
    expect(page.locator(".course__tray [data-seats-at]")).to_have_text(
        re.compile(r"tänään klo\s9\.41$")
    )  # the network's clock, not the reader's
    context.close()


@pytest.mark.parametrize("reason", ["no script", "no clock", "broken", "no answer", "no data"])
def test_without_fresh_numbers_the_page_says_the_places_of_the_run(
    browser: Browser, served: Served, catalogue: Catalogue, told: Told, reason: str
) -> None:
    course, _ = full(catalogue, told)
    static = {one.id: offering.seats for one, offering in shown(catalogue)}[course.id]
    context = browser.new_context(base_url=served.address, java_script_enabled=reason != "no script")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    routes = {
        "no clock": answer(told, at=""),
        "broken": answer(told, status=500),
        "no answer": lambda route: route.abort(),
        "no data": lambda route: route.fulfill(body="<html>", content_type="text/html"),
    }
    if reason in routes:
        page.route("**/api/offerings/seats.json", routes[reason])
    page.goto(f"/courses/{course.id}.html")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".course__tray [data-seats]")).to_have_text(re.compile(f"^{static} paikka"))
    expect(page.locator("[data-seats-at]:visible")).to_have_count(0)
    assert errors == []
    context.close()


def test_numbers_that_have_grown_old_on_an_open_page_are_taken_back(
    browser: Browser, served: Served, catalogue: Catalogue, told: Told
) -> None:
    course, _ = full(catalogue, told)
    context = browser.new_context(base_url=served.address)
    page = context.new_page()
    page.clock.install(time=datetime.fromisoformat(AT))
    page.route("**/api/offerings/seats.json", answer(told))
    page.goto(f"/courses/{course.id}.html")
    place = page.locator(".course__tray [data-seats]")
    expect(place).to_contain_text("Täynnä")
    page.clock.run_for(599_000)
    expect(place).to_contain_text("Täynnä")
    page.clock.run_for(2_000)
    expect(place).to_have_text(re.compile(r"^\d+ paikka"))
    expect(page.locator("[data-seats-at]:visible")).to_have_count(0)
    context.close()


def test_a_page_that_slept_with_the_computer_asks_again(browser: Browser, served: Served, catalogue: Catalogue, told: Told) -> None:
    """Its timers slept too: only the clock has gone on when the reader comes back to it."""
    course, _ = full(catalogue, told)
    page = browser.new_page(base_url=served.address)
    moment = datetime.fromisoformat(AT)
    page.clock.set_fixed_time(moment)
    page.route("**/api/offerings/seats.json", answer(told))
    page.goto(f"/courses/{course.id}.html")
    place = page.locator(".course__tray [data-seats]")
    expect(place).to_contain_text("Täynnä")
    page.route("**/api/offerings/seats.json", answer({}))
    page.clock.set_fixed_time(moment + timedelta(hours=8))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(place).to_have_text(re.compile(r"paikkaa? vapaana$"))
    page.close()


def test_the_script_weighs_little_more_than_a_kilobyte(served: Served) -> None:
    sources = [(ROOT / "theme" / "static" / name).read_bytes() for name in ("seats.js", "clock.js")]
    assert sum(len(brotli.compress(source)) for source in sources) < 2000


def conditional(catalogue: Catalogue) -> tuple[Course, Offering]:
    """A course whose run is held only if enough are confirmed, which is not decided yet."""
    for course, offering in shown(catalogue):
        if offering.minimum and offering.decided_on and offering.decided_on.isoformat() > SHOW_DAY:
            return course, offering
    raise AssertionError("the sample network has no conditional run on the show day")


@pytest.mark.parametrize(
    ("run", "words", "places"),
    [
        ({"to_go": 3}, "Vielä 3 vahvistusta puuttuu.", "{left} paikkaa vapaana"),
        ({"to_go": 1}, "Vielä 1 vahvistus puuttuu.", "{left} paikkaa vapaana"),
        ({"to_go": 0}, "Vahvistuksia on jo tarpeeksi.", "{left} paikkaa vapaana"),
        ({"state": "confirmed"}, "Kurssi toteutuu varmasti.", "{left} paikkaa vapaana"),
        ({"state": "lapsed"}, "Kurssi ei toteudu: vahvistettuja ilmoittautumisia oli liian vähän. Kukaan ei maksa.", "Ei toteudu"),
        ({"state": "cancelled"}, "Järjestäjä perui tämän toteutuksen. Kukaan ei maksa mitään.", "Peruttu"),
        ({}, "", "{left} paikkaa vapaana"),
    ],
    ids=["3 to go", "1 to go", "enough", "confirmed", "lapsed", "cancelled", "nothing known"],
)
def test_how_a_conditional_run_stands(
    browser: Browser, served: Served, catalogue: Catalogue, run: dict[str, Any], words: str, places: str
) -> None:
    course, offering = conditional(catalogue)
    page = browser.new_page(base_url=served.address)
    page.route("**/api/offerings/seats.json", answer({course.id: {offering.id: {"taken": 1, "queued": 0, **run}}}))
    page.goto(f"/courses/{course.id}.html")
    tray = page.locator(".course__tray")
    expect(tray.locator("[data-seats]")).to_have_text(places.replace("{left}", str((offering.seats or 0) - 1)))
    expect(tray).to_contain_text(f"Toteutuu, jos vähintään {offering.minimum} ilmoittautumista on vahvistettu")
    expect(tray.locator("[data-run]")).to_have_text(words)
    expect(tray.locator("[data-run]")).to_be_visible(visible=bool(words))
    page.close()


def test_a_full_run_that_has_begun_has_no_queue(browser: Browser, served: Served, catalogue: Catalogue) -> None:
    course, offering = next((one, run) for one, run in shown(catalogue) if run.starts_on)
    first_day = f"{offering.starts_on}T09:00:00+02:00"
    eve = datetime.fromisoformat(first_day) - timedelta(days=1)
    numbers = {course.id: {offering.id: {"taken": offering.seats, "queued": 2}}}
    for at, words in ((first_day, "Täynnä"), (eve.isoformat(), "Täynnä, voit jonottaa · 2 jonossa")):
        page = browser.new_page(base_url=served.address)
        page.route("**/api/offerings/seats.json", answer(numbers, at=at))
        page.goto(f"/courses/{course.id}.html")
        expect(page.locator(".course__tray [data-seats]")).to_have_text(words)
        page.close()


@pytest.mark.parametrize("state", ["cancelled", "lapsed"])
def test_nobody_can_enrol_on_a_run_that_is_off(browser: Browser, served: Served, catalogue: Catalogue, state: str) -> None:
    course, offering = next((one, run) for one, run in shown(catalogue) if len(one.offerings) == 1)
    page = browser.new_page(base_url=served.address)
    page.route("**/api/offerings/seats.json", answer({course.id: {offering.id: {"taken": 0, "queued": 0, "state": state}}}))
    page.goto(f"/courses/{course.id}.html")
    expect(page.get_by_role("heading", name="Kurssille ei voi enää ilmoittautua")).to_be_visible()
    expect(page.locator("[data-can-enrol]:visible")).to_have_count(0)
    page.get_by_role("link", name="Katso muut kurssit").click()
    expect(page).to_have_url(re.compile("/$"))
    page.close()


def test_the_form_of_a_full_run_tells_of_the_queue(browser: Browser, served: Served, catalogue: Catalogue) -> None:
    course, offering = next((one, run) for one, run in shown(catalogue) if run.starts_on)
    page = browser.new_page(base_url=served.address)
    page.route("**/api/offerings/seats.json", answer({course.id: {offering.id: {"taken": offering.seats, "queued": 0}}}))
    page.goto(f"/courses/{course.id}.html")
    expect(page.locator(".tray__action")).to_have_text("Asetu jonoon")
    expect(page.get_by_role("button", name="Asetu jonoon")).to_be_visible()
    expect(page.locator("[data-when-full]:visible")).to_have_count(2)
    expect(page.locator("[data-when-room]:visible")).to_have_count(0)
    page.close()


def test_a_school_that_is_not_listed_is_checked_first(browser: Browser, served: Served, catalogue: Catalogue) -> None:
    course, _ = next(shown(catalogue))
    page = browser.new_page(base_url=served.address)
    page.goto(f"/courses/{course.id}.html")
    expect(page.locator(".when-sent__other")).to_be_hidden()
    page.select_option("[name=school]", "other")
    expect(page.locator(".when-sent__other")).to_be_visible()
    expect(page.locator(".when-sent__listed")).to_be_hidden()
    page.close()
