"""The README tells the truth about where things are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def _places(document: Path) -> list[str]:
    """Links to files, and code spans of the README's table that name a path."""
    text = document.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    spans = re.findall(r"`([\w.]+/[\w./<>-]*)`", text) if document.name == "README.md" else []
    return links + [span for span in spans if "<" not in span]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_place_that_is_named_exists(document: Path) -> None:
    missing = [place for place in _places(document) if not (document.parent / place).exists() and not place.startswith((".data", "output"))]
    assert missing == []


def test_the_readme_names_a_place_for_each_room() -> None:
    named = " ".join(_places(ROOT / "README.md"))
    for room in ("content/", "course_catalogue/", "tray_site/", "theme/", "enrol_service/", "commands/", "benchmarks/"):
        assert room in named
