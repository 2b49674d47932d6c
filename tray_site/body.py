"""A Markdown body as safe HTML, and its links to other content files as addresses of pages.

One Markdown instance per process. The check has refused raw HTML already; what is printed is cleaned once more.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from course_catalogue.link import target_of
from course_catalogue.model import Source
from course_catalogue.record_file import RecordFile
from theme.address import Addresses
from tray_site.output_check import SERVICE

if TYPE_CHECKING:
    from markdown import Markdown

TAGS = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "a", "strong", "em", "code", "pre", "blockquote", "br", "hr", "sub", "sup", "del"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"https", "mailto"}
EXTENSIONS = ("fenced_code", "sane_lists", "tables")
HREF = re.compile(r'(?<=<a href=")[^"]*(?=")')


@cache
def _markdown() -> Markdown:
    from markdown import Markdown  # late: a build that prints nothing anew does not need it

    return Markdown(extensions=[*EXTENSIONS], output_format="html")


def _rules() -> bytes:
    """A hash of all that a text's HTML depends on beside the text: what is let through, this code, and the libraries."""
    allowed = (EXTENSIONS, sorted(TAGS), sorted((tag, sorted(names)) for tag, names in ATTRIBUTES.items()), sorted(SCHEMES))
    libraries = f"{version('markdown')} {version('nh3')}"
    return hashlib.blake2b(f"{allowed!r} {libraries}".encode() + Path(__file__).read_bytes(), digest_size=16).digest()


class BodyCache:
    """Rendered bodies by the hash of their text, kept in one file between builds. With no file, for one build only."""

    def __init__(self, path: Path | None) -> None:
        self._file = RecordFile(path)
        self._new: dict[bytes, bytes] = {}
        self._rules = _rules()

    def html(self, body: str) -> str:
        """The body as clean HTML, with its links as written."""
        key = self._key(body)
        html = self._new.get(key) or self._file.get(key)
        if html is None:
            html = self._new[key] = _rendered(body).encode()
        return html.decode()

    def taken(self) -> dict[bytes, bytes]:
        """The bodies rendered since the last call: what a forked process tells its parent."""
        found, self._new = self._new, {}
        return found

    def keep(self, found: Mapping[bytes, bytes]) -> None:
        """Keep what was `taken`, here or in another process."""
        for key, html in found.items():
            self._file.put(key, html)

    def save(self, texts: Collection[str]) -> None:
        """Write what was kept to the file; when much of it is old, of that only what belongs to the `texts`."""
        self._file.save(len(texts), lambda: (self._key(text) for text in texts))

    def _key(self, body: str) -> bytes:
        return hashlib.blake2b(body.encode(), key=self._rules, digest_size=16).digest()


def _rendered(body: str) -> str:
    import nh3  # late, as above

    html = _markdown().reset().convert(body)
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener")


def linked(html: str, source: Source, url: Addresses) -> str:
    """The HTML with links to content files and to the front page turned into addresses in the reader's language, and to the service."""
    folder = posixpath.dirname(source.path)
    return HREF.sub(lambda match: _address(match[0], folder, url), html)


def _address(href: str, folder: str, url: Addresses) -> str:
    target, hash_, fragment = href.partition("#")
    if target == "/":
        return url.home() + hash_ + fragment
    if target.startswith("/"):
        return f"{url.service}{href}" if SERVICE.fullmatch(target.partition("?")[0]) else href
    if not target or ":" in target:
        return href
    found = target_of(target, folder)
    if found is None:
        return href
    address = url.course(found.id) if found.kind == "course" else url.page(found.id)
    return address + hash_ + fragment
