"""Kept files come back as they were, and a file that is not as it was counts as absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from course_catalogue.record_file import SPARE
from tray_site.packing import AS_IT_IS, GOOD, PACKED, pack
from tray_site.page_cache import LIST, PageCache

KNOWN = b"what is known"


def keep(folder: Path, key: str, content: bytes, forms: tuple[str, ...] = AS_IT_IS) -> None:
    printed = folder.with_name(f"printed-{key}.html")
    printed.write_bytes(content)
    if forms is PACKED:
        pack(printed, GOOD)
    cache = PageCache(folder)
    cache.remember(key, cache.keep(key, printed, forms), KNOWN)
    cache.save({key: forms})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cache with one page, kept under the key `key`."""
    keep(tmp_path / "pages", "key", b"<p>sivu</p>")
    return tmp_path / "pages"


def place(folder: Path, target: Path, key: str = "key", forms: tuple[str, ...] = AS_IT_IS) -> bytes | None:
    return PageCache(folder).place(key, target, forms)


def test_a_kept_page_comes_back_with_what_is_known_of_it(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "site" / "courses" / "a.html"
    assert place(folder, target) == KNOWN
    assert target.read_bytes() == b"<p>sivu</p>"


def test_an_unknown_page_is_absent(folder: Path, tmp_path: Path) -> None:
    assert place(folder, tmp_path / "a.html", "other") is None


def test_a_page_that_was_edited_is_absent(folder: Path, tmp_path: Path) -> None:
    """Also when it was edited where it is published: the two names are one file."""
    place(folder, tmp_path / "a.html")
    with (tmp_path / "a.html").open("ab") as file:
        file.write(b"more")
    assert place(folder, tmp_path / "b.html") is None


def test_a_page_of_the_same_bytes_counts_whatever_its_time(folder: Path, tmp_path: Path) -> None:
    """As after a cache has been brought from another machine."""
    os.utime(folder / "key", ns=(1, 1))
    cache = PageCache(folder)
    assert cache.place("key", tmp_path / "a.html", AS_IT_IS) == KNOWN
    cache.save({"key": AS_IT_IS})
    assert place(folder, tmp_path / "b.html") == KNOWN


def test_other_bytes_of_the_same_size_are_noticed(folder: Path, tmp_path: Path) -> None:
    (folder / "key").write_bytes(b"<p>SIVU</p>")
    assert place(folder, tmp_path / "a.html") is None


@pytest.mark.parametrize("damage", [b"", b"{", b"\0" * 500, b"\xff" * 500])
def test_a_damaged_list_counts_as_empty(folder: Path, tmp_path: Path, damage: bytes) -> None:
    (folder / LIST).write_bytes(damage)
    assert place(folder, tmp_path / "a.html") is None


def test_a_page_without_its_file_is_absent(folder: Path, tmp_path: Path) -> None:
    (folder / "key").unlink()
    assert place(folder, tmp_path / "a.html") is None


def test_a_page_comes_in_every_form_or_not_at_all(folder: Path, tmp_path: Path) -> None:
    assert place(folder, tmp_path / "a.html", "key", PACKED) is None, "it was kept as it is alone"
    keep(folder, "packed", b"<p>sivu</p>" * 100, PACKED)
    assert place(folder, tmp_path / "a.html", "packed", PACKED) == KNOWN
    assert sorted(path.name for path in tmp_path.glob("a.html*")) == ["a.html", "a.html.br", "a.html.gz"]
    assert place(folder, tmp_path / "b.html", "packed") == KNOWN
    assert [path.name for path in tmp_path.glob("b.html*")] == ["b.html"]
    (folder / "packed.br").unlink()
    assert place(folder, tmp_path / "c.html", "packed", PACKED) is None
    assert not list(tmp_path.glob("c.html*"))


def test_pages_that_no_build_uses_are_removed_once_they_outweigh_the_others(folder: Path, tmp_path: Path) -> None:
    cache = PageCache(folder)
    for number in range(SPARE + 10):
        printed = tmp_path / "new.html"
        printed.write_bytes(str(number).encode())
        cache.remember(f"old-{number}", cache.keep(f"old-{number}", printed, AS_IT_IS), b"")
    cache.save({f"old-{number}": AS_IT_IS for number in range(SPARE + 10)})
    keep(folder, "new", b"new")
    assert sorted(path.name for path in folder.iterdir()) == [LIST, "new"]


def test_where_a_link_is_not_possible_the_page_is_copied(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("cross-device link")

    monkeypatch.setattr("tray_site.page_cache.os.link", refuse)
    assert place(folder, tmp_path / "a.html") == KNOWN
    assert (tmp_path / "a.html").stat().st_ino != (folder / "key").stat().st_ino
