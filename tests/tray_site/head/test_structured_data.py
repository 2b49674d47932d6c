"""What pages tell search engines is read by a library that is not ours, and compared with the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import extruct  # type: ignore[import-untyped]
import pytest

from course_catalogue.model import Catalogue, Text
from course_catalogue.price import agreement_for, price_for
from tests.tray_site.conftest import NOW
from theme.address import addresses
from theme.course_view import course_view
from theme.environment import environment
from tray_site.head.course_data import AVAILABILITY, course_data, workload

SITE = "https://tarjotin.pikku.example"
GOOGLE = ("name", "description", "provider", "offers", "hasCourseInstance", "inLanguage", "url")  # of a course that is held


def graph(site: Path, address: str) -> list[dict[str, Any]]:
    path = site / (address + "index.html" if address.endswith("/") else address).lstrip("/")
    found = extruct.extract(path.read_text(encoding="utf-8"), base_url=SITE, syntaxes=["json-ld"], errors="strict")["json-ld"]
    assert len(found) == 1
    assert found[0]["@context"] == "https://schema.org"
    things: list[dict[str, Any]] = found[0]["@graph"]
    return things


def thing(things: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    found = [one for one in things if one["@type"] == kind]
    assert len(found) == 1, kind
    return found[0]


@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
def test_every_course_says_all_that_google_asks_of_one(site: Path, catalogue: Catalogue, prefix: str) -> None:
    language = prefix.lstrip("/") or "fi"
    for course in catalogue.published():
        found = thing(graph(site, f"{prefix}/courses/{course.id}.html"), "Course")
        held = course.status == "published"
        assert all(found.get(name) for name in GOOGLE if held or name != "offers")
        assert (found["name"], found["description"]) == (course.title.to(language), course.summary.to(language))
        assert found["url"] == found["@id"] == f"{SITE}{prefix}/courses/{course.id}.html"
        assert (found["inLanguage"], found["numberOfCredits"]) == (course.language, course.credits)
        assert found["provider"]["@type"] == "EducationalOrganization"
        assert found["provider"]["name"] == catalogue.schools[course.school_id].name.to(language)
        assert found["provider"].get("sameAs") == catalogue.schools[course.school_id].website
        assert found["about"]["name"] == catalogue.subjects[course.subject_id].name.to(language)
        assert [one["termCode"] for one in found.get("teaches", [])] == list(course.modules)
        assert found["educationalLevel"] == [catalogue.words["audience"][one].to(language) for one in course.audience]
        assert found.get("courseCode", "") == " ".join(course.modules)
        assert found["image"] == f"{SITE}/courses/{course.id}.png"


def test_every_run_is_an_instance_with_its_days_and_work(site: Path, catalogue: Catalogue) -> None:
    for course in catalogue.published():
        found = thing(graph(site, f"/courses/{course.id}.html"), "Course")
        instances = {one["identifier"]: one for one in found["hasCourseInstance"]}
        assert instances.keys() == {one.id for one in course.offerings}
        for one in course.offerings:
            instance = instances[one.id]
            assert (instance["courseMode"], instance["eventAttendanceMode"]) == ("Online", "https://schema.org/OnlineEventAttendanceMode")
            assert instance["courseWorkload"] == workload(catalogue, course.credits)
            assert instance.get("startDate") == (one.starts_on.isoformat() if one.starts_on else None)
            assert instance.get("endDate") == (one.ends_on.isoformat() if one.ends_on else None)
            cancelled = one.cancelled or course.status == "cancelled"
            assert instance["eventStatus"] == f"https://schema.org/{'EventCancelled' if cancelled else 'EventScheduled'}"
            assert instance.get("maximumAttendeeCapacity") == one.seats


def test_every_run_that_is_to_come_is_offered_at_the_prices_of_the_rules(site: Path, catalogue: Catalogue) -> None:
    for course in catalogue.published():
        offers: dict[str, list[Mapping[str, Any]]] = {}
        for offer in thing(graph(site, f"/courses/{course.id}.html"), "Course").get("offers", []):
            offers.setdefault(offer["itemOffered"]["@id"].partition("#")[2], []).append(offer)
        view = course_view(catalogue, course, NOW)
        assert offers.keys() == {one.offering.id for one in view.offerings if one.state not in ("cancelled", "ended")}
        for one in view.offerings:
            if one.offering.id not in offers:
                continue
            agreement = agreement_for(catalogue, one.offering)
            quotes = [price_for(agreement, course, school) for school in (agreement.members[0], "no such school")]
            prices = list(dict.fromkeys(f"{quote.cents / 100:.2f}" for quote in quotes))
            assert [offer["price"] for offer in offers[one.offering.id]] == prices
            for offer in offers[one.offering.id]:
                assert (offer["priceCurrency"], offer["category"]) == (agreement.currency, "Paid")
                assert offer["availability"] == f"https://schema.org/{AVAILABILITY[one.state]}"
                assert datetime.fromisoformat(offer["availabilityStarts"]) == one.offering.enrolment_opens_at
                assert datetime.fromisoformat(offer["availabilityEnds"]) == one.offering.enrolment_closes_at


@pytest.mark.parametrize(("minutes", "credits", "duration"), [(855, 2, "PT28H30M"), (855, 4, "PT57H"), (45, 1, "PT45M"), (None, 2, None)])
def test_the_work_of_a_course_is_told_where_the_network_says_what_a_credit_is(
    catalogue: Catalogue, minutes: int | None, credits: int, duration: str | None
) -> None:
    assert workload(replace(catalogue, network=replace(catalogue.network, credit_minutes=minutes)), credits) == duration


@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
def test_a_list_names_its_courses_in_the_order_of_the_page(site: Path, prefix: str) -> None:
    found = thing(graph(site, f"{prefix}/"), "ItemList")
    items = found["itemListElement"]
    assert len(items) >= 3
    assert [one["position"] for one in items] == list(range(1, len(items) + 1))
    html = (site / f"{prefix}/index.html".lstrip("/")).read_text(encoding="utf-8")
    places = [html.index(f'href="{one["url"].removeprefix(SITE)}"') for one in items]
    assert places == sorted(places)


def test_a_list_of_two_is_none(site: Path) -> None:
    assert not [one for one in graph(site, "/subjects/fy.html") if one["@type"] == "ItemList"]


@pytest.mark.parametrize(("prefix", "courses"), [("", "Kurssit"), ("/sv", "Kurser"), ("/en", "Courses")])
def test_a_page_says_where_it_lies(site: Path, prefix: str, courses: str) -> None:
    found = thing(graph(site, f"{prefix}/courses/strand/fy1-fysik.html"), "BreadcrumbList")["itemListElement"]
    assert [one["position"] for one in found] == [1, 2, 3]
    assert found[0]["name"] == courses
    for one in found:
        path = one["item"].removeprefix(SITE)
        assert (site / (path + "index.html" if path.endswith("/") else path).lstrip("/")).is_file()


def test_a_school_is_an_organisation_with_its_provider(site: Path, catalogue: Catalogue) -> None:
    for school in catalogue.schools.values():
        found = thing(graph(site, f"/schools/{school.id}.html"), "EducationalOrganization")
        assert found["name"] == school.name.to("fi")
        assert found["parentOrganization"] == {"@type": "Organization", "name": school.provider, "taxID": school.business_id}


@pytest.mark.parametrize(("prefix", "language"), [("", "fi"), ("/sv", "sv"), ("/en", "en")])
def test_the_front_page_says_how_to_search(site: Path, prefix: str, language: str) -> None:
    found = thing(graph(site, f"{prefix}/"), "WebSite")
    assert found["inLanguage"] == language
    assert found["potentialAction"]["target"]["urlTemplate"] == f"{SITE}{prefix}/search?q={{search_term_string}}"
    assert found["potentialAction"]["query-input"] == "required name=search_term_string"


def test_what_a_school_writes_cannot_leave_the_script(catalogue: Catalogue) -> None:
    """The check refuses such a text; the page does not rely on it."""
    course = catalogue.courses["kuusikko/maa6-derivaatta"]
    nasty = "</script><script>alert(1)</script><!--"
    changed = replace(course, title=Text("fi", {"fi": nasty}), summary=Text("fi", {"fi": nasty}))
    data = course_data(catalogue, course_view(catalogue, changed, NOW), "fi", addresses(catalogue, "fi"))
    page = environment("fi", catalogue).from_string('<script type="application/ld+json">{{ data|tojson }}</script>')
    html = page.render(data={"@context": "https://schema.org", **data})
    assert html.lower().count("</script") == 1
    assert "<!--" not in html
    assert extruct.extract(html, syntaxes=["json-ld"])["json-ld"][0]["name"] == nasty
