"""A student's day on a phone without script, by keyboard: a full run, a place in line, an offer, a place, its price, and leaving."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from enrol_service.database import migrate, open_database
from tests.browser import PHONE, chromium
from tests.enrol_service.cast import CAMILLA, P4, SMALL, Office, day, form
from tests.served import Served, serve

pytestmark = [
    pytest.mark.browser,
    # A browser that is closed leaves its last connection to the server's thread for the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

COURSE = "Voima ja liike"
STUDENT = "veeti.korhonen@strand.example"
OTHERS = ("aino.aho@strand.example", "elsa.aho@strand.example")  # have the two seats of period 4


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("student")
    _fill(data)
    with serve(data, "--content", str(SMALL)) as running:
        yield running


def _fill(data: object) -> None:
    """A run that is full since the day before: the service's clock shows the real time of day, whatever that is."""
    database = open_database(f"sqlite:///{data}/tarjotin.db")
    migrate(database)
    office = Office(database, now=day("2026-11-22", "08:00"))
    for email in OTHERS:
        office.give(office.enrol(form(email=email, name="Aino Aho", offering_id=P4)))
    database.close()


@pytest.fixture
def phone(served: Served) -> Iterator[BrowserContext]:
    with chromium() as browser:
        yield _phone(browser, served)


def _phone(browser: Browser, served: Served) -> BrowserContext:
    context = browser.new_context(
        base_url=served.address,
        viewport=PHONE,  # type: ignore[arg-type]
        java_script_enabled=False,
        locale="fi-FI",
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    return context


def test_from_a_full_run_to_a_place_and_out_again(phone: BrowserContext) -> None:
    student = phone.new_page()
    _find_and_enrol(student)
    heading = student.get_by_role("heading", level=1)
    expect(heading).to_have_text("Olet jonossa sijalla 1")
    _fits(student)
    own = student.url

    counsellor = phone.new_page()
    _follow_mail(counsellor, CAMILLA, "/decide/")
    _press(counsellor, "Godkänn")
    expect(counsellor.get_by_role("heading", level=1)).to_have_text("Begäran är godkänd")
    student.goto(own)
    expect(heading).to_have_text("Olet jonossa sijalla 1")
    expect(student.get_by_text("hyväksyi").first).to_be_visible()

    another = phone.new_page()
    _follow_mail(another, OTHERS[0], "/enrolment/")
    _press(another, "Peru ilmoittautuminen")
    _press(another, "Peru ilmoittautuminen")
    expect(another.get_by_role("heading", level=1)).to_have_text("Ilmoittautuminen on peruttu")

    _follow_mail(student, STUDENT, "/enrolment/", subject=re.compile("varattu paikka"))
    expect(heading).to_have_text("Sinulle vapautui paikka")
    expect(student.get_by_text("Paikka on varattu sinulle")).to_be_visible()
    _fits(student)
    _press(student, "Ota paikka")
    expect(heading).to_have_text("Paikka on sinun")

    leaving = student.locator(".leaving")
    expect(leaving).to_contain_text("75 €")
    expect(leaving).to_contain_text("150 €")
    _fits(student)
    _press(student, "Peru ilmoittautuminen")
    expect(heading).to_have_text("Perutaanko ilmoittautuminen?")
    expect(student.locator("main")).to_contain_text("Kukaan ei maksa mitään.")
    _press(student, "Peru ilmoittautuminen")
    expect(heading).to_have_text("Ilmoittautuminen on peruttu")
    assert student.url == own
    _fits(student)


def _find_and_enrol(page: Page) -> None:
    """Everything by keyboard: the course, the run, the fields, and the button."""
    page.goto("/")
    _press(page, COURSE)
    expect(page.get_by_role("heading", level=1)).to_have_text(COURSE)
    _fits(page)
    _tab_to(page, page.locator(f"[name=offering][value='{P4}'], [name=offering]:checked").first)
    while not page.locator(f"[name=offering][value='{P4}']").is_checked():
        page.keyboard.press("ArrowDown")
    for label, text in (("Etu- ja sukunimi", "Veeti Korhonen"), ("Koulusähköposti", STUDENT)):
        _tab_to(page, page.get_by_label(label))
        page.keyboard.type(text)
    _tab_to(page, page.locator("[name=school]"))
    page.keyboard.type("Strand")
    _tab_to(page, page.get_by_label("Ryhmä"))
    page.keyboard.type("24B")
    _tab_to(page, page.locator("[name=syllabus]").first)
    page.keyboard.press("Space")
    _press(page, "Lähetä ilmoittautuminen")


def _press(page: Page, words: str) -> None:
    """Tab to the link or button of the page's main part that says so, and press Enter."""
    wanted = page.locator("main").locator("a, button").filter(has_text=re.compile(f"^\\s*{words}")).first
    expect(wanted).to_be_visible()
    _tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _tab_to(page: Page, wanted: object) -> None:
    for _ in range(120):
        if wanted.evaluate("one => one === document.activeElement"):  # type: ignore[attr-defined]
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {wanted}")


def _follow_mail(page: Page, to: str, part: str, subject: re.Pattern[str] = re.compile(".")) -> None:
    """Open the newest mail to somebody, and its link as a mail program does."""
    mail = page.get_by_role("row").filter(has_text=to).get_by_role("link", name=subject).first
    for _ in range(80):
        page.goto("/mailbox")
        if mail.count():
            break
        page.wait_for_timeout(250)
    mail.click()
    address = page.locator(f'.mail-text a[href*="{part}"]').first.get_attribute("href")
    assert address is not None
    page.goto(address)


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
