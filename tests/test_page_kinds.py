"""Every kind of page is found in a built site by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.page_kinds import address_of, kind_of, pages_by_kind, samples


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("index.html", "index.html"),
        ("schools.html", "schools.html"),
        ("schools/strand.html", "schools/*.html"),
        ("courses/strand/fy1-fysik.html", "courses/*/*.html"),
    ],
)
def test_pages_of_a_folder_are_of_one_kind(path: str, expected: str) -> None:
    assert kind_of(path) == expected


def test_the_lightest_and_the_heaviest_of_each_kind_stand_for_it(tmp_path: Path) -> None:
    for path, size in {
        "index.html": 9,
        "pages/a.html": 2,
        "pages/b.html": 1,
        "pages/c.html": 3,
        "sv/index.html": 4,
        "sv/pages/a.html": 5,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b" " * size)
    assert list(samples(tmp_path, "fi")) == [("index.html", "/"), ("pages/*.html", "/pages/b.html"), ("pages/*.html", "/pages/c.html")]
    assert list(samples(tmp_path, "sv")) == [("index.html", "/sv/"), ("pages/*.html", "/sv/pages/a.html")]
    assert [address_of(tmp_path, path) for path in pages_by_kind(tmp_path, "fi")["pages/*.html"]] == [
        "/pages/b.html",
        "/pages/a.html",
        "/pages/c.html",
    ]
