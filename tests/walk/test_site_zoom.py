"""Pages at 400 % zoom and with wide text spacing: no scrolling sideways, nothing cut off, nothing hidden under what sticks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.page_kinds import FOLDERS, samples

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ZOOMED = {"width": 320, "height": 256}  # a screen of 1280 × 1024 at 400 %: WCAG 2.2, 1.4.10
LAPTOP = {"width": 1280, "height": 860}

# WCAG 2.2, 1.4.12. By a constructed style sheet, as a reader's extension does it: the pages' policy allows no other.
SPACING = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
        p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
}"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Text in a box that hides what does not fit. Boxes of one pixel are for screen readers alone.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter(one => {
    const {overflowX, overflowY} = getComputedStyle(one);
    const wide = one.scrollWidth > one.clientWidth + 1 && ["hidden", "clip"].includes(overflowX);
    const high = one.scrollHeight > one.clientHeight + 1 && ["hidden", "clip"].includes(overflowY);
    return one.clientWidth > 1 && one.textContent.trim() && (wide || high);
}).map(one => one.outerHTML.slice(0, 120))"""
# WCAG 2.2, 2.4.11: of a control with the focus something is to be seen. At most 60 of a page, evenly taken.
COVERED = """() => {
    const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")];
    const seen = all.filter(one => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length && !one.closest(".trap"));
    const step = Math.max(1, Math.floor(seen.length / 60));
    return seen.filter((_, place) => place % step === 0).filter(one => {
        one.focus();
        const box = one.getBoundingClientRect();
        const points = [.1, .5, .9].flatMap(x => [.1, .5, .9].map(y => [box.left + x * box.width, box.top + y * box.height]));
        return !points.some(([x, y]) => {
            const found = document.elementFromPoint(x, y);
            return found && (one.contains(found) || found.contains(one) || found.closest("label")?.control === one);
        });
    }).map(one => one.outerHTML.slice(0, 120));
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, host: str) -> Iterator[Page]:
    context = browser.new_context(base_url=host, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", FOLDERS)
def test_nothing_is_lost_at_four_hundred_percent(page: Page, site: Path, language: str) -> None:
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    found: list[str] = []
    for _, address in samples(site, language):
        page.goto(address)
        if page.evaluate(SIDEWAYS) > 0:
            found.append(f"{address} scrolls sideways")
        found += [f"{address} covers {one}" for one in page.evaluate(COVERED)]
    assert "\n".join(found) == ""


@pytest.mark.parametrize("viewport", [ZOOMED, LAPTOP], ids=["zoomed", "laptop"])
@pytest.mark.parametrize("language", FOLDERS)
def test_nothing_is_lost_with_wide_text_spacing(page: Page, site: Path, language: str, viewport: dict[str, int]) -> None:
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    found: list[str] = []
    for _, address in samples(site, language):
        page.goto(address)
        page.evaluate(SPACING)
        if page.evaluate(SIDEWAYS) > 0:
            found.append(f"{address} scrolls sideways")
        found += [f"{address} cuts off {one}" for one in page.evaluate(CUT_OFF)]
    assert "\n".join(found) == ""
