"""What stands on the pages of the small network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import Tag

from course_catalogue.model import Catalogue
from course_catalogue.price import agreement_for, price_for
from tests.tray_site.conftest import page
from theme.wording import Wording

FORCE = "/courses/kuusikko/fy4-voima-ja-liike.html"
PREFIXES = {"fi": "", "sv": "/sv", "en": "/en"}


def one(site: Path, address: str, selector: str) -> Tag:
    found = page(site, address).select_one(selector)
    assert found is not None, f"{address} {selector}"
    return found


def text(site: Path, address: str, selector: str) -> str:
    """What a reader sees; what only a script would show is left out."""
    soup = page(site, address)
    for hidden in soup.select("[hidden]"):
        hidden.replace_with(" ")
    found = soup.select_one(selector)
    assert found is not None, f"{address} {selector}"
    return " ".join(found.get_text().split())


@pytest.mark.parametrize("language", PREFIXES)
def test_every_price_on_a_page_is_that_of_the_one_function(site: Path, catalogue: Catalogue, language: str) -> None:
    """Every course × (member, outside): in the text and in the form."""
    wording = Wording(language, catalogue.network.time_zone)
    for course in catalogue.published():
        if course.status == "cancelled":
            continue
        address = f"{PREFIXES[language]}/courses/{course.id}.html"
        soup = page(site, address)
        printed = soup.get_text()
        for offering in course.offerings:
            agreement = agreement_for(catalogue, offering)
            member = price_for(agreement, course, "kuusikko").cents
            outside = price_for(agreement, course, "rantakyla").cents
            assert wording.money(member) in printed
            if outside != member:
                assert wording.money(outside) in printed
        hidden = soup.select_one("[name=prices_shown]")
        for shown in str(hidden["value"]).split() if hidden else ():
            offering_id, cents = shown.split(":")
            offering_shown = course.offering(offering_id)
            assert offering_shown is not None
            agreement = agreement_for(catalogue, offering_shown)
            assert cents == f"{price_for(agreement, course, 'kuusikko').cents}/{price_for(agreement, course, 'rantakyla').cents}"


def test_a_course_page_says_first_what_counts(site: Path) -> None:
    """theme: breadcrumb, codes, h1, lead, tray, facts, offerings, price of leaving, body, form; in the order of the file."""
    html = (site / FORCE[1:]).read_text(encoding="utf-8")
    marks = ["breadcrumb", "course__codes", "<h1", 'class="lead"', "course__tray", '<dl class="facts', 'id="offerings"', 'id="leaving"']
    marks += ["Mitä opit", 'id="enrol"', "site-footer"]
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places)


def test_the_tray_names_both_sums_the_start_the_deadline_and_the_seats(site: Path) -> None:
    words = text(site, FORCE, ".course__tray")
    assert words == (
        "Sinulle 0 € Oppilaitoksesi maksaa 150,00 €. Alkaa ma 30.11. "
        "Ilmoittaudu viimeistään pe 27.11. klo 16.00 10 paikkaa yhteensä "
        "Toteutuu, jos vähintään 2 ilmoittautumista on vahvistettu la 28.11. mennessä. Ilmoittaudu kurssille"
    )


def test_the_reason_of_a_price_leads_to_its_rule(site: Path) -> None:
    link = one(site, FORCE, ".tray-note a")
    assert link.get_text() == "Miksi 150\u00a0€?"
    address, _, anchor = str(link["href"]).partition("#")
    rule = one(site, address, f"[id='{anchor}']")
    assert "150,00\u00a0€" in rule.get_text()


@pytest.mark.parametrize(
    ("address", "selector", "expected"),
    [
        ("/courses/kuusikko/yritysretki.html", ".course__tray", "Peruttu Järjestäjä perui kurssin. Kukaan ei maksa mitään."),
        ("/sv/courses/kuusikko/hi1-ihminen-ja-ymparisto.html", ".course__enrol h2", "Anmälan öppnar mån 11.1.2027 kl. 8.00"),
        ("/en/courses/kuusikko/hi1-ihminen-ja-ymparisto.html", ".course__enrol h2", "Enrolment opens Mon 11 January 2027, 8:00"),
    ],
)
def test_where_nobody_can_enrol_the_page_says_so(site: Path, address: str, selector: str, expected: str) -> None:
    assert text(site, address, selector) == expected
    for form in page(site, address).select("form[method=post]"):  # of a run that opens later; the script shows it then
        assert form.find_parent(hidden=True)


def test_a_text_in_another_language_carries_it(site: Path) -> None:
    assert one(site, "/sv" + FORCE, "html")["lang"] == "sv"
    assert one(site, "/sv" + FORCE, "h1")["lang"] == "fi"
    assert one(site, "/sv" + FORCE, ".prose")["lang"] == "fi"
    assert one(site, "/sv" + FORCE, ".prose").find_previous_sibling().get_text(strip=True) == "Beskrivningens språk: finska"
    assert not one(site, FORCE, "h1").has_attr("lang")
    assert "Kuvauksen kieli" not in page(site, FORCE).get_text()
    link = one(site, "/sv/", f'a[href="/sv{FORCE}"]')
    assert link["lang"] == "fi"


def test_a_draft_has_no_page_and_stands_nowhere(site: Path) -> None:
    assert not (site / "courses/kuusikko/fy8-luonnos.html").exists()
    for path in site.rglob("*"):
        if path.is_file():
            assert b"fy8-luonnos" not in path.read_bytes(), path


def test_the_language_links_lead_to_the_same_page(site: Path) -> None:
    for address in (FORCE, "/", "/schools.html", "/pages/rules.html", "/subjects/fy.html"):
        links = page(site, "/en" + address).select(".site-header__languages a")
        assert [link["href"] for link in links] == [prefix + address for prefix in PREFIXES.values()]
        assert [link.get("aria-current") for link in links] == [None, None, "true"]


def test_pages_run_no_script_of_their_own_and_set_no_style(site: Path) -> None:
    """So that a strict content security policy holds."""
    for path in site.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert not re.search(r"<[^>]+\s(?:style|on[a-z]+)=", html), path
        assert "<style" not in html, path
        for script in re.findall(r"<script[^>]*>", html):
            ours = re.search(r'src="/static/[a-z-]+\.[0-9a-f]{10}\.js"( defer)?>', script)
            late = ours and ('type="module"' in script or ours[1])  # a module waits for the page by itself
            assert 'type="application/ld+json"' in script or late, path


def test_the_list_works_without_script(site: Path) -> None:
    soup = page(site, "/")
    form = soup.select_one("form.search")
    assert form is not None
    assert (form["action"], form["method"], form["id"]) == ("/search", "get", "filter")
    boxes = soup.select(".facet__box")
    assert boxes
    assert {box["form"] for box in boxes} == {"filter"}
    assert not soup.select(".course-row[hidden], .course-group[hidden]")


def test_the_agreement_is_printed_from_its_data(site: Path, catalogue: Catalogue) -> None:
    agreement = catalogue.agreements["2026-2027"]
    words = one(site, "/pages/rules.html", "main").get_text()
    for rule in agreement.prices:
        assert rule.because.to("fi") in words
    for party in agreement.responsibilities.values():
        for duty in party:
            assert duty.to("fi") in words
    assert "3 arkipäivän kuluessa ilmoittautumisesta, viimeistään klo\u00a016.00" in words


def test_robots_are_kept_from_what_is_personal(site: Path) -> None:
    lines = (site / "robots.txt").read_text(encoding="utf-8").splitlines()
    assert "Disallow: /sv/enrolment/" in lines
    assert "Sitemap: https://tarjotin.pikku.example/sitemap.xml" in lines


def test_no_page_names_a_contact_s_address(site: Path, catalogue: Catalogue) -> None:
    """School contacts are for the service; the network's own address is public."""
    emails = {contact.email.encode() for school in catalogue.schools.values() for contact in school.contacts}
    for path in site.rglob("*"):
        if path.is_file():
            assert not [email for email in emails if email in path.read_bytes()], path
