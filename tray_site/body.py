"""A Markdown body as safe HTML, and its links to other content files as addresses of pages.

One Markdown instance per process. The check has refused raw HTML already; what is printed is cleaned once more.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from course_catalogue.model import Source
from theme.address import Addresses
from tray_site.whole_file import write_whole

if TYPE_CHECKING:
    from markdown import Markdown

TAGS = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "a", "strong", "em", "code", "pre", "blockquote", "br", "hr", "sub", "sup", "del"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"https", "mailto"}
HREF = re.compile(r'(?<=<a href=")[^"]*(?=")')
CONTENT_FILE = re.compile(r"(?:courses/(?P<course>[a-z0-9-]+/[a-z0-9-]+)|pages/[a-z]+/(?P<page>[a-z0-9-]+))\.md")


@cache
def _markdown() -> Markdown:
    from markdown import Markdown  # late: a build that prints nothing anew does not need it

    return Markdown(extensions=["tables", "sane_lists"], output_format="html")


@cache
def _version() -> str:
    return f"1 {version('markdown')} {version('nh3')}"


class BodyCache:
    """Rendered bodies by the hash of their text, kept in one file between builds. With no file, for one build only."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._kept = _read(path) if path else {}
        self._used: dict[str, str] = {}

    def html(self, body: str) -> str:
        """The body as clean HTML, with its links as written."""
        key = _key(body)
        html = self._used.get(key) or self._kept.get(key)
        if html is None:
            html = _rendered(body)
        self._used[key] = html
        return html

    def taken(self) -> dict[str, str]:
        """The bodies used since the last call that were not in the file: what a forked process tells its parent."""
        found = {key: html for key, html in self._used.items() if key not in self._kept}
        self._kept.update(found)
        return found

    def save(self, found: Mapping[str, str], wanted: Iterable[str]) -> None:
        """Write the file anew with what was found in this build, and of the old what belongs to the texts `wanted`."""
        if self._path is None or not found:
            return
        keys = {_key(body) for body in wanted}
        kept = {key: html for key, html in {**self._kept, **found}.items() if key in keys}
        write_whole(self._path, json.dumps(kept, ensure_ascii=False).encode())


def _key(body: str) -> str:
    return hashlib.blake2b(f"{_version()}\n{body}".encode(), digest_size=16).hexdigest()


def _read(path: Path) -> dict[str, str]:
    """The kept bodies; none when the file is absent or damaged."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(key): str(html) for key, html in found.items()} if isinstance(found, dict) else {}


def _rendered(body: str) -> str:
    import nh3  # late, as above

    html = _markdown().reset().convert(body)
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener")


def linked(html: str, source: Source, url: Addresses) -> str:
    """The HTML with links to content files and to the front page turned into addresses in the reader's language."""
    folder = posixpath.dirname(source.path)
    return HREF.sub(lambda match: _address(match[0], folder, url), html)


def _address(href: str, folder: str, url: Addresses) -> str:
    target, hash_, fragment = href.partition("#")
    if target == "/":
        return url.home() + hash_ + fragment
    if not target or ":" in target or target.startswith("/"):
        return href
    found = CONTENT_FILE.fullmatch(posixpath.normpath(posixpath.join(folder, target)))
    if found is None:
        return href
    address = url.course(found["course"]) if found["course"] else url.page(found["page"])
    return address + hash_ + fragment
