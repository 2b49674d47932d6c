"""The static files, each published under a name that holds the hash of its bytes, so that it can be kept for ever."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rcssmin import cssmin  # type: ignore[import-untyped]  # ships no types
from rjsmin import jsmin  # type: ignore[import-untyped]  # ships no types

STATIC = Path(__file__).with_name("static")
# How a file names another: url("tarjotin-sans.woff2") in a style sheet, "./search.js" in the import of a script.
NAMED = re.compile(r'(?<=url\(")(?P<url>[a-z0-9.-]+)(?="\))|(?<="\./)(?P<script>[a-z0-9-]+\.js)(?=")')
# What browsers need of a text: no remarks and no spare blanks. A quarter less of the scripts to load on the first view.
SHORTER: Mapping[str, Callable[[str], str]] = {".css": cssmin, ".js": jsmin}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file of the theme: the name in the templates, the published name, its bytes and the names of the files it needs."""

    name: str
    published: str
    content: bytes
    needs: tuple[str, ...]

    @property
    def address(self) -> str:
        return f"/static/{self.published}"


@cache
def static_files() -> Mapping[str, StaticFile]:
    """All static files by name. A folder is one file in parts, joined in the order of their names.

    The published names of the files that a file needs are written into it. Refuses with ValueError when two need each other.
    """
    found: dict[str, StaticFile] = {}
    waiting = {path.name: _content(path) for path in sorted(STATIC.iterdir()) if not path.name.startswith(".")}
    while waiting:
        ready = [name for name, content in waiting.items() if not _named(name, content) & waiting.keys()]
        if not ready:
            raise ValueError(f"These static files need each other, so none can be named by its bytes: {', '.join(waiting)}")
        for name in ready:
            found[name] = _file(name, waiting.pop(name), found)
    return found


def _content(path: Path) -> bytes:
    content = b"\n".join(part.read_bytes() for part in sorted(path.iterdir())) if path.is_dir() else path.read_bytes()
    shorter = SHORTER.get(path.suffix)
    return shorter(content.decode()).encode() if shorter else content


def _named(name: str, content: bytes) -> set[str]:
    """The names of the files that a style sheet or a script names."""
    return set(_names(content.decode())) if name.endswith((".css", ".js")) else set()


def _names(text: str) -> Iterator[str]:
    return (match["url"] or match["script"] for match in NAMED.finditer(text))


def _file(name: str, content: bytes, known: Mapping[str, StaticFile]) -> StaticFile:
    needs = sorted(_named(name, content))
    if needs:
        content = NAMED.sub(lambda match: known[match[0]].published, content.decode()).encode()
    return static_file(name, content, tuple(needs))


def static_file(name: str, content: bytes, needs: tuple[str, ...] = ()) -> StaticFile:
    """A file under the name that its bytes give it."""
    stem, _, ending = name.rpartition(".")
    return StaticFile(name, f"{stem}.{hashlib.blake2b(content, digest_size=5).hexdigest()}.{ending}", content, needs)
