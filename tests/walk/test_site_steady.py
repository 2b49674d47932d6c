"""On a slow line nothing moves after it has been shown: what a reader is about to press stays where it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import LAPTOP, PHONE
from tests.page_kinds import address_of, heaviest

pytestmark = pytest.mark.browser

SLOW = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}  # ms, bytes per second
WATCH = """
    window.shifts = [];
    new PerformanceObserver(list => {
        for (const one of list.getEntries()) {
            const moved = one.sources.map(({node, previousRect: from, currentRect: to}) =>
                `${node?.nodeName}.${node?.className} ${Math.round(from.y)}→${Math.round(to.y)}`);
            shifts.push(`${one.value.toFixed(4)} at ${Math.round(one.startTime)} ms: ${moved.join(", ")}`);
        }
    }).observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize("kind", ["index.html", "courses/*/*.html"], ids=["front", "course"])
def test_nothing_moves_on_a_slow_line(browser: Browser, host: str, site: Path, kind: str, viewport: dict[str, int]) -> None:
    context = browser.new_context(base_url=host, viewport=viewport)  # type: ignore[arg-type]
    page = context.new_page()
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    page.add_init_script(WATCH)
    page.goto(address_of(site, heaviest(site, "fi", kind)), wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(500)
    assert page.evaluate("shifts") == []
    context.close()
