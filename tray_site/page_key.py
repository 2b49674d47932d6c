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

from course_catalogue.model import Catalogue, Source
from theme.static_file import static_files

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("theme", "tray_site", "course_catalogue")
SUFFIXES = (".py", ".html", ".po", ".yaml", ".css", ".js", ".svg", ".woff2")
MODEL = Catalogue.__module__
LIBRARIES = ("jinja2", "markupsafe", "babel", "markdown", "nh3", "tzdata")


class Digests:
    """Hashes of frozen things, each computed once. Holds on to what it has hashed, so that an `id` is never used again."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, bytes]] = {}

    def of(self, thing: Any) -> bytes:
        """The hash of a value, or of a frozen dataclass, a mapping or a sequence of such."""
        if thing is None or isinstance(thing, (str, int, date)):
            return repr(thing).encode()
        known = self._known.get(id(thing))
        if known is None:
            known = self._known[id(thing)] = (thing, self._computed(thing))
        return known[1]

    def _computed(self, thing: Any) -> bytes:
        kind = type(thing)
        if kind.__module__ == MODEL:  # nouns of the catalogue say all they hold in their repr, and faster
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
    """One hash of several parts. Each part is preceded by its length, so that no two lists of parts run together alike."""
    whole = b"".join([b"%d:%b" % (len(part), part) for part in (name.encode(), *parts)])
    return blake2b(whole, digest_size=16).digest()


def page_key(base: bytes, digests: Digests, *parts: object) -> str:
    """The key of a page whose own parts are these, as a file name."""
    return _joined("page", (base, *(digests.of(part) for part in parts))).hex()


def base_key(shared: Catalogue, digests: Digests, today: date) -> bytes:
    """What every page of a build has in common. `shared` is `shared_catalogue()`."""
    return _joined("base", (engine_key(), digests.of(shared), digests.of(today)))


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
