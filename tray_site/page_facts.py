"""What a printed page says about itself, read from its very bytes, for the check of the output."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from html import unescape

ATTRIBUTE = re.compile(rb' (id|href|src|action)="([^"]*)"')
HEADING = re.compile(rb"<h1[ >]")
TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)
LANGUAGE = re.compile(rb'<html lang="([^"]*)"')


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Language, title, number of h1, every id, and every href, src and action as it stands."""

    language: str
    title: str
    headings: int
    ids: tuple[str, ...]
    links: tuple[str, ...]

    def packed(self) -> bytes:
        return json.dumps(astuple(self), ensure_ascii=False, separators=(",", ":")).encode()


class PackedFacts(Mapping[str, PageFacts]):
    """The facts of pages by address, each unpacked when it is asked for: those of a large site together are larger than its texts."""

    def __init__(self, packed: Mapping[str, bytes]) -> None:
        self._packed = packed

    def __getitem__(self, address: str) -> PageFacts:
        language, title, headings, ids, links = json.loads(self._packed[address])
        return PageFacts(language, title, headings, tuple(ids), tuple(links))

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def facts_of(html: bytes) -> PageFacts:
    """Read the facts. Our printers write attributes after a space and in double quotes, and < and > of a text as &lt; and &gt;."""
    ids: list[str] = []
    links: dict[str, None] = {}
    for found in ATTRIBUTE.finditer(html):
        start = found.start()
        if html.rfind(b"<", 0, start) < html.rfind(b">", 0, start):
            continue  # it stands in a text
        name, value = found.groups()
        text = unescape(value.decode()) if b"&" in value else value.decode()
        if name == b"id":
            ids.append(text)
        else:
            links[text] = None
    title = TITLE.search(html)
    language = LANGUAGE.search(html)
    return PageFacts(
        language=language[1].decode() if language else "",
        title=unescape(title[1].decode()).strip() if title else "",
        headings=len(HEADING.findall(html)),
        ids=tuple(ids),
        links=tuple(links),
    )
