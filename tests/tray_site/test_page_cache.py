"""Kept pages come back as they were, and a page that is not as it was counts as absent."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tray_site.page_cache import KEPT_DAYS, PageCache
from tray_site.page_facts import PageFacts

FACTS = PageFacts("fi", "Otsikko – Tarjotin", 1, ("main", "enrol"), ("/", "/a.html#b"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cache with one page, kept under the key `key`."""
    printed = tmp_path / "printed.html"
    printed.write_bytes(b"<p>sivu</p>")
    cache = PageCache(tmp_path / "pages")
    cache.remember([("key", cache.keep("key", printed), FACTS)])
    return tmp_path / "pages"


def test_a_kept_page_comes_back_with_its_facts(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "site" / "courses" / "a.html"
    assert PageCache(folder).place("key", target) == (FACTS, 11)
    assert target.read_bytes() == b"<p>sivu</p>"


def test_an_unknown_page_is_absent(folder: Path, tmp_path: Path) -> None:
    assert PageCache(folder).place("other", tmp_path / "a.html") is None


def test_a_page_that_was_edited_is_absent(folder: Path, tmp_path: Path) -> None:
    """Also when it was edited where it is published: the two names are one file."""
    cache = PageCache(folder)
    cache.place("key", tmp_path / "a.html")
    with (tmp_path / "a.html").open("ab") as file:
        file.write(b"more")
    assert PageCache(folder).place("key", tmp_path / "b.html") is None


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"key": 1}', '{"key": {}}', '{"key": {"stamp": [1], "used_on": "x", "facts": []}}'])
def test_a_damaged_list_counts_as_empty(folder: Path, tmp_path: Path, damage: str) -> None:
    (folder / "list.json").write_text(damage, encoding="utf-8")
    assert PageCache(folder).place("key", tmp_path / "a.html") is None


def test_a_page_without_its_file_is_absent(folder: Path, tmp_path: Path) -> None:
    (folder / "key").unlink()
    assert PageCache(folder).place("key", tmp_path / "a.html") is None


def test_pages_that_no_build_uses_are_removed_after_some_days(folder: Path, tmp_path: Path) -> None:
    listed = json.loads((folder / "list.json").read_text(encoding="utf-8"))
    listed["key"]["used_on"] = (datetime.now(UTC).date() - timedelta(days=KEPT_DAYS + 1)).isoformat()
    (folder / "list.json").write_text(json.dumps(listed), encoding="utf-8")
    printed = tmp_path / "new.html"
    printed.write_bytes(b"new")
    cache = PageCache(folder)
    cache.remember([("new", cache.keep("new", printed), FACTS)])
    assert sorted(path.name for path in folder.iterdir()) == ["list.json", "new"]


def test_where_a_link_is_not_possible_the_page_is_copied(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("cross-device link")

    monkeypatch.setattr("tray_site.page_cache.os.link", refuse)
    assert PageCache(folder).place("key", tmp_path / "a.html") == (FACTS, 11)
    assert (tmp_path / "a.html").stat().st_ino != (folder / "key").stat().st_ino
