"""What a printed page says about itself, read from its very bytes, for the check of the output."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

TAG = re.compile(rb"<[a-z][^<>]*>")
ATTRIBUTE = re.compile(rb'\s(id|href|src|action)="([^"]*)"')
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


def facts_of(html: bytes) -> PageFacts:
    """Read the facts. Our printers write every attribute in double quotes and every < of a text as &lt;."""
    ids: list[str] = []
    links: dict[str, None] = {}
    headings = 0
    for tag in TAG.findall(html):
        headings += tag.startswith((b"<h1>", b"<h1 "))
        for name, value in ATTRIBUTE.findall(tag):
            text = unescape(value.decode())
            if name == b"id":
                ids.append(text)
            else:
                links[text] = None
    title = TITLE.search(html)
    language = LANGUAGE.search(html)
    return PageFacts(
        language=language[1].decode() if language else "",
        title=unescape(title[1].decode()).strip() if title else "",
        headings=headings,
        ids=tuple(ids),
        links=tuple(links),
    )
