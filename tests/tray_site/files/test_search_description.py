"""A browser's search field finds the description, and its template leads to the search of the service."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from course_catalogue.model import Catalogue
from tests.tray_site.conftest import page
from theme.address import addresses
from tray_site.files.search_description import search_description

SPACE = {"o": "http://a9.com/-/spec/opensearch/1.1/"}


@pytest.mark.parametrize("service", ["", "https://service.example"])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_it_follows_the_specification_and_leads_to_the_search(
    sample: Catalogue, schema: Callable[[str], etree.XMLSchema], language: str, service: str
) -> None:
    tree = etree.fromstring(search_description(sample, language, service))
    schema("opensearch.xsd").assertValid(tree)
    template = tree.find("o:Url", SPACE).get("template")
    host = service or sample.network.site_url
    assert template == f"{host}{addresses(sample, language).search()}?q={{searchTerms}}"
    assert tree.findtext("o:Language", namespaces=SPACE) == language


@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
def test_every_page_leads_to_it(site: Path, prefix: str) -> None:
    for address in ("/", "/courses/kuusikko/maa6-derivaatta.html", "/schools.html"):
        link = page(site, prefix + address).select_one('link[rel="search"]')
        assert link is not None
        assert (site / str(link["href"]).lstrip("/")).is_file()
        assert link["href"] == f"{prefix}/opensearch.xml"
