"""Lighthouse's scores of four pages on a phone, as the service sends them. Fails below 100.

The machine is shared, and noise only ever takes points away: a page has up to three tries, and its best one counts.
Run: .venv/bin/python -m tests.quality.lighthouse (with --write the table goes to docs/quality.md)
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.page_kinds import address_of, heaviest
from tests.quality.judge import CHROMIUM, LIGHTHOUSE, ROOT, install, run
from tests.served import serve

TRIES = 3
CATEGORIES: Mapping[str, str] = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "SEO",
}
# What the phone profile measured: name in the table → Lighthouse's audit.
MEASURES: Mapping[str, str] = {
    "first paint": "first-contentful-paint",
    "largest paint": "largest-contentful-paint",
    "blocked": "total-blocking-time",
    "shift": "cumulative-layout-shift",
    "sent": "total-byte-weight",
}
DOCUMENT = ROOT / "docs" / "quality.md"
BEGINS, ENDS = "<!-- scores: made by the command above -->\n", "<!-- end of scores -->\n"


@dataclass(frozen=True, slots=True)
class Score:
    """Of one page: points by category, 0–100, and what was measured, as Lighthouse words it."""

    page: str
    address: str
    points: Mapping[str, int]
    measured: Mapping[str, str]

    @property
    def perfect(self) -> bool:
        return set(self.points.values()) == {100}

    def __str__(self) -> str:
        return f"{self.page} ({self.address}): " + ", ".join(f"{CATEGORIES[name]} {points}" for name, points in self.points.items())


def score_of(page: str, address: str, report: Mapping[str, Any]) -> Score:
    """Read a report. A category without a score, which happens when the page did not load, has no points."""
    points = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES}
    shown = {name: report["audits"][audit].get("displayValue", "") for name, audit in MEASURES.items()}
    measured = {name: text.replace("\u00a0", " ").removeprefix("Total size was ") for name, text in shown.items()}
    return Score(page, address, points, measured)


def best(scores: Sequence[Score]) -> Score:
    """The try with the most points; the first of equals."""
    return max(scores, key=lambda one: sum(one.points.values()))


def table(scores: Sequence[Score]) -> str:
    """The scores as Markdown."""
    heads = ["page", "address", *CATEGORIES.values(), *MEASURES]
    rows = [[one.page, f"`{one.address}`", *map(str, one.points.values()), *one.measured.values()] for one in scores]
    lines = [heads, ["---"] * 2 + ["---:"] * (len(heads) - 2), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def pages(site: Path) -> Mapping[str, str]:
    """Of the front page, a list, a course and the rules: the address. The heaviest list and course stand for all."""
    return {
        "front": "/",
        "list": address_of(site, heaviest(site, "fi", "subjects/*.html")),
        "course": address_of(site, heaviest(site, "fi", "courses/*/*.html")),
        "rules": "/pages/rules.html",
    }


def look(page: str, host: str, address: str) -> Score:
    """Let Lighthouse look, again while it is not content or its browser gives up. RuntimeError when no try came to its end."""
    tries: list[Score] = []
    said: list[RuntimeError] = []
    while len(tries) + len(said) < TRIES and not any(one.perfect for one in tries):
        try:
            tries.append(score_of(page, address, _report(host + address)))
        except RuntimeError as error:
            said.append(error)
    if not tries:
        raise said[-1]
    return best(tries)


def _report(address: str) -> Mapping[str, Any]:
    flags = "--headless=new --no-sandbox --disable-gpu"
    command = ["node", str(LIGHTHOUSE), address, "--quiet", f"--chrome-flags={flags}", "--output=json", "--output-path=stdout"]
    report: Mapping[str, Any] = json.loads(run(command, environment={"CHROME_PATH": CHROMIUM}))
    return report


def main(arguments: Sequence[str]) -> int:
    """Print the table, and what is below 100. The exit code: 1 if anything is."""
    install()
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as served:
        found = [look(page, served.address, address) for page, address in pages(Path(folder) / "site").items()]
    printed = table(found)
    print(printed)
    if "--write" in arguments:
        text = DOCUMENT.read_text(encoding="utf-8")
        before, after = text.split(BEGINS)[0], text.split(ENDS)[1]
        DOCUMENT.write_text(before + BEGINS + printed + ENDS + after, encoding="utf-8")
    poor = [one for one in found if not one.perfect]
    for one in poor:
        print(f"Below 100 in the best of {TRIES} tries: {one}")
    return 1 if poor else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
