"""A Markdown body as safe HTML, and its links to other content files as addresses of pages.

One Markdown instance per process. The check has refused raw HTML already; what is printed is cleaned once more.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

import nh3
from markdown import Markdown

from course_catalogue.model import Source
from theme.address import Addresses

TAGS = frozenset("p h2 h3 h4 ul ol li a strong em code pre blockquote table thead tbody tr th td br hr sub sup del".split())
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"https", "mailto"}
HREF = re.compile(r'(?<=<a href=")[^"]*(?=")')
CONTENT_FILE = re.compile(r"(?:courses/(?P<course>[a-z0-9-]+/[a-z0-9-]+)|pages/[a-z]+/(?P<page>[a-z0-9-]+))\.md")


@cache
def _markdown() -> Markdown:
    return Markdown(extensions=["tables", "sane_lists"], output_format="html")


@cache
def _version() -> str:
    return f"1 {version('markdown')} {version('nh3')}"


def body_html(body: str, folder: Path | None) -> str:
    """The body as clean HTML with its links as written. Kept in `folder` under the hash of the text, when given."""
    if folder is None:
        return _rendered(body)
    path = folder / hashlib.blake2b(f"{_version()}\n{body}".encode(), digest_size=16).hexdigest()
    try:
        stored = path.read_text(encoding="utf-8")
    except OSError:
        stored = ""
    if stored.endswith(END):
        return stored.removesuffix(END)
    html = _rendered(body)
    write_whole(path, (html + END).encode())
    return html


END = "<!---->"  # the last bytes of a stored body: a file cut short by a full disk is not taken for a body


def _rendered(body: str) -> str:
    html = _markdown().reset().convert(body)
    return nh3.clean(html, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name first, so that a reader never sees a part of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(path)


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
