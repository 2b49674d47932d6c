"""The reader's own school: chosen once by keyboard, kept in the browser and told to nobody; prices, payer, periods and form follow it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue, Course
from course_catalogue.offering import shown_offering
from course_catalogue.price import agreement_for, price_for
from tests.browser import chromium
from tests.served import ROOT, SHOW_DAY, Served, serve
from tests.walk.my_reader import CHOSEN, SCHOOL, kept, reader, requests_of, told
from theme.wording import Wording

pytestmark = pytest.mark.browser

MEMBER, OUTSIDE = "kuusikko", "vuorela"  # neither is part of the address of a page that the tests visit
NOW = datetime.fromisoformat(f"{SHOW_DAY}T12:00+02:00")
MAA2, FY4 = "jarvilukio/maa2-funktiot-ja-yhtalot-1", "jarvilukio/fy4-fy5-voima-ja-liike"
WITH_SCHOOL = {SCHOOL: MEMBER}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("my-school")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(ROOT / "content")


def address(course_id: str, prefix: str = "") -> str:
    return f"{prefix}/courses/{course_id}.html"


def money(catalogue: Catalogue, course: Course, school: str, language: str = "fi") -> str:
    """What the service would ask of the school for the run that the course's page tells about."""
    quote = price_for(agreement_for(catalogue, shown_offering(course, NOW)), course, school)
    return Wording(language, catalogue.network.time_zone).money(quote.cents, quote.currency)


def choose_by_keyboard(page: Page, typed: str) -> None:
    page.get_by_role("button", name="Valitse oma oppilaitoksesi").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Oppilaitoksesi", exact=True)).to_be_focused()
    page.keyboard.type(typed)


def test_a_school_is_chosen_by_keyboard_announced_and_kept(browser: Browser, served: Served) -> None:
    with reader(browser, served) as page:
        page.goto("/")
        choose_by_keyboard(page, "Kuusi")
        expect(page.locator("[data-my-status]")).to_have_text("Oppilaitoksesi on Kuusikon lukio. Hinnat ja jaksot näkyvät nyt sen mukaan.")
        assert kept(page, SCHOOL) == MEMBER
        row = page.locator(f".course-row:has(a[href='{address(MAA2)}'])")
        expect(row).to_contain_text("Kuusikon lukio maksaa 150\u00a0€")
        page.reload()
        expect(page.get_by_label("Oppilaitoksesi", exact=True)).to_have_value(MEMBER)
        expect(row).to_contain_text("Kuusikon lukio maksaa 150\u00a0€")
        page.goto(address(MAA2))
        expect(page.locator(".tray__payer").first).to_have_text("Kuusikon lukio maksaa 150,00\u00a0€.")
        page.get_by_label("Oppilaitoksesi", exact=True).select_option("")
        expect(page.locator(".tray__payer").first).to_have_text("Oppilaitoksesi maksaa 150,00\u00a0€.")
        assert kept(page, SCHOOL) is None


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "{school} maksaa {money}."), ("/sv", "{school} betalar {money}."), ("/en", "{school} pays {money}.")]
)
@pytest.mark.parametrize("school", [MEMBER, OUTSIDE])
@pytest.mark.parametrize("course_id", [FY4, "revontuli/sm-b3-pohjoissaamen-alkeet"])
def test_the_page_shows_the_price_that_the_service_asks(
    browser: Browser, served: Served, catalogue: Catalogue, prefix: str, words: str, school: str, course_id: str
) -> None:
    language = prefix.strip("/") or "fi"
    sum_ = money(catalogue, catalogue.courses[course_id], school, language)
    with reader(browser, served, storage={SCHOOL: school}) as page:
        page.goto(address(course_id, prefix))
        name = catalogue.schools[school].name.to(language)
        expect(page.locator(".tray__payer").first).to_have_text(words.replace("{school}", name).replace("{money}", sum_))
        expect(page.locator("[data-my-general]:visible")).to_have_count(0)
        expect(page.locator("#enrol select[name=school]")).to_have_value(school)


def test_every_row_shows_the_price_of_the_reader(browser: Browser, served: Served, catalogue: Catalogue) -> None:
    shown = """() => Object.fromEntries([...document.querySelectorAll('.course-row')].map((row) =>
        [row.querySelector('a').getAttribute('href'), row.querySelector('[data-my-price]')?.textContent]))"""
    wording = Wording("fi", catalogue.network.time_zone)
    with reader(browser, served, storage={SCHOOL: OUTSIDE}) as page:
        page.goto("/subjects/maa.html")
        expect(page.locator("[data-my-price]").first).to_be_visible()
        rows = page.evaluate(shown)
    assert len(rows) > 5
    for href, text in rows.items():
        course = catalogue.courses[href.removeprefix("/courses/").removesuffix(".html")]
        quote = price_for(agreement_for(catalogue, shown_offering(course, NOW)), course, OUTSIDE)
        assert text == f"Vuorelan lukio maksaa {wording.money_short(quote.cents)}", href


@pytest.mark.parametrize(
    ("school", "door"),
    [
        (MEMBER, "Kuusikon lukio on verkoston jäsen. Se saa pyyntösi heti sähköpostiin ja vastaa viestin linkistä."),
        (
            OUTSIDE,
            "Vuorelan lukio on verkoston ulkopuolella. Se saa pyyntösi heti sähköpostiin ja maksaa ulkopuolisen oppilaitoksen hinnan.",
        ),
        ("other", "Verkosto tarkistaa oppilaitoksesi kerran. Sen jälkeen oppilaitoksesi saa pyynnön."),
    ],
)
def test_the_form_has_the_school_and_tells_how_it_answers(browser: Browser, served: Served, school: str, door: str) -> None:
    with reader(browser, served, storage={SCHOOL: school}) as page:
        page.goto(address(MAA2))
        expect(page.locator("#my-door")).to_have_text(door)
        expect(page.locator("#enrol select[name=school]")).to_have_value(school)
        expect(page.locator("#enrol select[name=school]")).to_have_attribute("aria-describedby", "my-door")


def test_an_own_schools_course_is_not_enrolled_on_here(browser: Browser, served: Served) -> None:
    with reader(browser, served, storage={SCHOOL: "jarvilukio"}) as page:
        page.goto(address(MAA2))
        expect(page.locator(".course__enrol [data-my-added]")).to_contain_text("Ilmoittaudu omassa oppilaitoksessasi.")
        expect(page.locator("#enrol, .tray__action, .enrol-bar").filter(visible=True)).to_have_count(0)
        page.get_by_label("Oppilaitoksesi", exact=True).select_option("vuorela")
        expect(page.locator("#enrol")).to_be_visible()


def test_the_own_schools_course_says_so(browser: Browser, served: Served) -> None:
    with reader(browser, served, storage={SCHOOL: "jarvilukio"}) as page:
        page.goto(address(MAA2))
        expect(page.locator(".tray__payer").first).to_have_text("Tämä on oman oppilaitoksesi kurssi. Ilmoittaudu omassa oppilaitoksessasi.")
        page.goto("/schools/jarvilukio.html")
        expect(page.locator("[data-my-price]").first).to_have_text("Oman oppilaitoksesi kurssi")


def test_reserved_places_of_the_own_school_are_told_to_it(browser: Browser, served: Served, catalogue: Catalogue) -> None:
    course, run, count = next(
        (course, run, run.reserved["jarvilukio"])
        for course in catalogue.published()
        for run in course.offerings
        if run.reserved.get("jarvilukio")
        and run.decided_on
        and run.enrolment_opens_at <= NOW
        and run.enrolment_closes_at.date() > NOW.date()
    )
    line = f"[data-my-reserved='jarvilukio {run.id}']"
    day = Wording("fi", catalogue.network.time_zone).day(run.decided_on)  # type: ignore[arg-type]
    with reader(browser, served, storage={SCHOOL: "jarvilukio"}) as page:
        page.goto(address(course.id))
        expect(page.locator(line)).to_have_text(f"{count} paikkaa on varattu oppilaitoksellesi {day} asti.")


RUNS = [
    ("2026-11-26", "2027-02-03", "Oppilaitoksessasi on silloin 3. jakso. Alkaa samana päivänä kuin 3. jakso."),
    (
        "2026-11-30",
        "2027-02-05",
        "Oppilaitoksessasi on silloin 3. jakso. Alkaa 4 päivää myöhemmin kuin 3. jakso. Päättyy 2 päivää myöhemmin kuin 3. jakso.",
    ),
    ("2026-11-25", "2027-02-03", "Oppilaitoksessasi on silloin 3. jakso. Alkaa 1 päivän aikaisemmin kuin 3. jakso."),
    ("2027-01-11", "2027-04-30", "Oppilaitoksessasi on silloin 3. jakso, 4. jakso ja 5. jakso. Alkaa, kun 3. jakso on kesken."),
    ("2027-06-07", "2027-07-16", "Ajankohta on oppilaitoksesi jaksojen ulkopuolella."),
    ("2027-06-01", "2027-06-05", "Oppilaitoksessasi on silloin 5. jakso. Alkaa, kun 5. jakso on kesken."),
    (None, None, ""),
]


@pytest.mark.parametrize(("starts", "ends", "sentence"), RUNS)
def test_how_a_run_lies_in_the_schools_periods(
    browser: Browser, served: Served, starts: str | None, ends: str | None, sentence: str
) -> None:
    with reader(browser, served, storage=WITH_SCHOOL) as page:
        page.goto(address(MAA2))
        expect(page.locator(".offering__mine").first).to_be_visible()
        script = """async ([from, to]) => {
            const address = (name) => performance.getEntriesByType('resource').map((one) => one.name).find((one) => one.includes(name));
            const { periodText } = await import(address('/my-periods.'));
            const { book } = await import(address('/my-words.'));
            const words = await book();
            return periodText(from ? { from, to } : {}, words.school('kuusikko'), words);
        }"""
        assert page.evaluate(script, [starts, ends]) == sentence


def test_the_page_tells_the_periods_of_every_dated_run(browser: Browser, served: Served, catalogue: Catalogue) -> None:
    dated = [one for one in catalogue.courses[MAA2].offerings if not one.nonstop]
    with reader(browser, served, storage=WITH_SCHOOL) as page:
        page.goto(address(MAA2))
        expect(page.locator(".offering__mine")).to_have_count(len(dated))
        page.get_by_label("Oppilaitoksesi", exact=True).select_option("other")  # whose periods nobody knows
        expect(page.locator(".offering__mine")).to_have_count(0)


def test_nothing_leaves_the_browser(browser: Browser, served: Served) -> None:
    with reader(browser, served) as page:
        requests = requests_of(page)
        page.goto("/")
        page.wait_for_load_state("networkidle")
        assert not [one.url for one in requests if "my.json" in one.url]
        choose_by_keyboard(page, "Vuore")
        expect(page.locator("[data-my-price]").first).to_contain_text("Vuorelan lukio")
        for path in (address(MAA2), address(FY4, "/sv"), "/chosen.html", f"/compare.html?c={MAA2}&c={FY4}", "/schools.html"):
            page.goto(path)
            page.wait_for_load_state("networkidle")
            if path != "/schools.html":
                page.locator("[data-choose]").first.click() if page.locator("[data-choose]").count() else None
        assert kept(page, SCHOOL) == OUTSIDE
        assert any("my.json" in one.url for one in requests)
        assert [one.url for one in requests if OUTSIDE in told(one)] == []
        assert page.context.cookies() == []
        assert {one.url.split("/")[2] for one in requests} == {served.address.split("/")[2]}


@pytest.mark.parametrize(
    "value",
    [
        "<img src=x onerror=alert(1)>",
        "no-such-school",
        "../../etc",
        "x" * 10_000,
        '{"id":"kuusikko"}',
        "KUUSIKKO",
        "constructor",
        "__proto__",
    ],
)
def test_a_strange_school_in_the_storage_breaks_nothing(browser: Browser, served: Served, value: str) -> None:
    with reader(browser, served, storage={SCHOOL: value}) as page:
        page.goto(address(MAA2))
        page.wait_for_load_state("networkidle")
        expect(page.locator(".tray__payer").first).to_have_text("Oppilaitoksesi maksaa 150,00\u00a0€.")
        assert page.locator("img").count() == 0
        if value in ("no-such-school", "constructor"):
            expect(page.locator("[data-my-status]")).to_have_text(
                "Valitsemaasi oppilaitosta ei enää ole luettelossa. Valitse se uudelleen."
            )


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("not json", ""),
        ('"text"', ""),
        ("{}", ""),
        ("null", ""),
        ('[1, null, {}, "../x", "a/b/c", "<b>/x", "A/b"]', ""),
        (json.dumps([MAA2, MAA2, FY4]), "2"),
        (json.dumps([f"a/c{n}" for n in range(1000)]), "40"),
    ],
)
def test_strange_courses_in_the_storage_are_left_out(browser: Browser, served: Served, value: str, count: str) -> None:
    with reader(browser, served, storage={CHOSEN: value}) as page:
        page.goto("/schools.html")
        expect(page.locator("[data-my-count]")).to_have_text(count)


def test_without_script_nothing_of_it_shows_and_the_pages_are_right(browser: Browser, served: Served) -> None:
    with reader(browser, served, script=False) as page:
        for path in ("/", address(MAA2), "/sv/schools.html"):
            page.goto(path)
            expect(page.locator("[data-my-bar]")).to_be_hidden()
            expect(page.locator("[data-choose]:visible")).to_have_count(0)
        page.goto(address(MAA2))
        expect(page.locator(".tray__payer").first).to_have_text("Oppilaitoksesi maksaa 150,00\u00a0€.")


@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
@pytest.mark.parametrize("path", ["/", address(MAA2)])
def test_the_head_moves_nothing_when_its_script_comes(browser: Browser, served: Served, path: str, phone: bool) -> None:
    shifts = """() => new Promise((done) => {
        const tell = (list) => done(list.getEntries().map((one) => one.value));
        new PerformanceObserver(tell).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => done([]), 500);
    })"""
    with reader(browser, served, phone=phone) as page:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert sum(page.evaluate(shifts)) <= 0.03  # the font's own exchange


def test_another_tab_follows(browser: Browser, served: Served) -> None:
    with reader(browser, served) as page:
        page.goto(address(MAA2))
        other = page.context.new_page()
        other.goto("/schools.html")
        other.evaluate("([key, value]) => localStorage.setItem(key, value)", [SCHOOL, MEMBER])
        expect(page.locator(".tray__payer").first).to_have_text("Kuusikon lukio maksaa 150,00\u00a0€.")


def test_when_the_words_cannot_be_fetched_the_page_stays_as_it_is(browser: Browser, served: Served) -> None:
    with reader(browser, served, storage=WITH_SCHOOL) as page:
        page.route("**/my.json", lambda route: route.abort())
        page.goto(address(MAA2))
        page.wait_for_load_state("networkidle")
        expect(page.locator(".tray__payer").first).to_have_text("Oppilaitoksesi maksaa 150,00\u00a0€.")
