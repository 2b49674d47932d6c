"""The key of a page: a hash of everything it is printed from. Two builds with equal keys print equal bytes.

A page is a pure function of: the engine (our code, templates, words, versions), what all pages share (the catalogue
without its courses and the texts of its pages, and the day), its template, its language and its own inputs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

from course_catalogue.leaving import LeavingRow
from course_catalogue.model import Catalogue, Source
from theme.static_file import static_files

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("theme", "tray_site", "course_catalogue")
SUFFIXES = (".py", ".html", ".po", ".yaml", ".css", ".js", ".svg", ".woff2")
PLAIN = {Catalogue.__module__, LeavingRow.__module__}  # modules whose things say all they hold in a short repr
LIBRARIES = ("jinja2", "markupsafe", "babel", "markdown", "nh3", "tzdata")


class Digests:
    """Hashes of frozen things, each computed once. Holds on to what it has hashed, so that an `id` is never used again."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, bytes]] = {}

    def of(self, thing: Any) -> bytes:
        """The hash of a value, or of a frozen dataclass, a mapping or a sequence of such."""
        if type(thing) is str:  # most things are; the mark tells a text from the repr of something else
            return b'"' + thing.encode()
        if thing is None or isinstance(thing, (str, int, date)):
            return repr(thing).encode()
        known = self._known.get(id(thing))
        if known is None:
            known = self._known[id(thing)] = (thing, self._computed(thing))
        return known[1]

    def _computed(self, thing: Any) -> bytes:
        kind = type(thing)
        if kind.__module__ in PLAIN:  # faster than field by field
            return _joined(kind.__qualname__, (repr(thing).encode(),))
        if is_dataclass(kind):
            return _joined(kind.__qualname__, [self.of(getattr(thing, name)) for name in _names(kind)])
        if isinstance(thing, Mapping):
            return _joined("map", [part for key, value in thing.items() for part in (self.of(key), self.of(value))])
        if isinstance(thing, (tuple, list)):
            return _joined(kind.__name__, [self.of(one) for one in thing])
        raise TypeError(f"A page may not be printed from a {kind.__name__}: its hash would not say what it holds.")


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _joined(name: str, parts: Iterable[bytes]) -> bytes:
    """One hash of several parts. Their lengths come first, so that no two lists of parts run together alike."""
    parts = list(parts)
    return blake2b(f"{name}{[*map(len, parts)]}".encode() + b"".join(parts), digest_size=16).digest()


def page_key(base: bytes, digests: Digests, *parts: object) -> str:
    """The key of a page whose own parts are these, as a file name."""
    return _joined("page", (base, *(digests.of(part) for part in parts))).hex()


def base_key(shared: Catalogue, digests: Digests, today: date, service: str) -> bytes:
    """What every page of a build has in common. `shared` is `shared_catalogue()`, `service` the service's host or ""."""
    return _joined("base", (engine_key(), digests.of(shared), digests.of(today), digests.of(service)))


@cache
def engine_key() -> bytes:
    """The hash of our own code, templates and words, and of the versions of what they run on."""
    parts = [sys.version.encode(), *(f"{name} {version(name)}".encode() for name in LIBRARIES)]
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                parts += [path.relative_to(ROOT).as_posix().encode(), path.read_bytes()]
    parts += [file.published.encode() for file in static_files().values()]
    return _joined("engine", parts)


def shared_catalogue(catalogue: Catalogue) -> Catalogue:
    """The catalogue as templates see it: without courses, without the texts of content pages, without the commit.

    What a template cannot reach it cannot print, so a page's key need not hold it.
    """
    nowhere = Source("")
    pages = tuple(replace(page, body="", summary="", source=nowhere) for page in catalogue.pages)
    return replace(catalogue, courses={}, pages=pages, commit=None)
