"""From a course on the tray to a seat, a promise and a report: the whole way, as its people walk it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import LAPTOP, PHONE, chromium
from tests.served import Served, serve

pytestmark = pytest.mark.browser

COURSE = "Ihminen, ympäristö ja historia"  # of Järvilukio; open on the show day
STUDENT = "Veeti Korhonen"


@dataclass(frozen=True, slots=True)
class Way:
    """One way of walking: the width of the screen and whether scripts run."""

    name: str
    viewport: dict[str, int]
    script: bool
    home_school: str
    email: str
    counsellor: str
    staff: str  # of the offering school


WAYS = (
    Way(
        "laptop", LAPTOP, True, "Kuusikon lukio", "veeti@kuusikko.example", "anna.laine@kuusikko.example", "sanna.rinne@jarvilukio.example"
    ),
    Way(
        "phone without script",
        PHONE,
        False,
        "Harjun lukio",
        "veeti@harju.example",
        "tiina.koskela@harju.example",
        "heli.saarinen@jarvilukio.example",
    ),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("walk")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(params=WAYS, ids=lambda way: way.name)
def way(request: pytest.FixtureRequest) -> Way:
    chosen = request.param
    assert isinstance(chosen, Way)
    return chosen


@pytest.fixture
def context(browser: Browser, served: Served, way: Way) -> Iterator[BrowserContext]:
    made = browser.new_context(
        base_url=served.address,
        viewport=way.viewport,  # type: ignore[arg-type]
        java_script_enabled=way.script,
        accept_downloads=True,
        locale="fi-FI",
        reduced_motion="reduce",
    )
    strangers: list[str] = []
    made.on("request", lambda request: None if request.url.startswith((served.address, "data:")) else strangers.append(request.url))
    yield made
    made.close()
    assert strangers == [], "a page asked somebody else for something"


def test_from_the_tray_to_a_seat_a_promise_and_a_report(context: BrowserContext, way: Way) -> None:
    student = context.new_page()
    _find_the_course(student, way)
    _enrol(student, way)
    expect(student.get_by_role("heading", level=1)).to_have_text("Oppilaitoksesi päättää")
    own_page = student.url

    counsellor = context.new_page()
    _open_newest_mail(counsellor, to=way.counsellor, subject=re.compile("Päätös pyydetään"))
    _follow_link(counsellor, "/decide/")
    expect(counsellor.get_by_role("heading", level=1)).to_contain_text(STUDENT)
    expect(counsellor.get_by_text("150,00 €").first).to_be_visible()
    counsellor.get_by_role("button", name="Hyväksy", exact=True).click()
    expect(counsellor.get_by_role("heading", level=1)).to_have_text("Pyyntö on hyväksytty")

    student.goto(own_page)
    expect(student.get_by_role("heading", level=1)).to_have_text("Paikka on sinun")

    coordinator = context.new_page()
    _sign_in(coordinator, way.staff)
    rows = _download_participants(coordinator)
    mine = [row for row in rows if way.email in row]
    assert len(mine) == 1
    assert STUDENT in mine[0]
    assert way.home_school in mine[0]


def _find_the_course(page: Page, way: Way) -> None:
    page.goto("/")
    if not way.script and way.viewport == PHONE:
        page.get_by_role("link", name="Rajaa").click()
    page.get_by_role("group", name="Oppiaine").get_by_text(re.compile("^Kaikki")).click()
    page.get_by_role("checkbox", name=re.compile("^Historia")).check()
    if way.script:
        expect(page).to_have_url(re.compile("subject=HI"))
    else:
        page.get_by_role("button", name=re.compile("^Näytä")).click()
        expect(page).to_have_url(re.compile("/search.*subject=HI"))
    expect(page.get_by_role("link", name="Biologia")).to_have_count(0)
    page.get_by_role("link", name=COURSE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(COURSE)
    expect(page.get_by_text("Sinulle 0 €").first).to_be_visible()


def _enrol(page: Page, way: Way) -> None:
    """Send the form once with a slip, mend it, and send it again: nothing that was typed is lost."""
    page.get_by_role("link", name=re.compile("^Ilmoittaudu")).first.click()
    page.get_by_label("Etu- ja sukunimi").fill(STUDENT)
    page.get_by_label("Koulusähköposti").fill(way.email.removesuffix(".example"))
    page.get_by_label(re.compile("^Oma oppilaitos")).select_option(label=way.home_school)
    page.get_by_label("Ryhmä").fill("24B")
    page.get_by_label("Nuorten oppimäärä").check()
    page.get_by_role("button", name="Lähetä ilmoittautuminen").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Kirjoita koko sähköpostiosoite")
    expect(page.get_by_label("Etu- ja sukunimi")).to_have_value(STUDENT)
    expect(page.get_by_label("Ryhmä")).to_have_value("24B")
    page.get_by_label("Koulusähköposti").fill(way.email)
    page.get_by_role("button", name="Lähetä ilmoittautuminen").click()


def _open_newest_mail(page: Page, *, to: str, subject: re.Pattern[str]) -> None:
    for _ in range(40):
        page.goto("/mailbox")
        mail = page.get_by_role("row").filter(has_text=to).get_by_role("link", name=subject).first
        if mail.count():
            mail.click()
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"no mail to {to} about {subject.pattern}: {page.get_by_role('table').inner_text()}")


def _follow_link(page: Page, part: str) -> None:
    """Open the mail's link as a mail program does: in a page of its own accord, not by a click inside this one."""
    address = page.locator(f'.mail-text a[href*="{part}"]').first.get_attribute("href")
    assert address is not None
    page.goto(address)


def _sign_in(page: Page, email: str) -> None:
    page.goto("/staff")
    page.get_by_label("Sähköpostiosoitteesi oppilaitoksessa").fill(email)
    page.get_by_role("button", name="Lähetä linkki").click()
    _open_newest_mail(page, to=email, subject=re.compile("[Kk]irjau"))
    _follow_link(page, "/staff/sign-in/")
    page.get_by_role("button", name="Kirjaudu").click()


def _download_participants(page: Page) -> list[list[str]]:
    page.goto("/staff/offerings")
    page.get_by_role("link", name=COURSE).first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("CSV")).click()
    raw = Path(download.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "Finnish Excel needs the byte order mark"
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("path", ["/", "/sv/", "/en/", f"/search?q={quote('historia')}", "/mailbox", "/staff", "/schools.html"])
def test_no_page_is_wider_than_the_smallest_phone(browser: Browser, served: Served, path: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700})
    page.goto(served.address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()
