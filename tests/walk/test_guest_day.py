"""A school outside the network, from the first student who types its name to a seat: at the outside price all the way."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from enrol_service.database import migrate, open_database
from tests.browser import LAPTOP, PHONE, chromium
from tests.enrol_service.cast import SMALL
from tests.served import Served, serve

pytestmark = [
    pytest.mark.browser,
    # A browser that is closed leaves its last connection to the server's thread for the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

COURSE = "Voima ja liike"
SCHOOL, COUNSELLOR = "Saariston lukio", "opo@saaristo.example"
COORDINATOR = "verkosto@pikku.example"
FIRST, SECOND = "minea.salo@saaristo.example", "oona.salo@saaristo.example"
PRICE = re.compile(r"200(,00)?\s€")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("guest")
    database = open_database(f"sqlite:///{data / 'tarjotin.db'}")  # an empty one: no autumn is played into it
    migrate(database)
    database.close()
    with serve(data, "--content", str(SMALL)) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def _context(browser: Browser, served: Served, viewport: dict[str, int]) -> BrowserContext:
    made = browser.new_context(base_url=served.address, viewport=viewport, locale="fi-FI", reduced_motion="reduce")  # type: ignore[arg-type]
    made.set_default_timeout(15_000)
    return made


def test_a_school_from_first_contact_to_a_seat(browser: Browser, served: Served) -> None:
    contexts = [_context(browser, served, viewport) for viewport in (PHONE, PHONE, LAPTOP, LAPTOP)]
    student, second, network, counsellor = (context.new_page() for context in contexts)

    _fill_in(student, "Minea Salo", FIRST, "other", other_school=SCHOOL, other_contact=COUNSELLOR)
    expect(student.get_by_role("heading", level=1)).to_have_text("Verkosto tarkistaa ensin oppilaitoksesi")
    expect(student.locator("main")).to_contain_text(PRICE)
    own = student.url
    assert not _mails(student, COUNSELLOR), "nobody is written to before a person has looked"

    _sign_in(network, COORDINATOR)
    network.goto("/staff/network")
    network.get_by_role("link", name=SCHOOL).first.click()
    network.get_by_label(re.compile("^Yhteyshenkilö")).first.fill("Olli Opo")
    network.get_by_role("button", name="Hyväksy oppilaitos").click()
    expect(network.get_by_role("status").first).to_contain_text("hyväksyi oppilaitoksen")

    _follow_mail(counsellor, COUNSELLOR, "/decide/")
    expect(counsellor.get_by_role("heading", level=1)).to_contain_text("Minea Salo")
    expect(counsellor.locator("main")).to_contain_text(PRICE)
    expect(counsellor.locator("main")).not_to_contain_text("150,00")
    counsellor.get_by_role("button", name="Hyväksy", exact=True).click()
    expect(counsellor.get_by_role("heading", level=1)).to_have_text("Pyyntö on hyväksytty")

    student.goto(own)
    expect(student.get_by_role("heading", level=1)).to_have_text("Paikka on sinun")
    expect(student.locator("main")).to_contain_text(f"{SCHOOL} maksaa")
    expect(student.locator("main")).to_contain_text(PRICE)

    _fill_in(second, "Oona Salo", SECOND, "other", group="", other_school="SAARISTON LUKIO", other_contact=COUNSELLOR)
    expect(second.get_by_role("alert")).to_be_visible()
    school = second.locator("[name=school]")
    expect(school.locator("option").filter(has_text=SCHOOL)).to_have_count(1)
    school.select_option(label=SCHOOL)
    second.get_by_label("Ryhmä").fill("24B")
    second.get_by_role("button", name="Lähetä ilmoittautuminen").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Oppilaitoksesi päättää")
    expect(second.locator("main")).to_contain_text(PRICE)

    _sign_in(counsellor, COUNSELLOR)
    expect(counsellor.get_by_role("heading", level=1)).to_have_text("1 pyyntö odottaa päätöstäsi")
    expect(counsellor.locator("main")).to_contain_text("Oona Salo")
    expect(counsellor.locator("main")).to_contain_text(PRICE)
    counsellor.goto("/staff/students")
    expect(counsellor.locator("tbody tr")).to_have_count(2)
    network.goto("/staff/network/schools")
    expect(network.get_by_role("row").filter(has_text=SCHOOL)).to_have_count(1)
    for context in contexts:
        context.close()


def _fill_in(page: Page, name: str, email: str, school: str, *, group: str = "24B", **elsewhere: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=COURSE).first.click()
    page.get_by_label("Etu- ja sukunimi").fill(name)
    page.get_by_label("Koulusähköposti").fill(email)
    page.locator("[name=school]").select_option(school)
    for field, text in elsewhere.items():
        page.locator(f"[name={field}]").fill(text)
    page.get_by_label("Ryhmä").fill(group)
    page.locator("[name=syllabus]").first.check()
    page.get_by_role("button", name="Lähetä ilmoittautuminen").click()


def _sign_in(page: Page, email: str) -> None:
    page.goto("/staff")
    page.get_by_label("Sähköpostiosoitteesi oppilaitoksessa").fill(email)
    page.get_by_role("button", name="Lähetä linkki").click()
    _follow_mail(page, email, "/staff/sign-in/", re.compile("[Kk]irjau"))
    page.get_by_role("button", name="Kirjaudu").click()


def _mails(page: Page, to: str) -> list[str]:
    back = page.url
    page.goto("/mailbox")
    found = page.get_by_role("row").filter(has_text=to).all_inner_texts()
    page.goto(back)
    return found


def _follow_mail(page: Page, to: str, part: str, subject: re.Pattern[str] = re.compile(".")) -> None:
    """Open the newest mail to somebody that has the link, as a mail program does."""
    for _ in range(80):
        page.goto("/mailbox")
        for mail in [
            one.get_attribute("href") for one in page.get_by_role("row").filter(has_text=to).get_by_role("link", name=subject).all()
        ]:
            page.goto(str(mail))
            link = page.locator(f'.mail-text a[href*="{part}"]')
            if link.count():
                page.goto(str(link.first.get_attribute("href")))
                return
        page.wait_for_timeout(250)
    raise AssertionError(f"no mail to {to} leads to {part}")
