"""Checks the printed site before it replaces the old one. All that is wrong is said at once."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from tray_site.page_facts import PageFacts

# Addresses that the service answers, on the site's host or on its own; no file lies behind them.
SERVICE = re.compile(r"/(?:[a-z]{2,3}/)?(?:search|enrol|staff/?)(?:/.*)?|/api/.*")

NO_PLACE = 'that page has no place called "{}".'


class OutputProblems(Exception):
    """The printed site is not right and was not published. `problems` holds every finding as a sentence."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        more = "" if len(self.problems) == 1 else f"\n({len(self.problems)} findings)"
        super().__init__("\n".join(self.problems) + more)


def check_output(pages: Mapping[str, PageFacts], files: Collection[str], promised: Collection[str], service: str = "") -> None:
    """Refuse with OutputProblems unless the site is whole.

    `pages` by address, `files` the addresses of everything that was written, `promised` those the plan announced,
    `service` the host of the service when it is another than the site's.
    """
    problems = [*_check_number(files, promised), *_check_pages(pages, frozenset(files), service)]
    if problems:
        raise OutputProblems(problems)


def _check_number(files: Collection[str], promised: Collection[str]) -> Iterator[str]:
    for address in sorted(set(promised) - set(files)):
        yield f"{address} was promised but not written."
    for address in sorted(set(files) - set(promised)):
        yield f"{address} was written but not promised."


def _check_pages(pages: Mapping[str, PageFacts], files: Collection[str], service: str) -> Iterator[str]:
    """Each page once: the facts of all pages are never in memory together."""
    titles: dict[tuple[str, str], str] = {}
    links = Links(pages, files, service)
    for address, facts in pages.items():
        if facts.headings != 1:
            yield f"{address} has {facts.headings} level-one headings; a page has exactly one."
        if not facts.title or facts.title.startswith("–"):
            yield f"{address} has no title of its own."
        elif (other := titles.setdefault((facts.language, facts.title), address)) != address:
            yield f'{address} and {other} have the same title, "{facts.title}".'
        if len(facts.ids) != len(set(facts.ids)):
            twice = sorted({one for one in facts.ids if facts.ids.count(one) > 1})
            yield f"{address} uses an id more than once: {', '.join(twice)}."
        for link in facts.links:
            if wrong := links.wrong(address, facts, link):
                yield f"{address} links to {link}: {wrong}"


class Links:
    """Says what is wrong with a link. Every address is looked up once, however many pages link to it."""

    def __init__(self, pages: Mapping[str, PageFacts], files: Collection[str], service: str) -> None:
        self._files = files
        self._service = service
        self._known: dict[str, str] = {}
        self._ids_of = lru_cache(maxsize=1000)(lambda path: frozenset(pages[path].ids) if path in pages else frozenset())

    def wrong(self, address: str, facts: PageFacts, link: str) -> str:
        """What is wrong with a link of the page at `address`, or an empty text. Links to other sites are not followed."""
        if link.startswith("#"):
            return "" if link == "#" or unquote(link[1:]) in facts.ids else NO_PLACE.format(unquote(link[1:]))
        if not link.startswith("/"):  # beside the page
            return self._verdict(address, link)
        if link not in self._known:
            self._known[link] = self._verdict(address, link)
        return self._known[link]

    def _verdict(self, address: str, link: str) -> str:
        parts = urlsplit(link)
        if self._service and f"{parts.scheme}://{parts.netloc}" == self._service:
            return "" if SERVICE.fullmatch(unquote(parts.path)) else "the service answers no such address."
        if parts.scheme or parts.netloc:
            return "" if parts.scheme in ("https", "mailto") else "only https and mail links leave the site."
        path = unquote(parts.path) if parts.path else address
        if not path.startswith("/"):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(address), path))
        if SERVICE.fullmatch(path):
            return "" if not self._service else f"the service is at {self._service}, not on this site."
        if path not in self._files:
            return "there is no such page."
        if parts.fragment and unquote(parts.fragment) not in self._ids_of(path):
            return NO_PLACE.format(unquote(parts.fragment))
        return ""
