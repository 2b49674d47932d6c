"""The key of a page: a hash of everything it is printed from. Two builds with equal keys print equal bytes.

A page is a pure function of: the engine (our code, templates, words, versions), what all pages share (the catalogue
without its courses and the texts of its pages, and the year), its template, its language and its own inputs.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from course_catalogue.code_hash import code_hash
from course_catalogue.model import Catalogue, Course, Source

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("theme", "tray_site", "course_catalogue")
# Whatever a build runs on.
LIBRARIES = (
    *("jinja2", "markupsafe", "babel", "markdown", "nh3", "tzdata", "brotli", "pyyaml", "simplemma", "typst", "pelican"),
    *("rcssmin", "rjsmin"),
)


class Digests:
    """What tells frozen things apart, as short bytes. Of a thing met twice it is computed once.

    Each kind of thing is written so that it shows where it ends: no two lists of parts run together alike. What becomes long is
    written as its hash. Holds on to what it has written, so that an `id` is never used again.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, bytes]] = {}

    def of(self, thing: Any) -> bytes:
        """A frozen dataclass, a mapping or a sequence, or a value in such."""
        kind = type(thing)
        if kind in WRITTEN:
            return f"{WRITTEN[kind](thing)};".encode()
        if id(thing) not in self._known:
            self._known[id(thing)] = (thing, self._written(kind, thing))
        return self._known[id(thing)][1]

    def _written(self, kind: type, thing: Any) -> bytes:
        if kind is Course and thing.hash:
            return b"Course#" + bytes(thing.hash)
        of = self.of
        # Most parts are texts: a call for each would take half the time.
        parts = [b'"%d:%b' % (len(text := part.encode()), text) if type(part) is str else of(part) for part in _parts(kind)(thing)]
        written = b"%s(%s)" % (kind.__qualname__.encode(), b"".join(parts))
        return written if len(written) <= LONG else b"#" + blake2b(written, digest_size=16).digest()


WRITTEN: Mapping[type, Callable[[Any], object]] = {
    type(None): repr,
    bool: repr,
    int: repr,
    float: repr,
    bytes: bytes.hex,
    date: repr,
    datetime: lambda moment: f"{moment.isoformat()} {moment.tzinfo}",
    ZoneInfo: lambda zone: zone.key,
}
LONG = 200  # bytes; up to that it is not worth a hash


@cache
def _parts(kind: type) -> Callable[[Any], Iterable[Any]]:
    """Tells the parts of a thing of this kind: what it says itself that tells it apart, or else all its fields."""
    if hasattr(kind, "told_apart_by"):
        return attrgetter("told_apart_by")
    if is_dataclass(kind):
        names = [field.name for field in fields(kind)]
        return attrgetter(*names) if len(names) > 1 else lambda thing: [getattr(thing, name) for name in names]
    if issubclass(kind, Mapping):
        return lambda thing: chain.from_iterable(thing.items())
    if issubclass(kind, (tuple, list)):
        return iter
    if issubclass(kind, (str, int, date)):
        return lambda thing: [repr(thing)]
    raise TypeError(f"A page may not be printed from a {kind.__name__}: its hash would not say what it holds.")


def page_key(base: bytes, digests: Digests, *parts: object) -> str:
    """The key of a page whose own parts are these, as a file name."""
    return blake2b(base + digests.of(parts), digest_size=16).hexdigest()


def base_key(shared: Catalogue, digests: Digests, year: int, service: str) -> bytes:
    """What every page of a build has in common. `shared` is `shared_catalogue()`, `service` the service's host or ""."""
    return blake2b(engine_key() + digests.of((shared, year, service)), digest_size=16).digest()


@cache
def engine_key() -> bytes:
    """The hash of our own code, templates and words, and of the versions of what they run on."""
    libraries = " ".join(f"{name} {version(name)}" for name in LIBRARIES)
    code = code_hash(*(ROOT / package for package in PACKAGES))
    return blake2b(code + f"{libraries} zlib {zlib.ZLIB_RUNTIME_VERSION}".encode(), digest_size=16).digest()


def shared_catalogue(catalogue: Catalogue) -> Catalogue:
    """The catalogue as templates see it: without courses, without the texts of content pages, without the commit.

    What a template cannot reach it cannot print, so a page's key need not hold it.
    """
    nowhere = Source("")
    pages = tuple(replace(page, body="", summary="", source=nowhere) for page in catalogue.pages)
    return replace(catalogue, courses={}, pages=pages, commit=None)
