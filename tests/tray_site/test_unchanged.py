"""A build does nothing when it would make the site that is there, and is not taken in by anything that has changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from course_catalogue.catalogue import load
from tests.tray_site.conftest import NOW, SMALL, tree
from tray_site import unchanged
from tray_site.build import BuildReport, build
from tray_site.files.other_files import BUILD_FILE
from tray_site.unchanged import next_turn

FYSIK = "courses/strand/fy1-fysik.md"


@pytest.fixture(autouse=True)
def _no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' content is younger than two seconds."""
    monkeypatch.setattr(unchanged, "TICK", 0)


def make(content: Path, tmp_path: Path, now: datetime = NOW, *, service: str = "", packs: bool = False) -> BuildReport:
    return build(content, tmp_path / "site", now=now, cache=tmp_path / "cache", progress=False, service=service, packs=packs)


def test_the_same_again_is_no_work(content: Path, tmp_path: Path) -> None:
    first = make(content, tmp_path)
    before = tree(tmp_path / "site")
    again = make(content, tmp_path, NOW + timedelta(hours=3))
    assert (first.left, again.left) == (False, True)
    assert (again.pages, again.courses, again.languages, again.printed) == (first.pages, first.courses, first.languages, 0)
    assert tree(tmp_path / "site") == before


def test_the_service_sees_every_new_build(content: Path, tmp_path: Path) -> None:
    """By the file itself: what stands in it can be the same, as when a price has changed on a day and no page came or went."""
    make(content, tmp_path, packs=True)
    found = (tmp_path / "site" / BUILD_FILE).stat()
    edit(content, tmp_path / "site")
    make(content, tmp_path, packs=True)
    again = (tmp_path / "site" / BUILD_FILE).stat()
    assert (again.st_ino, again.st_mtime_ns) != (found.st_ino, found.st_mtime_ns)
    assert not (tmp_path / "site" / f"{BUILD_FILE}.br").exists()


def touch(content: Path, _site: Path) -> None:
    os.utime(content / FYSIK)


def edit(content: Path, _site: Path) -> None:
    text = (content / FYSIK).read_text(encoding="utf-8")
    (content / FYSIK).write_text(text.replace("seats: ", "seats: 1"), encoding="utf-8")


def add(content: Path, _site: Path) -> None:
    (content / "courses/strand/ny.md").write_bytes((content / FYSIK).read_bytes())


def remove(content: Path, _site: Path) -> None:
    (content / FYSIK).unlink()


def exchange(content: Path, _site: Path) -> None:
    """Another file of the same size, put there with the time of the old one."""
    old = content / FYSIK
    found, text = old.stat(), old.read_bytes().replace(b"seats: 1", b"seats: 2")
    new = content.parent / "new.md"
    new.write_bytes(text)
    os.utime(new, ns=(found.st_atime_ns, found.st_mtime_ns))
    new.replace(old)


def spoil(_content: Path, site: Path) -> None:
    (site / "index.html").write_text("hacked", encoding="utf-8")


def lose(_content: Path, site: Path) -> None:
    (site / "robots.txt").unlink()


def stray(_content: Path, site: Path) -> None:
    (site / "stray.txt").write_text("x", encoding="utf-8")


@pytest.mark.parametrize("change", [touch, edit, add, remove, exchange, spoil, lose, stray], ids=lambda change: change.__name__)
def test_whatever_has_changed_is_work(content: Path, tmp_path: Path, change: Callable[[Path, Path], None]) -> None:
    make(content, tmp_path)
    change(content, tmp_path / "site")
    assert not make(content, tmp_path).left
    build(content, tmp_path / "cold", now=NOW, cache=None, progress=False)
    assert tree(tmp_path / "site") == tree(tmp_path / "cold")


@pytest.mark.parametrize(
    "now", [NOW - timedelta(minutes=1), NOW + timedelta(days=1), NOW.replace(day=23, hour=23, minute=59) + timedelta(minutes=1)]
)
def test_another_day_or_an_earlier_moment_is_work(content: Path, tmp_path: Path, now: datetime) -> None:
    make(content, tmp_path)
    assert not make(content, tmp_path, now).left


@pytest.mark.parametrize(("service", "packs"), [("https://service.example", False), ("", True)])
def test_other_options_are_work(content: Path, tmp_path: Path, service: str, packs: bool) -> None:
    make(content, tmp_path)
    assert not make(content, tmp_path, service=service, packs=packs).left


def test_content_that_changed_just_now_is_never_trusted(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It might change once more within the same tick of the clock."""
    monkeypatch.setattr(unchanged, "TICK", 3_600_000_000_000)
    make(content, tmp_path)
    assert not make(content, tmp_path).left


@pytest.mark.parametrize(
    ("now", "turn"),
    [
        ("2026-11-25T09:41", "2026-11-25T16:00"),  # the enrolment of FY1 closes
        ("2026-11-25T16:00", "2026-11-26T00:00"),  # a day begins
        ("2027-01-11T07:59", "2027-01-11T08:00"),  # an enrolment opens
        ("2030-01-01T12:00", "2030-01-02T00:00"),
    ],
)
def test_the_next_turn_is_the_next_moment_at_which_a_state_can_change(now: str, turn: str) -> None:
    catalogue = load(SMALL)
    zone = catalogue.network.time_zone
    assert next_turn(catalogue, datetime.fromisoformat(now).replace(tzinfo=zone)) == datetime.fromisoformat(turn).replace(tzinfo=zone)
