"""The bytes of a first search are the same on every machine; its times are a regression at twice their gate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest

from benchmarks.search import FIRST_GATES, HEAD, KEY_GATE, SLOW_KEY_GATE, Figures, percentile
from benchmarks.search_site import published
from theme.static_file import static_files

KILOBYTES, MILLISECONDS = FIRST_GATES[10_000]
AT_GATE = Figures(
    courses=10_000,
    cpu=1,
    names=1,
    texts=1,
    first_bytes=1000 * KILOBYTES,
    from_focus=1,
    first=MILLISECONDS,
    key=KEY_GATE,
    slow_key=SLOW_KEY_GATE,
)


@pytest.mark.parametrize(
    ("figures", "too_much"),
    [
        (AT_GATE, False),
        (replace(AT_GATE, first=2 * MILLISECONDS, key=2 * KEY_GATE, slow_key=2 * SLOW_KEY_GATE), False),
        (replace(AT_GATE, first_bytes=1000 * KILOBYTES + 1), True),
        (replace(AT_GATE, first=2.01 * MILLISECONDS), True),
        (replace(AT_GATE, key=2.01 * KEY_GATE), True),
        (replace(AT_GATE, slow_key=2.01 * SLOW_KEY_GATE), True),
        (replace(AT_GATE, courses=100_000), True),  # more bytes than at that size
    ],
)
def test_what_is_too_much(figures: Figures, too_much: bool) -> None:
    assert figures.is_too_much() is too_much


def test_a_row_has_a_cell_for_each_heading() -> None:
    row = AT_GATE.row()
    assert {row.count("|"), *(line.count("|") for line in HEAD)} == {14}
    assert row.startswith("| 10\xa0000 | 1.0 | 0 | 0 | 250.0 | 1.00 | 1600 | 1.00 |")


def test_the_95th_of_a_hundred_leaves_the_slowest_out() -> None:
    assert 94 <= percentile([float(one) for one in range(1, 101)]) <= 96


def test_what_is_measured_is_published_and_packed_as_the_site_is(tmp_path: Path) -> None:
    """The front page, what its script asks for, and each file as the site packs it: what is the theme's best, the rest well."""
    site = published(tmp_path, 30, lambda _name, _done, _of: None)
    script = static_files()["search.js"]
    for address, quality, marks in (
        ("/", 5, (b"data-list-words", site.manifest.encode())),
        (site.manifest, 5, (b'{"courses":30,',)),
        (script.address, 11, (b"export async function open",)),
    ):
        content, headers = site.answer(address) or (b"", {})
        assert headers["Content-Encoding"] == "br"
        plain = brotli.decompress(content)
        assert all(mark in plain for mark in marks), address
        packer = brotli.Compressor(mode=brotli.MODE_TEXT, quality=quality)
        assert content == packer.process(plain) + packer.finish()
        assert site.weight(address) == len(content)
    assert site.weight_of("static/list/list.*") > 0
    assert site.answer("/static/search/none.txt") is None
    assert len(set(site.words)) == len(site.words) > 2
