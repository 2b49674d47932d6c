"""Rendered pages kept between builds under their keys, with what the check of the output needs to know about them."""

from __future__ import annotations

import json
import os
import re
import time
from dataclasses import dataclass
from hashlib import blake2b
from html import unescape
from pathlib import Path

from tray_site.body import write_whole

KEPT_SECONDS = 24 * 3600  # a page that no build has used for so long is removed

TAG = re.compile(rb"<[a-z][^<>]*>")
ATTRIBUTE = re.compile(rb'\s(id|href|src|action)="([^"]*)"')
TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)
LANGUAGE = re.compile(rb'<html lang="([^"]*)"')


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a printed page says about itself: read from its very bytes."""

    language: str
    title: str
    headings: int  # number of h1
    ids: tuple[str, ...]
    links: tuple[str, ...]  # href, src and action, as they stand


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page's bytes and its facts."""

    html: bytes
    facts: PageFacts


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


class PageCache:
    """A folder with one file per page: a line of facts and a checksum, then the page. A damaged file counts as absent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> PrintedPage | None:
        path = self._path(key)
        try:
            head, _, html = path.read_bytes().partition(b"\n")
            facts = json.loads(head)
            if facts.pop("checksum") != _checksum(html):
                return None
            page = PrintedPage(html, PageFacts(**{**facts, "ids": tuple(facts["ids"]), "links": tuple(facts["links"])}))
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return page

    def put(self, key: str, page: PrintedPage) -> None:
        facts = {name: getattr(page.facts, name) for name in PageFacts.__slots__}
        head = json.dumps({**facts, "checksum": _checksum(page.html)}, ensure_ascii=False)
        write_whole(self._path(key), head.encode() + b"\n" + page.html)

    def forget_unused(self) -> None:
        """Remove pages that no build has used for a day."""
        limit = time.time() - KEPT_SECONDS
        for entry in os.scandir(self.folder) if self.folder.is_dir() else ():
            if entry.stat().st_mtime < limit:
                os.unlink(entry)

    def _path(self, key: str) -> Path:
        return self.folder / key


def _checksum(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
