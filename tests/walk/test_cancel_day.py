"""The day a run is cancelled: the coordinator says why, everybody gets a mail with it, the seats are free and the public numbers say so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import LAPTOP, PHONE, chromium
from tests.served import Served, serve, wait_until

pytestmark = pytest.mark.browser

COORDINATOR = "sanna.rinne@jarvilukio.example"
REASON = "Opettaja on sairauslomalla. Sama kurssi alkaa uudelleen helmikuussa."
CANCELLED = re.compile("peruttu|ställts in")  # each reads it in the own language
OFFERING = re.compile(r"/staff/offerings/([^/]+/[^/]+)/([^/?]+)$")


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Of its own for each: early in the morning of the show day one run alone has students with a place."""
    with serve(tmp_path_factory.mktemp("cancel")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.parametrize(("viewport", "script"), [(LAPTOP, True), (PHONE, False)], ids=["laptop", "phone without script"])
def test_a_coordinator_cancels_a_run(browser: Browser, served: Served, viewport: dict[str, int], script: bool) -> None:
    context = browser.new_context(
        base_url=served.address,
        viewport=viewport,  # type: ignore[arg-type]
        java_script_enabled=script,
        locale="fi-FI",
    )
    page = context.new_page()
    _sign_in(page, COORDINATOR)
    page.goto("/staff/offerings?sort=taken&order=down")
    page.locator("tbody tr th a").first.click()
    expect(page).to_have_url(OFFERING)
    found = OFFERING.search(page.url)
    assert found is not None
    seated = page.locator("tbody tr").filter(has_text="Paikka vahvistettu")
    expect(seated.first).to_be_visible()  # the sample's fullest run has participants
    students = [text.strip() for text in seated.locator("a[href^='mailto:']").all_inner_texts()]
    assert students

    page.get_by_role("link", name="Peru toteutus…").click()
    page.get_by_role("button", name="Jatka").click()
    expect(page.get_by_role("alert")).to_contain_text("Kirjoita, miksi toteutus perutaan.")
    page.get_by_label("Miksi").fill(REASON)
    page.get_by_role("button", name="Jatka").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Perutaanko toteutus lopullisesti?")
    expect(page.get_by_text(REASON)).to_be_visible()
    page.get_by_role("button", name="Peru toteutus kaikilta").click()

    expect(page).to_have_url(re.compile(OFFERING.pattern))
    expect(page.locator(".notice--bad")).to_contain_text("Sanna Rinne perui tämän toteutuksen")
    expect(page.locator(".notice--bad")).to_contain_text(REASON)
    expect(page.locator("main form button")).to_have_count(0)
    expect(page.get_by_role("link", name="Peru toteutus…")).to_have_count(0)

    for _ in range(40):
        told = [to for to, row in _mails(page) if CANCELLED.search(row)]
        if set(students) < set(told):
            break
        page.wait_for_timeout(250)
    assert set(students) <= set(told)
    assert set(told) - set(students), "the home schools are told too"

    course, offering = found.groups()
    expected = {"taken": 0, "queued": 0, "state": "cancelled"}
    wait_until(lambda: expected.items() <= _public(served, course, offering).items(), 45)  # the numbers are kept for half a minute
    context.close()


def _public(served: Served, course: str, offering: str) -> dict[str, object]:
    seats = json.loads(served.get("/api/offerings/seats.json"))["seats"]
    found: dict[str, object] = seats.get(course, {}).get(offering, {})
    return found


def _mails(page: Page) -> list[tuple[str, str]]:
    """The mails that the mailbox shows: to whom, and the row."""
    back = page.url
    page.goto("/mailbox")
    rows = [row.inner_text() for row in page.get_by_role("row").all()]
    page.goto(back)
    found = []
    for row in rows:
        if address := re.search(r"\S+@\S+\.example", row):
            found.append((address[0], row))
    return found


def _sign_in(page: Page, email: str) -> None:
    page.goto("/mailbox")
    links = page.get_by_role("row").filter(has_text=email).get_by_role("link", name=re.compile("[Kk]irjau"))
    before = links.count()
    page.goto("/staff")
    page.get_by_label("Sähköpostiosoitteesi oppilaitoksessa").fill(email)
    page.get_by_role("button", name="Lähetä linkki").click()
    for _ in range(40):
        page.goto("/mailbox")
        if links.count() > before:
            links.first.click()
            break
        page.wait_for_timeout(250)
    address = page.locator('.mail-text a[href*="/staff/sign-in/"]').first.get_attribute("href")
    assert address is not None
    page.goto(address)
    page.get_by_role("button", name="Kirjaudu").click()
