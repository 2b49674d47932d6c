"""Whoever reads the site tells nobody: every request goes to its own host, and a visit leaves nothing in the browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.page_kinds import FOLDERS, samples

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_no_page_asks_anything_of_anybody_else_or_keeps_anything(browser: Browser, host: str, site: Path) -> None:
    context = browser.new_context(base_url=host)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for language in FOLDERS:
        for _, address in samples(site, language):
            page.goto(address)
            assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0], address
    page.wait_for_load_state("networkidle")
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith((f"{host}/", "data:"))] == []
    assert context.cookies() == []
    context.close()
