"""Feeds follow RFC 4287, say what git says, and name no person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest
from lxml import etree

from course_catalogue.model import Catalogue
from tests.tray_site.files.conftest import COMMITS, files_of, planned
from tray_site.files.feed import NEWEST

ATOM = {"a": "http://www.w3.org/2005/Atom"}
Told = tuple[Catalogue, Mapping[str, bytes]]


def read(files: Mapping[str, bytes], address: str) -> Any:
    found = feedparser.parse(files[address], response_headers={"content-type": "application/atom+xml"})
    assert not found.bozo, found.get("bozo_exception")
    return found


def feeds(files: Mapping[str, bytes]) -> list[str]:
    return [address for address in files if address.endswith(".atom")]


def test_every_feed_follows_the_grammar_of_the_rfc_and_its_two_rules(
    told: Told, sample_files: Mapping[str, bytes], schema: Callable[[str], etree.RelaxNG]
) -> None:
    grammar = schema("atom.rng")
    addresses = [*feeds(told[1]), *feeds(sample_files)]
    assert len(addresses) > 100
    for files in (told[1], sample_files):
        for address in feeds(files):
            tree = etree.fromstring(files[address])
            grammar.assertValid(tree)
            assert tree.xpath("a:author", namespaces=ATOM), "a feed has an author unless all its entries have one"
            assert len(tree.xpath("a:entry", namespaces=ATOM)) == len(tree.xpath("a:entry[a:link[@rel='alternate']]", namespaces=ATOM))


def test_the_network_s_feed_tells_of_every_commit_newest_first(told: Told) -> None:
    found = read(told[1], "/feed.atom")
    titles = [entry.title for entry in found.entries]
    assert titles[:3] == [
        "Muuttunut: FY4 Voima ja liike, Kuusikon lukio",
        "Muuttunut: MAA6 Derivaatta ja raja-arvo omaan tahtiin, Kuusikon lukio",
        "Muuttunut: FY4 Voima ja liike, Kuusikon lukio",
    ]
    assert all(title.startswith("Uusi kurssi: ") for title in titles[3:])
    assert len(titles) == 3 + len(told[0].published())
    assert [entry.summary for entry in found.entries[:3]] == [
        "Kuvausta on muutettu.",
        "Uusi nimi.",
        "Paikkojen määrä on muuttunut: 3. jakso.",
    ]
    moments = [entry.updated for entry in found.entries[:3]]
    assert moments == ["2026-11-20T10:00:00Z", "2026-09-02T09:00:00Z", "2026-09-01T09:00:00Z"]
    assert found.feed.updated == moments[0]


@pytest.mark.parametrize(("prefix", "language", "said"), [("", "fi", "Muuttunut"), ("/sv", "sv", "Ändrad"), ("/en", "en", "Changed")])
def test_a_feed_speaks_the_language_of_its_pages_and_leads_to_them(told: Told, prefix: str, language: str, said: str) -> None:
    catalogue, files = told
    found = read(files, f"{prefix}/feed.atom")
    assert found.feed.language == language
    assert found.entries[0].title.startswith(f"{said}: ")
    site = catalogue.network.site_url
    links = {link.rel: link.href for link in found.feed.links}
    assert links == {"self": f"{site}{prefix}/feed.atom", "alternate": f"{site}{prefix}/"}
    assert all(entry.link.startswith(f"{site}{prefix}/courses/") for entry in found.entries)


def test_a_school_s_and_a_subject_s_feed_hold_their_own_courses(told: Told) -> None:
    catalogue, files = told
    for course in catalogue.published():
        for address in (f"/schools/{course.school_id}.atom", f"/subjects/{course.subject_id.lower()}.atom"):
            assert any(f"/courses/{course.id}.html" in entry.link for entry in read(files, address).entries), address
    other = [entry.link for entry in read(files, "/schools/strand.atom").entries if "/courses/strand/" not in entry.link]
    assert other == []


def test_no_two_entries_have_one_id_and_an_id_stays(told: Told) -> None:
    _, files = told
    ids = [entry.id for address in ("/feed.atom", "/sv/feed.atom", "/en/feed.atom") for entry in read(files, address).entries]
    assert len(ids) == len(set(ids))
    assert "tag:tarjotin.pikku.example,2026-09-01:fi/kuusikko/fy4-voima-ja-liike/090000" in ids
    assert {entry.id for entry in read(files, "/schools/kuusikko.atom").entries} <= set(ids)


def test_a_feed_is_bounded_and_holds_the_newest(sample: Catalogue, sample_files: Mapping[str, bytes]) -> None:
    from datetime import UTC, date, datetime

    from tray_site.history import Change, History

    told = {
        course.source.path: History(
            date(2026, 8, 1), date(2026, 8, 1), (Change(datetime(2026, 8, 1, number // 60, number % 60, tzinfo=UTC), "added"),)
        )
        for number, course in enumerate(sample.published())
    }
    found = read(files_of(planned(sample, told=told)), "/feed.atom")
    assert len(found.entries) == NEWEST
    last = sample.published()[-1]
    assert last.id in found.entries[0].link
    assert read(sample_files, "/feed.atom").entries == []  # nothing is known of what is not committed


def test_no_feed_names_who_committed_or_who_teaches(told: Told) -> None:
    catalogue, files = told
    names = {course.teacher for course in catalogue.published()} | {message for _, message, *_ in COMMITS[1:]} | {"x@x.example"}
    for address in feeds(files):
        assert not [name for name in names if f">{name}<" in files[address].decode()], address
