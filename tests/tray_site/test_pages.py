"""What stands on the pages of the small network."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag
from lxml import etree

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
    return " ".join(one(site, address, selector).get_text().split())


def structured(site: Path, address: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(one(site, address, 'script[type="application/ld+json"]').get_text())
    return found


@pytest.mark.parametrize("language", PREFIXES)
def test_every_price_on_a_page_is_that_of_the_one_function(site: Path, catalogue: Catalogue, language: str) -> None:
    """Every course × (member, outside): in the text, in the form, and in the structured data."""
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
        ("/sv/courses/kuusikko/hi1-ihminen-ja-ymparisto.html", "#enrol-title", "Anmälan öppnar mån 11.1.2027 kl. 8.00"),
        ("/en/courses/kuusikko/hi1-ihminen-ja-ymparisto.html", "#enrol-title", "Enrolment opens Mon 11 January 2027, 8:00"),
    ],
)
def test_where_nobody_can_enrol_the_page_says_so(site: Path, address: str, selector: str, expected: str) -> None:
    assert text(site, address, selector) == expected
    assert not page(site, address).select("form[method=post]")


def test_a_text_in_another_language_carries_it(site: Path) -> None:
    assert one(site, "/sv" + FORCE, "html")["lang"] == "sv"
    assert one(site, "/sv" + FORCE, "h1")["lang"] == "fi"
    assert one(site, "/sv" + FORCE, ".prose")["lang"] == "fi"
    assert not one(site, FORCE, "h1").has_attr("lang")
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
            assert 'type="application/ld+json"' in script or re.search(r'src="/static/[a-z]+\.[0-9a-f]{10}\.js" defer', script), path


def test_a_course_describes_itself_to_machines(site: Path) -> None:
    found = structured(site, FORCE)
    assert (found["@type"], found["name"], found["courseCode"]) == ("Course", "Voima ja liike", "FY4")
    assert found["provider"]["name"] == "Kuusikon lukio"
    assert [run["startDate"] for run in found["hasCourseInstance"]] == ["2026-10-05", "2026-11-30", "2027-02-08"]
    assert {run["courseMode"] for run in found["hasCourseInstance"]} == {"online"}
    assert {offer["price"] for offer in found["offers"]} == {"150.00"}


@pytest.mark.parametrize("address", ["/", "/sv/schools/kuusikko.html", "/en/subjects/fy.html"])
def test_a_list_describes_itself_to_machines(site: Path, address: str) -> None:
    found = structured(site, address)
    rows = [f"https://tarjotin.pikku.example{link['href']}" for link in page(site, address).select(".course-row__link")]
    assert found["@type"] == "ItemList"
    assert [item["url"] for item in found["itemListElement"]] == rows
    assert found["numberOfItems"] == len(rows)


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


def test_the_sitemap_names_every_page_in_every_language(site: Path) -> None:
    root = etree.fromstring((site / "sitemap.xml").read_bytes())
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    found = set(root.xpath("//s:loc/text()", namespaces=spaces))
    pages = {
        f"https://tarjotin.pikku.example/{path.relative_to(site).as_posix()}" for path in site.rglob("*.html") if path.name != "404.html"
    }
    assert {one.removesuffix("index.html") for one in pages} == found
    assert len(root.xpath("//s:url/s:lastmod", namespaces=spaces)) == len(found)
    assert len(root.xpath("//s:url/x:link", namespaces=spaces)) == len(found) * 3
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in root.xpath("//s:lastmod/text()", namespaces=spaces))


def test_robots_are_kept_from_what_is_personal(site: Path) -> None:
    lines = (site / "robots.txt").read_text(encoding="utf-8").splitlines()
    assert "Disallow: /sv/enrolment/" in lines
    assert "Sitemap: https://tarjotin.pikku.example/sitemap.xml" in lines


def test_the_open_data_hold_what_is_published_and_nobody_s_address(site: Path, catalogue: Catalogue) -> None:
    data = json.loads((site / "catalogue.json").read_text(encoding="utf-8"))
    assert [course["id"] for course in data["courses"]] == [course.id for course in catalogue.published()]
    force = next(course for course in data["courses"] if course["id"] == "kuusikko/fy4-voima-ja-liike")
    assert force["offerings"][1]["price_cents"] == {"member": 15000, "outside": 20000}
    for school in catalogue.schools.values():
        for contact in school.contacts:
            assert contact.email not in json.dumps(data)


def test_no_page_names_a_contact_s_address(site: Path, catalogue: Catalogue) -> None:
    """School contacts are for the service; the network's own address is public."""
    emails = {contact.email.encode() for school in catalogue.schools.values() for contact in school.contacts}
    for path in site.rglob("*"):
        if path.is_file():
            assert not [email for email in emails if email in path.read_bytes()], path
