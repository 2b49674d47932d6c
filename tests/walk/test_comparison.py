"""The reader's own courses, what of them is held at the same time, four of them side by side, and the link by which they are shared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Locator, Page, expect

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue
from tests.browser import chromium
from tests.served import ROOT, SHOW_DAY, Served, serve
from tests.walk.axe import EVERYTHING, faults
from tests.walk.my_reader import CHOSEN, SCHOOL, kept, reader, requests_of
from theme.address import codes

pytestmark = pytest.mark.browser

MAA2, MAA3 = "jarvilukio/maa2-funktiot-ja-yhtalot-1", "jarvilukio/maa3-geometria"
FY4, SMB3 = "jarvilukio/fy4-fy5-voima-ja-liike", "revontuli/sm-b3-pohjoissaamen-alkeet"
AI8, AI10 = "jarvilukio/ai8-kirjallisuuden-kontekstit", "jarvilukio/ai10-kirjoitustaito"
FOUR = [MAA2, MAA3, FY4, SMB3]
GONE = "jarvilukio/tata-ei-ole"
NOON = f"{SHOW_DAY}T12:00+02:00"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("comparison")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(ROOT / "content")


def query(ids: list[str]) -> str:
    return "&".join(f"c={one}" for one in ids)


def tell_clock(page: Page, moment: str) -> None:
    """Tell the page the network's clock, as the answer of the service does."""
    page.evaluate("(moment) => document.dispatchEvent(new CustomEvent('clock', { detail: Date.parse(moment) }))", moment)


def cells(page: Page) -> dict[str, list[str]]:
    """The texts of the comparison by row head."""
    script = """() => Object.fromEntries([...document.querySelectorAll('.compare tbody tr')].map((row) => {
        const head = row.querySelector('th').firstChild.textContent.trim();
        return [head, [...row.querySelectorAll('td')].map((cell) => cell.textContent.trim())];
    }))"""
    found: dict[str, list[str]] = page.evaluate(script)
    return found


def name(catalogue: Catalogue, course_id: str) -> str:
    course = catalogue.courses[course_id]
    return f"{codes(course)} {course.title.to('fi')}" if course.modules else course.title.to("fi")


def test_a_course_is_chosen_in_the_list_and_on_its_page(browser: Browser, served: Served) -> None:
    with reader(browser, served) as page:
        page.goto("/subjects/maa.html")
        row = page.locator(f".course-row:has(a[href='/courses/{MAA3}.html'])")
        row.get_by_role("button", name="Lisää omiin kursseihin: Geometria").click()
        expect(page.locator("[data-my-status]")).to_have_text("Omissa kursseissasi on nyt 1 kurssi.")
        expect(row.get_by_role("button", name="Poista omista kursseista: Geometria")).to_be_focused()
        page.goto(f"/courses/{MAA2}.html")
        page.get_by_role("button", name="Lisää omiin kursseihin").click()
        expect(page.locator("[data-my-count]")).to_have_text("2")
        assert json.loads(kept(page, CHOSEN) or "") == [MAA3, MAA2]
        page.get_by_role("link", name="Omat kurssit 2").click()
        expect(page.locator(".my-list tbody tr")).to_have_count(2)
        page.get_by_role("button", name="Poista: MAA3 Geometria").click()
        expect(page.locator("[data-list-status]")).to_have_text("Poistettu: MAA3 Geometria")
        expect(page.locator(".my-list [data-remove]")).to_have_count(1)
        assert json.loads(kept(page, CHOSEN) or "") == [MAA2]


def test_the_list_takes_no_more_than_forty(browser: Browser, served: Served) -> None:
    forty = [f"a/c{number}" for number in range(40)]
    with reader(browser, served, storage={CHOSEN: json.dumps(forty)}) as page:
        page.goto(f"/courses/{MAA2}.html")
        page.get_by_role("button", name="Lisää omiin kursseihin").click()
        expect(page.locator("[data-my-status]")).to_contain_text("on jo 40 kurssia, eikä niihin mahdu enempää")
        assert json.loads(kept(page, CHOSEN) or "") == forty


def test_what_is_held_at_the_same_time_is_told_in_sentences(browser: Browser, served: Served, catalogue: Catalogue) -> None:
    shown = """() => [...document.querySelectorAll('.my-list tbody tr')].map((row) => {
        const list = row.querySelector('select');
        const cell = row.querySelectorAll('td')[1];
        return list ? list.selectedOptions[0].textContent : cell.firstChild.textContent;
    })"""
    with reader(browser, served, storage={CHOSEN: json.dumps(FOUR)}) as page:
        page.goto("/chosen.html")
        expect(page.locator(".my-list tbody tr")).to_have_count(4)
        told = page.locator("h2:has-text('Samaan aikaan') + ul li").all_inner_texts()
        dates = page.evaluate(shown)
        picture = page.locator(".timeline")
        expect(picture).to_have_attribute("aria-hidden", "true")
        expect(picture.locator(".timeline__name")).to_have_count(4)
    expected = set()
    runs = [run_by(catalogue, course_id, text) for course_id, text in zip(FOUR, dates, strict=True)]
    for (a, first), (b, second) in combinations(zip(FOUR, runs, strict=True), 2):
        if max(first[0], second[0]) <= min(first[1], second[1]):
            expected.add((name(catalogue, a), name(catalogue, b)))
    found = {(a, b) for a in map_names(catalogue) for b in map_names(catalogue) if any(one.startswith(f"{a} ja {b} ovat") for one in told)}
    assert found == expected
    assert expected


def test_many_clashes_are_told_in_one_sentence_for_each_course(browser: Browser, served: Served, catalogue: Catalogue) -> None:
    four = [AI8, AI10, "jarvilukio/ps-yo-valmennus", "jarvilukio/maa7-integraalilaskenta"]
    with reader(browser, served, storage={CHOSEN: json.dumps([f"{one}:2026-p3" for one in four])}) as page:
        page.goto("/chosen.html")
        told = page.locator("h2:has-text('Samaan aikaan') + ul li").filter(has_text="on käynnissä yhtä aikaa")
        expect(told).to_have_count(3)
        for i, text in enumerate(told.all_inner_texts()):
            assert text.startswith(name(catalogue, four[i]))
            assert [one for one in four[i + 1 :] if f"{name(catalogue, one)} (30.11.2026–5.2.2027)" not in text] == []


def map_names(catalogue: Catalogue) -> list[str]:
    return [name(catalogue, one) for one in FOUR]


def run_by(catalogue: Catalogue, course_id: str, dates: str) -> tuple[str, str]:
    """First and last day of the run that is written so, `8.2.–9.4.2027`."""
    for one in catalogue.courses[course_id].offerings:
        if one.starts_on and one.ends_on:
            first = f"{one.starts_on.day}.{one.starts_on.month}." + (
                str(one.starts_on.year) if one.starts_on.year != one.ends_on.year else ""
            )
            if dates == f"{first}–{one.ends_on.day}.{one.ends_on.month}.{one.ends_on.year}":
                return one.starts_on.isoformat(), one.ends_on.isoformat()
    raise AssertionError(f"{course_id} has no run {dates}")


COURSES = """[
  { id: 'a/one', shown: '1', runs: [
    { id: '1', state: 'open', from: '2027-01-10', to: '2027-02-10' },
    { id: '2', state: 'not_open', from: '2027-04-01', to: '2027-05-01' }] },
  { id: 'a/two', shown: '1', runs: [{ id: '1', state: 'open', from: '2027-02-10', to: '2027-03-10' }] },
  { id: 'a/free', shown: '1', runs: [{ id: '1', state: 'open' }] },
  { id: 'a/past', shown: '1', runs: [
    { id: '1', state: 'cancelled', from: '2027-01-01', to: '2027-05-01' },
    { id: '2', state: 'ended', from: '2026-01-01', to: '2026-05-01' }] },
]"""


@pytest.mark.parametrize(
    ("chosen", "picked", "pairs"),
    [
        ("[]", ["2", "1", "1", "2"], []),
        ("[['a/one', '1'], ['a/two', '']]", ["1", "1", "1", "2"], [[0, 1, "2027-02-10", "2027-02-10"]]),
        ("[['a/one', '9'], ['a/past', '1']]", ["2", "1", "1", "2"], []),
    ],
    ids=["the run that clashes least", "the run that the reader chooses", "a run that there is not, and one that is cancelled"],
)
def test_the_run_is_chosen_that_clashes_least(
    browser: Browser, served: Served, chosen: str, picked: list[str], pairs: list[object]
) -> None:
    with reader(browser, served) as page:
        page.goto("/chosen.html")
        page.wait_for_load_state("networkidle")
        found = page.evaluate(
            f"""async () => {{
            const address = performance.getEntriesByType('resource').map((one) => one.name).find((one) => one.includes('/my-clashes.'));
            const {{ runsThatCount, clashes }} = await import(address);
            const picked = runsThatCount({COURSES}, new Map({chosen}));
            return [picked.map(({{ id }}) => id), clashes(picked).map(({{ a, b, from, to }}) => [a, b, from, to])];
        }}"""
        )
        assert found == [picked, pairs]


@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_four_courses_stand_side_by_side(browser: Browser, served: Served, catalogue: Catalogue, phone: bool) -> None:
    with reader(browser, served, phone=phone, storage={SCHOOL: "kuusikko"}) as page:
        page.goto(f"/compare.html?{query(FOUR)}")
        expect(page.locator(".compare thead th")).to_have_count(5)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        region = page.get_by_role("region", name="Kurssit rinnakkain")
        expect(region).to_have_attribute("tabindex", "0")
        rows = cells(page)
        wanted = [catalogue.courses[one] for one in FOUR]
        assert rows["Koodi"] == [codes(one) for one in wanted]
        assert rows["Laajuus"] == [f"{one.credits}\u00a0op".replace("\u00a0", " ") for one in wanted]
        assert rows["Järjestää"] == [catalogue.schools[one.school_id].name.to("fi") for one in wanted]
        assert rows["Esitiedot"] == [one.prerequisites or "–" for one in wanted]
        assert all(text.startswith("Kuusikon lukio maksaa") for text in rows["Hinta ja maksaja"])
        assert all(re.search(r"0\s€", text) for text in rows["Jos perut tai keskeytät"])
        assert all(len(row) == 4 and all(row) for row in rows.values())
        heads = page.locator(".compare tbody th")
        for head, row in zip(heads.all(), rows.values(), strict=True):
            assert ("eroaa" in head.inner_text()) == (len(set(row)) > 1)


def test_places_are_told_as_they_are_now(browser: Browser, served: Served) -> None:
    with reader(browser, served) as page:
        page.goto(f"/compare.html?{query([FY4, MAA2])}")
        expect(page.locator(".compare [data-seats]").first).to_have_text(re.compile(r"vapaana|Täynnä"))
        page.get_by_role("button", name="Valitse oma oppilaitoksesi").click()
        page.get_by_label("Oppilaitoksesi", exact=True).select_option("vuorela")
        expect(page.locator(".compare")).to_contain_text("Vuorelan lukio maksaa")
        expect(page.locator(".compare [data-seats]").first).to_have_text(re.compile(r"vapaana|Täynnä"))


def test_only_the_differences_can_be_shown_and_a_course_taken_away(browser: Browser, served: Served) -> None:
    with reader(browser, served) as page:
        page.goto(f"/compare.html?{query([MAA2, MAA3])}")
        expect(page.locator(".compare thead th")).to_have_count(3)
        every = page.locator(".compare tbody tr").count()
        page.get_by_label("Näytä vain erot").check()
        differing = page.locator(".compare tbody tr:visible").count()
        assert 0 < differing < every
        tell_clock(page, NOON)
        expect(page.get_by_label("Näytä vain erot")).to_be_focused()
        expect(page.locator(".compare tbody tr:visible")).to_have_count(differing)
        tell_clock(page, "2027-07-01T12:00+03:00")  # by then enrolment on both has closed, and the table is drawn anew
        expect(page.locator(".compare tbody tr", has_text="Ilmoittautuminen")).to_contain_text("Haku päättyi")
        expect(page.get_by_label("Näytä vain erot")).to_be_focused()
        page.get_by_role("button", name="Valitse oma oppilaitoksesi").click()
        page.get_by_label("Oppilaitoksesi", exact=True).select_option("vuorela")
        expect(page.locator(".compare")).to_contain_text("Vuorelan lukio maksaa")
        expect(page.get_by_label("Näytä vain erot")).to_be_checked()
        assert 0 < page.locator(".compare tbody tr:visible").count() < every
        page.get_by_role("button", name="Poista: MAA2 Funktiot ja yhtälöt 1").click()
        expect(page.locator(".compare thead th")).to_have_count(2)
        assert parse_qs(urlsplit(page.url).query)["c"] == [MAA3]
        expect(page.locator(".compare tbody tr:visible")).to_have_count(every)  # one course differs from none


def test_a_school_does_not_pay_itself(browser: Browser, served: Served) -> None:
    with reader(browser, served, storage={CHOSEN: json.dumps([MAA2]), SCHOOL: "jarvilukio"}) as page:
        for address in (f"/compare.html?{query([MAA2, MAA3])}", "/chosen.html"):
            page.goto(address)
            expect(page.locator("main table")).to_contain_text("Tämä on oman oppilaitoksesi ")
            expect(page.locator("main table")).not_to_contain_text("maksaa")


def test_the_list_leads_to_the_comparison(browser: Browser, served: Served) -> None:
    with reader(browser, served, storage={CHOSEN: json.dumps(FOUR)}) as page:
        page.goto("/chosen.html")
        page.get_by_label("Vertaa: MAA3 Geometria").check()
        expect(page.locator("[data-compare-link] a")).to_have_count(0)
        page.get_by_label("Vertaa: FY4 FY5 Voima, liike ja jaksolliset ilmiöt").check()
        page.get_by_role("link", name="Vertaa 2 kurssia").click()
        expect(page.locator(".compare thead th")).to_have_count(3)


def test_a_link_shares_the_courses_and_nothing_else(browser: Browser, served: Served) -> None:
    with reader(browser, served, storage={CHOSEN: json.dumps([MAA2, MAA3]), SCHOOL: "kuusikko"}) as page:
        page.goto("/chosen.html")
        address = page.get_by_label("Linkki listaan").input_value()
        assert parse_qs(urlsplit(address).query) == {"c": [MAA2, MAA3]}
        page.get_by_role("button", name="Kopioi linkki").click()
        expect(page.locator(".my-list__share [role=status]")).to_have_text(re.compile("kopioitu|kopioi se itse"))
    with reader(browser, served, storage={CHOSEN: json.dumps([FY4])}) as page:
        page.goto(address)
        expect(page.get_by_role("heading", name="Sinulle on jaettu 2 kurssia.")).to_be_visible()
        expect(page.locator(".my-list tbody tr")).to_have_count(2)
        assert json.loads(kept(page, CHOSEN) or "") == [FY4]  # only looked at so far
        page.get_by_role("button", name="Lisää nämä omiin kursseihin").click()
        expect(page.locator(".my-list tbody tr")).to_have_count(3)
        assert json.loads(kept(page, CHOSEN) or "") == [FY4, MAA2, MAA3]
        assert urlsplit(page.url).query == ""
        assert kept(page, SCHOOL) is None


def test_the_run_that_the_reader_chooses_is_kept_compared_and_shared(browser: Browser, served: Served) -> None:
    with reader(browser, served, storage={CHOSEN: json.dumps([AI10, AI8])}) as page:
        page.goto("/chosen.html")
        runs = runs_of(page, "ÄI8")
        runs.select_option("2026-p3")
        assert json.loads(kept(page, CHOSEN) or "") == [AI10, f"{AI8}:2026-p3"]
        page.reload()
        expect(runs).to_have_value("2026-p3")
        expect(runs).to_have_accessible_description("")
        runs.select_option("2027-p5")
        expect(runs).to_have_accessible_description("Tälle toteutukselle ei voi vielä ilmoittautua, mutta 30.11.2026–5.2.2027 on nyt auki.")
        address = page.get_by_label("Linkki listaan").input_value()
        assert parse_qs(urlsplit(address).query) == {"c": [AI10, f"{AI8}:2027-p5"]}
        page.get_by_label("Vertaa: ÄI10").check()
        page.get_by_label("Vertaa: ÄI8").check()
        page.get_by_role("link", name="Vertaa 2 kurssia").click()
        expect(page.locator(".compare thead th")).to_have_count(3)
        assert "12.4.–4.6.2027" in cells(page)["Milloin kurssi järjestetään"][1]
        assert f"{AI8}:2027-p5" in parse_qs(urlsplit(page.url).query)["c"]
    with reader(browser, served, storage={CHOSEN: json.dumps([f"{AI10}:2027-p4"])}) as page:
        page.goto(address)
        expect(runs_of(page, "ÄI8")).to_have_value("2027-p5")
        runs_of(page, "ÄI10").select_option("2026-p3")
        assert parse_qs(urlsplit(page.url).query) == {"c": [f"{AI10}:2026-p3", f"{AI8}:2027-p5"]}
        page.get_by_role("button", name="Lisää nämä omiin kursseihin").click()
        expect(runs_of(page, "ÄI10")).to_have_value("2027-p4")  # the reader's own stands
        assert json.loads(kept(page, CHOSEN) or "") == [f"{AI10}:2027-p4", f"{AI8}:2027-p5"]


def test_a_course_that_was_taken_away_comes_back_where_it_was(browser: Browser, served: Served) -> None:
    marks = [MAA2, f"{AI8}:2027-p5", SMB3]
    with reader(browser, served, storage={CHOSEN: json.dumps(marks)}) as page:
        page.goto("/chosen.html")
        rows = page.locator(".my-list tbody tr")
        status = page.locator("[data-list-status]")
        undo = page.get_by_role("button", name="Kumoa")
        page.get_by_role("button", name="Poista: ÄI8").click()
        expect(undo).to_be_focused()
        expect(status).to_contain_text("Poistettu: ÄI8")
        expect(rows.nth(1).get_by_role("button")).to_have_text("Kumoa")
        assert json.loads(kept(page, CHOSEN) or "") == [MAA2, SMB3]
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Poista: ÄI8")).to_be_focused()
        expect(status).to_contain_text("on taas listalla")
        expect(rows).to_have_count(3)
        expect(runs_of(page, "ÄI8")).to_have_value("2027-p5")
        assert json.loads(kept(page, CHOSEN) or "") == marks
        for left in (2, 1, 0):
            page.locator(".my-list [data-remove]").first.click()
            expect(page.locator(".my-list [data-remove]")).to_have_count(left)
        expect(undo).to_be_focused()
        undo.click()
        expect(rows).to_have_count(1)


def runs_of(page: Page, code: str) -> Locator:
    return page.locator(f".my-list__run[aria-label*='{code} ']")


@pytest.mark.parametrize("run", ["2099-p9", "<img src=x onerror=alert(1)>", "__proto__"])
def test_a_run_that_there_is_not_leaves_the_course_with_its_own(browser: Browser, served: Served, run: str) -> None:
    mark = f"{MAA3}:{run}"
    with reader(browser, served, storage={CHOSEN: json.dumps([mark, None, 7, {}])}) as page:
        for address in ("/chosen.html", f"/chosen.html?{urlencode({'c': mark})}", f"/compare.html?{urlencode({'c': mark})}"):
            page.goto(address)
            expect(page.locator("main table")).to_contain_text("Geometria")
            expect(page.locator("[data-list-notes]")).not_to_contain_text("jätettiin pois")
            assert page.locator("main img").count() == 0
            if "compare" not in address:
                expect(page.get_by_label("Linkki listaan")).to_have_value(re.compile(f"c={MAA3}$"))


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "../../enrol",
    "//evil.example/x",
    "a/b?x=1",
    "javascript:alert(1)",
    "",
    "A/B",
    "a/b/c",
    "x" * 5000,
]


@pytest.mark.parametrize("path", ["/chosen.html", "/sv/compare.html"])
@pytest.mark.parametrize("value", HOSTILE)
def test_a_strange_link_ends_in_a_sentence(browser: Browser, served: Served, path: str, value: str) -> None:
    with reader(browser, served) as page:
        requests = requests_of(page)
        page.goto(path)
        page.wait_for_load_state("networkidle")
        before = len(requests)
        page.evaluate("(value) => { location.search = new URLSearchParams([['c', value]]) }", value[:1500])
        page.wait_for_load_state("networkidle")
        expect(page.locator("[data-list-notes]")).to_contain_text("jätettiin pois" if path == "/chosen.html" else "lämnades bort")
        assert page.locator("main img").count() == 0
        later = [urlsplit(one.url).path for one in requests[before:]]
        assert not [one for one in later if one.startswith(("/courses", "/enrol", "//"))]


@pytest.mark.parametrize(
    ("path", "ids", "sentence"),
    [
        (f"/chosen.html?{query([MAA2, GONE])}", 1, "1 kurssi ei ole enää tarjottimella."),
        (f"/compare.html?{query([MAA2, GONE])}", 1, "1 kurssi ei ole enää tarjottimella."),
        (f"/compare.html?{query([*FOUR, 'strand/mo4-litteratur-1'])}", 4, "Rinnakkain mahtuu neljä kurssia. Loput jäivät pois."),
        (f"/chosen.html?{query([f'a/c{number}' for number in range(1000)])}", 0, "40 kurssia ei ole enää tarjottimella."),
        ("/compare.html", 0, ""),
        ("/chosen.html?c=", 0, "Linkissä ei ole yhtään tuntemaamme kurssia."),
    ],
    ids=["one gone", "one gone beside another", "five", "a thousand", "none", "empty"],
)
def test_what_is_not_there_is_told(browser: Browser, served: Served, path: str, ids: int, sentence: str) -> None:
    with reader(browser, served) as page:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        expect(page.locator("[data-list-notes]")).to_contain_text(sentence)
        expect(page.locator("table thead a, .my-list tbody a[href^='/courses'][href$='.html']")).to_have_count(ids)


def test_a_course_that_is_gone_can_be_forgotten(browser: Browser, served: Served) -> None:
    with reader(browser, served, storage={CHOSEN: json.dumps([GONE, MAA2])}) as page:
        page.goto("/chosen.html")
        page.get_by_role("button", name="Poista ne listasta").click()
        expect(page.locator("[data-list-notes]")).to_be_empty()
        assert json.loads(kept(page, CHOSEN) or "") == [MAA2]


@pytest.mark.parametrize(
    "path", ["/chosen.html", "/sv/chosen.html", "/en/chosen.html", "/compare.html", "/sv/compare.html", "/en/compare.html"]
)
def test_without_script_the_page_says_what_it_needs(browser: Browser, served: Served, path: str) -> None:
    with reader(browser, served, script=False) as page:
        page.goto(path)
        expect(page.locator("main .lead:visible")).to_contain_text("JavaScript")
        prefix = path.rpartition("/")[0]
        for href in (f"{prefix}/", f"{prefix}/subjects.html", f"{prefix}/schools.html"):
            expect(page.locator(f"main a[href='{href}']:visible")).to_have_count(1)


FILLED = [
    "/chosen.html",
    f"/compare.html?{query(FOUR)}",
    f"/chosen.html?{query([MAA2, GONE])}",
    "/subjects/maa.html",
    f"/courses/{MAA2}.html",
]


@pytest.mark.slow
@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
@pytest.mark.parametrize("path", FILLED, ids=["own", "compared", "shared", "list", "course"])
def test_axe_finds_nothing_when_a_school_and_courses_are_chosen(browser: Browser, served: Served, path: str, phone: bool) -> None:
    found: list[str] = []
    with reader(browser, served, phone=phone, storage={SCHOOL: "vuorela", CHOSEN: json.dumps(FOUR)}, reduced_motion="reduce") as page:
        page.context.add_init_script(path=AXE_FILE_PATH)
        for prefix, theme in (("", "light"), ("/sv", "dark"), ("/en", "light")):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.goto(prefix + path)
            page.wait_for_load_state("networkidle")
            found += faults(page, theme, EVERYTHING)
    assert "\n".join(found) == ""


def test_the_comparison_fits_on_paper(browser: Browser, served: Served) -> None:
    with reader(browser, served) as page:
        page.goto(f"/compare.html?{query([MAA2, MAA3])}")
        expect(page.locator(".compare thead th")).to_have_count(3)
        page.emulate_media(media="print")
        expect(page.locator(".compare .btn").first).to_be_hidden()
        expect(page.locator("[data-my-bar]")).to_be_hidden()
        expect(page.locator(".site-footer__address")).to_have_text(page.url)
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) <= 2
