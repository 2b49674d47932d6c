"""The sitemap follows its schema and the rules of hreflang, names every page that is to be found, and is split where it must be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from tests.tray_site.conftest import NOW, page
from tests.tray_site.files.conftest import planned
from tray_site.build import build
from tray_site.files.sitemap import LARGEST, MOST, UNLISTED, sitemaps
from tray_site.plan.planned import Plan

SPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
Schema = Callable[[str], etree.XMLSchema]


@pytest.fixture(scope="module")
def plan(sample) -> Plan:  # type: ignore[no-untyped-def]
    return planned(sample)


def urls(tree: etree._Element) -> dict[str, etree._Element]:
    return {one.findtext("s:loc", namespaces=SPACES): one for one in tree.findall("s:url", SPACES)}


def test_it_follows_the_schema(site: Path, plan: Plan, schema: Schema) -> None:
    schema("sitemap-pages.xsd").assertValid(etree.fromstring((site / "sitemap.xml").read_bytes()))
    schema("sitemap-pages.xsd").assertValid(etree.fromstring(dict(sitemaps(plan, {}))["/sitemap.xml"]))


def test_it_names_every_page_that_is_to_be_found_and_no_other(site: Path) -> None:
    base = "https://tarjotin.pikku.example"
    found = set(urls(etree.fromstring((site / "sitemap.xml").read_bytes())))
    pages = {f"/{path.relative_to(site).as_posix()}".removesuffix("index.html") for path in site.rglob("*.html")}
    hidden = {one for one in pages if "404" in one or page(site, one).select_one('meta[name="robots"][content="noindex"]')}
    assert found == {base + one for one in pages - hidden}
    assert {one for one in pages if "/embed/" in one} <= hidden


def test_every_page_names_its_languages_and_is_named_by_them(site: Path) -> None:
    found = urls(etree.fromstring((site / "sitemap.xml").read_bytes()))
    for address, one in found.items():
        links = {link.get("hreflang"): link.get("href") for link in one.findall("x:link", SPACES)}
        assert links.keys() == {"fi", "sv", "en", "x-default"}
        assert links["x-default"] == links["fi"]
        assert address in links.values()
        for other in links.values():
            back = {link.get("href") for link in found[other].findall("x:link", SPACES)}
            assert address in back, (address, other)


def test_the_day_is_that_of_the_last_commit(told_content: Path, tmp_path: Path) -> None:
    build(told_content, tmp_path / "site", now=NOW, cache=None, progress=False)
    found = urls(etree.fromstring((tmp_path / "site" / "sitemap.xml").read_bytes()))
    base = "https://tarjotin.pikku.example"
    days = {
        address: date.fromisoformat(found[f"{base}{address}"].findtext("s:lastmod", namespaces=SPACES))
        for address in (
            "/courses/kuusikko/fy4-voima-ja-liike.html",
            "/sv/courses/kuusikko/maa6-derivaatta.html",
            "/schools/kuusikko.html",
            "/schools/strand.html",
        )
    }
    assert list(days.values()) == [date(2026, 11, 20), date(2026, 9, 2), date(2026, 11, 20), date(2026, 8, 1)]


@pytest.mark.parametrize(("most", "largest"), [(100, LARGEST), (MOST, 60_000)])
def test_a_large_one_is_split_and_an_index_names_the_parts(plan: Plan, schema: Schema, most: int, largest: int) -> None:
    files = dict(sitemaps(plan, {}, most, largest))
    index = etree.fromstring(files.pop("/sitemap.xml"))
    schema("sitemap-index.xsd").assertValid(index)
    base = plan.catalogue.network.site_url
    assert [one.text for one in index.findall(".//s:loc", SPACES)] == [base + address for address in files]
    listed: list[str] = []
    for part in files.values():
        tree = etree.fromstring(part)
        schema("sitemap-pages.xsd").assertValid(tree)
        assert len(part) <= largest
        assert len(tree) <= most
        listed += urls(tree)
    assert listed == [base + one.address for one in plan.pages if one.kind not in UNLISTED]
    assert len(files) > 3


def test_the_limits_are_those_of_the_protocol() -> None:
    assert (MOST, LARGEST) == (50_000, 52_428_800)
