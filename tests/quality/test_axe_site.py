"""axe-core finds nothing on any kind of page of the site, in any language, theme and width: WCAG 2.2 A and AA and its best practices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

from tests.browser import LAPTOP, PHONE, chromium
from tests.page_kinds import FOLDERS, samples
from tests.served import Served
from tests.walk.axe import COLOURS, EVERYTHING, faults

pytestmark = [pytest.mark.quality, pytest.mark.browser]

WIDTHS = {"on a laptop": LAPTOP, "on a phone": PHONE}
THEMES = {"light": EVERYTHING, "dark": COLOURS}  # a theme changes colours alone


@pytest.fixture(scope="module")
def page(served: Served) -> Iterator[Page]:
    with chromium() as browser:
        context = browser.new_context(base_url=served.address, reduced_motion="reduce")
        context.add_init_script(path=AXE_FILE_PATH)
        yield context.new_page()


@pytest.mark.parametrize("language", FOLDERS)
def test_axe_finds_nothing_on_any_kind_of_page(page: Page, site: Path, language: str) -> None:
    found: list[str] = []
    for _, address in samples(site, language):
        for where, viewport in WIDTHS.items():
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
            page.goto(address)
            for theme, looked_at in THEMES.items():
                page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                found += faults(page, f"{where}, {theme}", looked_at)
    assert "\n".join(found) == ""


@pytest.mark.parametrize("language", FOLDERS)
def test_axe_finds_nothing_on_the_open_sheet_of_filters(page: Page, language: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    found: list[str] = []
    page.goto(f"/{FOLDERS[language]}#filters")
    for theme, looked_at in THEMES.items():
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found += faults(page, f"sheet, {theme}", looked_at)
    assert "\n".join(found) == ""
