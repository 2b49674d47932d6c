"""A teacher's day: thirty students graded by keyboard and by paste, published, one corrected; the home school answers at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from enrol_service.database import migrate, open_database
from enrol_service.enrolment.participation import start
from tests.browser import LAPTOP, PHONE, chromium
from tests.enrol_service.cast import CAMILLA, CATALOGUE, FY4, P3, SARI, SMALL, Office, day, form
from tests.served import Served, serve

pytestmark = pytest.mark.browser

TEACHER = "fysiikka@kuusikko.example"
P2 = "2026-p2"  # over in four days
MANY = 30
FIRST_NAMES = ("Aino", "Elsa", "Helmi", "Iida", "Lempi", "Minea", "Nea", "Oona", "Pinja", "Siiri")
NAMES = [f"{first} {last}" for last in ("Aho", "Koski", "Niemi") for first in FIRST_NAMES]
IN_ORDER = sorted(NAMES, key=str.casefold)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("teacher")
    _fill(data)
    with serve(data, "--content", str(SMALL)) as running:
        yield running


def _fill(data: Path) -> None:
    """An autumn in which thirty students of Strand have studied physics in Kuusikko."""
    database = open_database(f"sqlite:///{data / 'tarjotin.db'}")
    migrate(database)
    office = Office(database, now=day("2026-09-10"))
    ids = [office.enrol(form(name=name, email=f"s{number}@strand.example", offering_id=P2)) for number, name in enumerate(NAMES)]
    ids += [office.enrol(form(name=name, email=f"s{number}@strand.example", offering_id=P3)) for number, name in enumerate(NAMES[:3])]
    for one in ids:
        office.give(one)
    office.now = day("2026-10-06")
    actor = office.actor(SARI, "mark_participation")
    with database.write() as connection:
        for one in ids[:MANY]:
            start(connection, CATALOGUE, one, date(2026, 10, 6), actor, office.now)
        connection.exec_driver_sql("UPDATE outbox SET sent_at = created_at")
    database.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def _context(browser: Browser, served: Served, viewport: dict[str, int], *, script: bool = True) -> BrowserContext:
    made = browser.new_context(
        base_url=served.address,
        viewport=viewport,  # type: ignore[arg-type]
        java_script_enabled=script,
        locale="fi-FI",
        reduced_motion="reduce",
    )
    made.grant_permissions(["clipboard-read", "clipboard-write"])
    return made


def _sign_in(page: Page, email: str) -> None:
    page.goto("/staff")
    page.get_by_label("Sähköpostiosoitteesi oppilaitoksessa").fill(email)
    page.get_by_role("button", name="Lähetä linkki").click()
    link = page.get_by_role("row").filter(has_text=email).get_by_role("link", name=re.compile("[Kk]irjau|[Ll]ogga")).first
    for _ in range(60):
        page.goto("/mailbox")
        if link.count():
            break
        page.wait_for_timeout(250)
    link.click()
    address = page.locator('.mail-text a[href*="/staff/sign-in/"]').first.get_attribute("href")
    assert address is not None
    page.goto(address.replace("/sv/", "/"))
    page.get_by_role("button", name=re.compile("Kirjaudu")).click()


def _paste(page: Page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


def _grade(page: Page, name: str) -> str:
    return page.get_by_label(f"Fysiikka, {name}", exact=True).input_value()


def test_thirty_students_are_graded_and_the_home_school_answers(browser: Browser, served: Served) -> None:
    teaching = _context(browser, served, LAPTOP)
    teacher = teaching.new_page()
    _sign_in(teacher, TEACHER)
    teacher.goto(f"/staff/offerings/{FY4}/{P2}")
    teacher.get_by_role("link", name="Arvosanat", exact=True).last.click()
    expect(teacher.locator("[data-row]")).to_have_count(MANY)

    _ten_by_keyboard(teacher)
    _ten_by_a_column(teacher)
    _ten_by_names(teacher)
    _nothing_is_lost_on_leaving(teacher)

    teacher.get_by_role("button", name="Julkaise kaikki valmiit").click()
    expect(teacher.get_by_role("status").first).to_contain_text("30 merkintää julkaistiin.")
    _correct_one(teacher)
    teaching.close()

    home = _context(browser, served, LAPTOP)
    counsellor = home.new_page()
    _sign_in(counsellor, CAMILLA)
    _answer(counsellor)
    home.close()


def _ten_by_keyboard(page: Page) -> None:
    """Type and press Enter, as in a spreadsheet; a slip is told at its cell at once, and mended by the arrow up."""
    page.get_by_label(f"Fysiikka, {IN_ORDER[0]}", exact=True).focus()
    for grade in ("8", "9", "11"):
        page.keyboard.type(grade)
        page.keyboard.press("Enter")
    expect(page.locator(".field__error")).to_have_text("Merkitse 4–10, S, H, T tai K")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(page.locator(".field__error")).to_have_count(0)
    for _ in range(7):
        page.keyboard.type("s")
        page.keyboard.press("Enter")
    assert [_grade(page, name) for name in IN_ORDER[:10]] == ["8", "9", "10", *["S"] * 7]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == f"Fysiikka, {IN_ORDER[10]}"


def _ten_by_a_column(page: Page) -> None:
    _paste(page, "\r\n".join("7896578967"))
    assert [_grade(page, name) for name in IN_ORDER[10:20]] == list("7896578967")


def _ten_by_names(page: Page) -> None:
    """Names with grades are matched, and shown before they are taken; one is nobody's."""
    page.get_by_label(f"Fysiikka, {IN_ORDER[20]}", exact=True).focus()
    turned = [" ".join(reversed(name.split())) for name in reversed(IN_ORDER[20:])]
    _paste(page, "\n".join(["Nimi\tArvosana", *(f"{name}\t6" for name in turned), "Matti Meikäläinen\t9"]))
    found = page.get_by_role("region", name="Liitetty lista")
    expect(found).to_contain_text("Listasta löytyi: 10")
    expect(found).to_contain_text("Matti Meikäläinen")
    assert _grade(page, IN_ORDER[20]) == ""
    page.keyboard.press("Enter")
    expect(found).to_be_hidden()
    assert [_grade(page, name) for name in IN_ORDER[20:]] == ["6"] * 10


def _nothing_is_lost_on_leaving(page: Page) -> None:
    """The browser asks before it leaves; whoever leaves all the same finds everything there again."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    expect(page.get_by_text("Ei vielä tallennettu")).to_be_visible()
    page.once("dialog", answer)
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.get_by_text("Tallentamatta jääneet merkintäsi palautettiin.")).to_be_visible()
    assert _grade(page, IN_ORDER[0]) == "8"
    assert _grade(page, IN_ORDER[29]) == "6"


def _correct_one(page: Page) -> None:
    page.get_by_role("row").filter(has_text=IN_ORDER[29]).get_by_role("link", name=re.compile("^Korjaa")).click()
    page.get_by_label("Fysiikka").fill("7")
    page.get_by_label("Merkintä oli virheellinen").check()
    page.get_by_role("button", name="Julkaise korjaus").click()
    expect(page.get_by_text("Korjattu: Merkintä oli virheellinen.")).to_be_visible()


def _answer(page: Page) -> None:
    page.goto("/staff/completions")
    expect(page.get_by_role("heading", level=1)).to_have_text("30 uutta arvosanaa")
    expect(page.get_by_role("row").filter(has_text=IN_ORDER[29])).to_contain_text("Korjattu")
    page.get_by_role("link", name=IN_ORDER[0]).click()
    page.get_by_label("Kysy kurssin järjestäjältä").fill("Onko koe arvioitu?")
    page.get_by_role("button", name="Lähetä kysymys").click()
    expect(page.get_by_text("Kysymys lähetetty")).to_be_visible()
    page.goto("/staff/completions")
    page.get_by_role("link", name="Valitse kaikki uudet").click()
    page.get_by_role("button", name="Kuittaa valitut").click()
    expect(page.get_by_role("status").first).to_have_text("Kuittasit 29 merkintää.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Opiskelijoidemme arvosanat")


def test_a_list_is_pasted_and_published_on_a_phone_without_script(browser: Browser, served: Served) -> None:
    context = _context(browser, served, PHONE, script=False)
    page = context.new_page()
    _sign_in(page, SARI)
    page.goto(f"/staff/offerings/{FY4}/{P3}/diary")
    page.get_by_role("link", name="Liitä lista arvosanoista").click()
    page.get_by_label("Lista").fill(f"{NAMES[0]}\t9\n{NAMES[1]}\tT\n{NAMES[2]}\t12")
    page.get_by_role("button", name="Katso, ketä lista tarkoittaa").click()
    expect(page.get_by_text("3 opiskelijaa löytyi.")).to_be_visible()
    page.get_by_role("button", name="Tallenna nämä").click()
    expect(page.get_by_role("alert")).to_contain_text("1 rivi jäi tallentamatta")
    page.get_by_label(f"Fysiikka, {NAMES[2]}").fill("10")
    page.get_by_label(f"Mitä puuttuu, {NAMES[1]}").fill("Koe puuttuu")
    page.get_by_role("button", name="Julkaise kaikki valmiit").click()
    # The run begins in a week: what is missing may be told before, grades only from that day on.
    expect(page.get_by_role("status").first).to_contain_text("1 merkintä julkaistiin.")
    expect(page.get_by_text(re.compile("Kurssi alkaa vasta")).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()
