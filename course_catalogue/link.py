"""Links of a text to pages of the same site: by the path of the other content file, or by the page's address.

What a text may link to is known only when every file has been read.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from course_catalogue import guess

CONTENT_FILE = re.compile(r"(?:courses/(?P<course>[a-z0-9-]+/[a-z0-9-]+)|pages/[a-z]+/(?P<page>[a-z0-9-]+))\.md")
KINDS = ("course", "page", "school", "subject")
# As the site and the service have them; a test links to every printed page but the lists that come and go with the courses.
ADDRESS = re.compile(
    r"/(?:catalogue\.json|(?:courses|offerings)\.csv)"
    r"|(?:/(?P<language>[a-z]{2,3}))?/(?:(?:search|staff/?)|(?:schools|subjects|modules|lists|changes|chosen|compare|data)\.html"
    r"|courses/(?P<course>[a-z0-9-]+/[a-z0-9-]+)\.html"
    r"|pages/(?P<page>[a-z0-9-]+)\.html|schools/(?P<school>[a-z0-9-]+)\.html|subjects/(?P<subject>[^/]+)\.html)?"
)
# Places that a page of the kind always has; an agreement's rules are places of the page that shows it.
PLACES: Mapping[str, Collection[str]] = {"": ("main",), "home": ("main", "results"), "course": ("main", "enrol", "offerings")}
LONGEST_GUESSED = 200  # characters of a path
AGREEMENT_PLACES = ("agreement", "prices", "answer", "leaving", "duties", "members")


class Target(NamedTuple):
    """What a link leads to: `kind` is one of KINDS, `home`, or empty for a page that every site has; `id` of the thing, else empty."""

    kind: str
    id: str
    language: str | None  # of the address; None for a content file, which leads to the page in the reader's language


class Wrong(NamedTuple):
    """Why a link will not do: the code of the problem, and what to write instead when that can be guessed."""

    code: str
    facts: Mapping[str, str]
    instead: str | None


@dataclass(frozen=True, slots=True)
class Linkable:
    """What a text may link to. The courses are those with a page of their own, the pages have their places."""

    languages: tuple[str, ...]
    courses: Collection[str]
    hidden: Mapping[str, str]  # status by course, of those that have no page
    pages: Mapping[str, Collection[str]]
    schools: Collection[str]
    subjects: Collection[str]

    def wrong(self, link: str, source: str) -> Wrong | None:
        """What is wrong with a link in the content file `source`, or None."""
        path, _, fragment = html.unescape(link).partition("#")
        folder = posixpath.dirname(source)
        target = target_of(path, folder) if path else target_of(posixpath.basename(source), folder)
        if target and target.kind == "course" and target.id in self.hidden:
            return Wrong("T710", {"target": link, "status": self.hidden[target.id]}, None)
        if target is None or not self._exists(target):
            return Wrong("T709", {"target": link}, self._meant(path, folder))
        if fragment and unquote(fragment) not in self._places(target):
            return Wrong("T711", {"target": link, "place": fragment}, link.partition("#")[0] or None)
        return None

    def _exists(self, target: Target) -> bool:
        if target.language is not None and target.language not in self.languages[1:]:
            return False
        known: Mapping[str, Collection[str]] = {
            "course": self.courses,
            "page": self.pages,
            "school": self.schools,
            "subject": [subject.lower() for subject in self.subjects],
        }
        return target.kind not in known or target.id in known[target.kind]

    def _places(self, target: Target) -> Collection[str]:
        if target.kind == "page":
            return (*PLACES[""], *self.pages[target.id])
        return PLACES.get(target.kind, PLACES[""])

    def _meant(self, path: str, folder: str) -> str | None:
        if not path.endswith(".md") or len(path) > LONGEST_GUESSED:
            return None
        files = [f"courses/{course}.md" for course in self.courses]
        language = folder.split("/")[1] if folder.startswith("pages/") else self.languages[0]
        files += [f"pages/{language}/{page}.md" for page in self.pages]
        return guess.nearest(path, sorted(posixpath.relpath(file, folder) for file in files))


def target_of(path: str, folder: str) -> Target | None:
    """What a link without its fragment, written in a file of `folder`, leads to; None if there can be no such page."""
    if path.startswith("/"):
        address = unquote(path.partition("?")[0])
        found = ADDRESS.fullmatch(address)
        if found is None:
            return None
        kind = next((kind for kind in KINDS if found[kind]), "home" if address.endswith("/") and "staff" not in address else "")
        return Target(kind, found[kind] if kind in KINDS else "", found["language"])
    file = CONTENT_FILE.fullmatch(posixpath.normpath(posixpath.join(folder, path)))
    if file is None:
        return None
    return Target("course", file["course"], None) if file["course"] else Target("page", file["page"], None)
