"""Whatever has changed since the last build, a build with what it kept makes the very files that a build from nothing makes.

Edits of everything a site is made of, in any order and taken back at times: content, agreements, vocabulary, words, looks and
templates, and the day. After each, or a few of them, the kept site is compared with a cold one, byte by byte.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree, rmtree

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.tray_site.conftest import NOW, SMALL, tree

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("course_catalogue", "theme", "tray_site")  # what a build is made of
PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from tray_site.build import build
cache = None if sys.argv[4] == "-" else Path(sys.argv[4])
content, output, now = Path(sys.argv[1]), Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
build(content, output, now=now, cache=cache, progress=False, packs=sys.argv[5] == "packs")
"""


@dataclass(frozen=True)
class Edit:
    """A text of a file, below the repository or its content, and what is written in its place."""

    path: str
    old: str
    new: str

    def made(self, text: str) -> str:
        """The text with this edit, or without it when it is there already."""
        return text.replace(self.new, self.old) if self.new in text else text.replace(self.old, self.new)


FORCE, MAA6, FYSIK = (
    f"content/courses/{name}.md" for name in ("kuusikko/fy4-voima-ja-liike", "kuusikko/maa6-derivaatta", "strand/fy1-fysik")
)
RULES = "content/agreements/2026-2027.yaml"
EDITS = [
    Edit(FORCE, "seats: 10", "seats: 12"),
    Edit(FORCE, "status: published", "status: cancelled"),
    Edit(FORCE, "enrolment_closes_at: 2026-11-27T16:00", "enrolment_closes_at: 2026-11-26T12:00"),
    Edit(FORCE, "## ", "## Muutettu "),
    Edit(MAA6, "{fi: Derivaatta", "{fi: Uusi derivaatta"),
    Edit(MAA6, "status: published", "status: draft"),
    Edit(MAA6, "mode: independent", "mode: guided"),
    Edit(FYSIK, "title: ", "title: Ny "),
    Edit("content/schools/kuusikko.yaml", "place: ", "place: Uusi-"),
    Edit("content/schools/strand.yaml", "name: ", "name: Ny-"),
    Edit("content/network.yaml", "slogan: {fi: ", "slogan: {fi: Uusi "),
    Edit("content/network.yaml", "Europe/Helsinki", "Europe/Stockholm"),
    Edit("content/pages/sv/about.md", "title: ", "title: Ny "),
    Edit(RULES, "amount: 150.00", "amount: 155.00"),
    Edit(RULES, "share: 50", "share: 40"),
    Edit(RULES, "answer_within_days: ", "answer_within_days: 1"),
    Edit("content/vocabulary/levels.yaml", "lukio: {fi: ", "lukio: {fi: Uusi "),
    Edit("content/vocabulary/subjects.yaml", "FY: {fi: ", "FY: {fi: Uusi "),
    Edit("content/vocabulary/modules.csv", "FY4,FY,2,", "FY4,FY,2,Uusi "),
    Edit("theme/templates/course.html", "{% block main %}", "{% block main %}<p>Uutta</p>"),
    Edit("theme/templates/seats.html", "places in all", "places altogether"),
    Edit("theme/static/seats.js", "\n", "\n// muutettu\n"),
    Edit("theme/static/tray.css/12-course.css", "\n", "\n/* muutettu */\n"),
    Edit("theme/locale/fi/site.po", 'msgstr "Ilmoittaudu ', 'msgstr "Ilmoittaudu nyt '),
    Edit("theme/wording.py", 'RANGE = "–"', 'RANGE = "—"'),
    Edit("course_catalogue/search/compound.py", "LEAST = 4", "LEAST = 5"),
    Edit("course_catalogue/price.py", "rule.amount_cents * (course", "1 + rule.amount_cents * (course"),
]
EVERY_DAY = st.integers(-120, 300).map(lambda days: NOW + timedelta(days=days))
NEAR = st.sampled_from([NOW, NOW + timedelta(hours=8), NOW + timedelta(days=1), NOW + timedelta(days=3), NOW + timedelta(days=40)])
STEP = st.tuples(st.lists(st.sampled_from(EDITS), max_size=2), NEAR | EVERY_DAY)


def build(root: Path, output: Path, now: datetime, cache: Path | None, packs: str = "", **environment: str) -> None:
    """Build in a fresh process of the copied tree: the engine is hashed once in a process."""
    command = [sys.executable, "-c", PROGRAM, str(root / "content"), str(output), now.isoformat(), str(cache or "-"), packs]
    settings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment}
    done = subprocess.run(command, cwd=root, env=settings, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    assert done.returncode == 0, done.stderr


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The tree that a build needs, with the content of the small network."""
    root = tmp_path / "copied"
    for package in PACKAGES:
        copytree(ROOT / package, root / package, ignore=lambda _folder, names: [name for name in names if name == "__pycache__"])
    copytree(SMALL, root / "content")
    return root


@pytest.mark.parametrize("one", EDITS, ids=lambda one: f"{one.path}: {one.new.strip()[:30]}")
def test_an_edit_of_the_list_is_one(one: Edit) -> None:
    text = ((SMALL.parent / one.path.replace("content", "small", 1)) if one.path.startswith("content/") else ROOT / one.path).read_text(
        "utf-8"
    )
    assert one.old in text
    assert one.made(text) != text
    assert one.made(one.made(text)) == text


@pytest.mark.slow
@settings(
    max_examples=int(os.environ.get("TARJOTIN_EXAMPLES", "4")),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=2, max_size=4))
def test_kept_pages_and_new_ones_make_what_a_cold_build_makes(copied: Path, steps: list[tuple[list[Edit], datetime]]) -> None:
    site, cold, cache = (copied.parent / name for name in ("site", "cold", "cache"))
    for edits, now in steps:
        for one in edits:
            path = copied / one.path
            path.write_text(one.made(path.read_text(encoding="utf-8")), encoding="utf-8")
        build(copied, site, now, cache, "packs")
        build(copied, cold, now, None, "packs")
        assert tree(site) == tree(cold)
        rmtree(cold)


def test_the_bytes_are_the_same_wherever_and_however_they_are_made(copied: Path, tmp_path: Path) -> None:
    """Another folder, hash seed, locale, time zone, umask, order of the files on the disk and number of processors."""
    build(copied, tmp_path / "one", NOW, None, "packs", PYTHONHASHSEED="1", LC_ALL="C", TZ="Pacific/Auckland")
    other = tmp_path / "elsewhere" / "deeper"
    for path in sorted(copied.rglob("*"), reverse=True):
        if path.is_file():
            target = other / path.relative_to(copied)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    before = os.umask(0o077)
    try:
        build(
            other, other / "out" / "site", NOW, tmp_path / "cache", "packs", PYTHONHASHSEED="2", LC_ALL="fi_FI.UTF-8", TZ="America/New_York"
        )
    finally:
        os.umask(before)
    assert tree(tmp_path / "one") == tree(other / "out" / "site")


@pytest.mark.slow
@pytest.mark.parametrize("damage", [b"", b"damaged", None], ids=["emptied", "overwritten", "a byte turned"])
def test_a_damaged_cache_changes_nothing_that_is_printed(copied: Path, tmp_path: Path, damage: bytes | None) -> None:
    """Every file of the cache at once; the second build also has a course to print anew."""
    site, cold, cache = (tmp_path / name for name in ("site", "cold", "cache"))
    build(copied, site, NOW, cache)
    path = copied / FORCE
    path.write_text(EDITS[0].made(path.read_text(encoding="utf-8")), encoding="utf-8")
    for kept in sorted(one for folder in (cache, copied / ".cache") for one in folder.rglob("*") if one.is_file()):
        content = kept.read_bytes()
        place = len(content) // 2
        turned = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :] if content else b""
        kept.unlink()  # the published page is the same file
        kept.write_bytes(turned if damage is None else damage)
    build(copied, site, NOW, cache)
    rmtree(copied / ".cache", ignore_errors=True)
    build(copied, cold, NOW, None)
    assert tree(site) == tree(cold)
