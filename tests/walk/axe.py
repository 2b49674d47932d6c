"""axe-core on an open page: WCAG 2.2 A and AA and its best practices."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from playwright.sync_api import Page

TAGS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
EVERYTHING = {"runOnly": TAGS}
BUT_COLOURS = {"runOnly": TAGS, "rules": {"color-contrast": {"enabled": False}}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

# What is far below the screen is else not laid out, and axe takes the places kept for it for things that lie over each other.
LOOK = """async options => {
    const whole = new CSSStyleSheet();
    whole.replaceSync("* { content-visibility: visible !important }");
    document.adoptedStyleSheets = [whole];
    const found = await axe.run(document, options);
    const why = node => node.failureSummary.split("\\n").slice(1, 3).join("; ").trim();
    const told = rule => rule.nodes.map(one => `${rule.id}: ${rule.help}: ${one.target.join(" ")}: ${one.html.slice(0, 160)}: ${why(one)}`);
    return found.violations.flatMap(told);
}"""


def faults(page: Page, where: str, looked_at: Mapping[str, object]) -> list[str]:
    """What axe finds on a page into which its script has been put, one line each."""
    found = page.evaluate(LOOK, {**looked_at, "resultTypes": ["violations"]})
    return [f"{urlsplit(page.url).path} {where}: {one}" for one in found]
