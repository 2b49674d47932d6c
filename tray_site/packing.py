"""Text files packed at build, so that no server packs them at each answer: beside `page.html` lie `page.html.br` and `page.html.gz`."""

from __future__ import annotations

import gzip
import posixpath
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types

AS_IT_IS = ("",)
PACKED = ("", ".br", ".gz")  # the forms of a file, by what its name ends with
TEXTS = (".html", ".css", ".js", ".json", ".xml", ".atom", ".txt", ".csv", ".ics", ".svg", ".webmanifest")
BEST = 11  # of brotli, twenty times slower than GOOD: for files of the theme, which stay as they are from build to build
GOOD = 5
GZIP = 4
PIECE = 1 << 20  # bytes; a large file is never whole in memory


def forms_of(name: str) -> Sequence[str]:
    """The forms in which a file is published: text is packed, pictures and fonts are packed already."""
    return PACKED if name.endswith(TEXTS) else AS_IT_IS


def without_packed(names: Collection[str]) -> set[str]:
    """The names that are no packed form of another one."""
    return {name for name in names if not any(name.removesuffix(form) in names for form in PACKED if form and name.endswith(form))}


def quality_of(address: str) -> int:
    """How well a file is packed for brotli: those right below /static/ are the theme's; what lies deeper changes with the courses."""
    return BEST if posixpath.dirname(address) == "/static" else GOOD


def pack(path: Path, quality: int) -> None:
    """Write the packed forms of a file beside it. The same bytes for the same file, whenever and wherever."""
    packer = brotli.Compressor(mode=brotli.MODE_TEXT, quality=quality)
    with path.with_name(path.name + ".br").open("wb") as file:
        file.writelines(packer.process(piece) for piece in _pieces(path))
        file.write(packer.finish())
    with gzip.GzipFile(path.with_name(path.name + ".gz"), "wb", GZIP, mtime=0) as packed:
        packed.writelines(_pieces(path))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
