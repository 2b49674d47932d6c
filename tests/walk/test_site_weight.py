"""The first view of a course page is within what a server sends before the first answer: HTML and style sheets in 14 kB."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

import pytest

from tests.page_kinds import FOLDERS, address_of, pages_by_kind

LIMIT = 14_000  # bytes; ten packets of 1,460 less the headers (RFC 6928)
STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"')


def sent(address: str) -> int:
    """How many bytes the service sends for an address to a browser that takes brotli."""
    asked = urllib.request.Request(address, headers={"Accept-Encoding": "br"})  # noqa: S310 - our own loopback address
    with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
        assert answer.headers["Content-Encoding"] == "br"
        return len(answer.read())


@pytest.mark.parametrize("language", FOLDERS)
def test_the_heaviest_courses_come_in_fourteen_kilobytes(host: str, site: Path, language: str) -> None:
    weights = {}
    for path in pages_by_kind(site, language)["courses/*/*.html"][-5:]:
        styles = STYLE.findall(path.read_text(encoding="utf-8"))
        assert styles
        weights[address_of(site, path)] = sum(sent(host + address) for address in (address_of(site, path), *styles))
    assert {address: weight for address, weight in weights.items() if weight > LIMIT} == {}
