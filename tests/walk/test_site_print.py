"""A course on paper: at most two pages A4, all that counts and nothing that can only be clicked."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.page_kinds import FOLDERS, address_of, heaviest, pages_by_kind

pytestmark = pytest.mark.browser

COURSE = "courses/*/*.html"
SUBMIT = {"fi": "Lähetä ilmoittautuminen", "sv": "Skicka anmälan", "en": "Send enrolment"}


def printed(browser: Browser, address: str) -> list[str]:
    """The text of each page on paper."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    pdf = PdfReader(io.BytesIO(page.pdf(format="A4")))
    context.close()
    return [" ".join(one.extract_text().split()) for one in pdf.pages]


@pytest.mark.parametrize("language", FOLDERS)
def test_the_longest_course_takes_two_pages_at_most(browser: Browser, host: str, site: Path, language: str) -> None:
    """The heaviest page, and the one with the longest text."""
    for path in {heaviest(site, language, COURSE), *sorted(pages_by_kind(site, language)[COURSE], key=prose)[-2:]}:
        address = address_of(site, path)
        pages = printed(browser, host + address)
        assert len(pages) <= 2, address
        text = " ".join(pages)
        assert text.endswith(address), "the address stands at the end"
        assert SUBMIT[language] not in text


def prose(path: Path) -> int:
    """How long the course's own text is."""
    return len(path.read_text(encoding="utf-8").partition('class="prose')[2].partition("</section>")[0])


@pytest.mark.slow
@pytest.mark.parametrize("address", ["/", "/pages/rules.html", "/subjects/maa.html"])
def test_other_pages_print_without_navigation_and_filters(browser: Browser, host: str, address: str) -> None:
    text = " ".join(printed(browser, host + address))
    assert "Siirry sisältöön" not in text
    assert "Rajaa kursseja" not in text
    assert address in text
