"""The Nu HTML checker finds no error on any built page, in the style sheets and in the drawings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.quality.judge import NU, install, run

pytestmark = pytest.mark.quality

# What the checker's own table of CSS has not learnt yet: CSS View Transitions Module Level 2, § 2.1, and Level 1, § 5.1.
NOT_LEARNT = "CSS: (Unrecognized at-rule .@view-transition.|Unknown pseudo-element or pseudo-class .::view-transition.*)"


def findings(folder: Path) -> list[dict[str, Any]]:
    """What the checker says of every page, style sheet and drawing below a folder, in one process."""
    options = ["--errors-only", "--skip-non-html", "--also-check-css", "--also-check-svg", "--format", "json", "--stdout"]
    printed = run(["java", "-jar", str(NU), *options, "--filterpattern", f".*{NOT_LEARNT}.*", str(folder)], accepted=(0, 1))
    found: list[dict[str, Any]] = json.loads(printed)["messages"]
    return found


def told(found: list[dict[str, Any]], folder: Path) -> str:
    lines = [f"{one.get('url', '').removeprefix(folder.as_uri())}:{one.get('lastLine', '')}: {one['message']}" for one in found]
    return "\n".join(lines)


@pytest.fixture(scope="session", autouse=True)
def checker() -> None:
    install()


def test_no_page_has_an_error(site: Path) -> None:
    assert told(findings(site), site) == ""


def test_the_checker_sees_what_is_wrong(tmp_path: Path) -> None:
    """So that silence above means something."""
    (tmp_path / "page.html").write_text('<!doctype html><html lang="fi"><title>x</title><p><div id="a"></div></p>', encoding="utf-8")
    (tmp_path / "style.css").write_text("p { colour: red }", encoding="utf-8")
    (tmp_path / "mark.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><recct/></svg>', encoding="utf-8")
    found = told(findings(tmp_path), tmp_path)
    assert [name for name in ("page.html", "style.css", "mark.svg") if name not in found] == []
