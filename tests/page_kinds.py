"""The kinds of pages of a built site, found in the site itself: a new kind of page is looked at without being named anywhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

# Language → the folder of its pages in the site of the sample network.
FOLDERS: Mapping[str, str] = {"fi": "", "sv": "sv/", "en": "en/"}


def kind_of(path: str) -> str:
    """The kind of a page by its path below its language's folder: `courses/jarvilukio/fy4.html` is one of `courses/*/*.html`."""
    first, *rest = path.split("/")
    return "/".join([first, *("*" for _ in rest[:-1]), "*.html"]) if rest else first


def pages_by_kind(site: Path, language: str) -> Mapping[str, list[Path]]:
    """The files of the pages in one language, by kind, the lightest first."""
    folder = site / FOLDERS[language]
    others = {folder / name for name in FOLDERS.values() if name and name != FOLDERS[language]}
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.rglob("*.html")):
        if not others & set(path.parents):
            found[kind_of(path.relative_to(folder).as_posix())].append(path)
    return {kind: sorted(paths, key=lambda path: (path.stat().st_size, path)) for kind, paths in sorted(found.items())}


def samples(site: Path, language: str) -> Iterator[tuple[str, str]]:
    """Kind and address of the lightest and the heaviest page of each kind: the one says that there is nothing, the other has it all."""
    for kind, paths in pages_by_kind(site, language).items():
        for path in dict.fromkeys((paths[0], paths[-1])):
            yield kind, address_of(site, path)


def heaviest(site: Path, language: str, kind: str) -> Path:
    return pages_by_kind(site, language)[kind][-1]


def address_of(site: Path, path: Path) -> str:
    return "/" + path.relative_to(site).as_posix().removesuffix("index.html")
