"""Checks the printed site before it replaces the old one. All that is wrong is said at once."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from tray_site.page_facts import PageFacts

# Addresses that the service answers, on the site's host or on its own; no file lies behind them.
SERVICE = re.compile(r"/(?:[a-z]{2,3}/)?(?:search|enrol|staff/?)(?:/.*)?|/api/.*")


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
    problems = [
        *_check_number(files, promised),
        *_check_headings(pages),
        *_check_titles(pages),
        *_check_ids(pages),
        *_check_links(pages, files, service),
    ]
    if problems:
        raise OutputProblems(problems)


def _check_number(files: Collection[str], promised: Collection[str]) -> Iterator[str]:
    for address in sorted(set(promised) - set(files)):
        yield f"{address} was promised but not written."
    for address in sorted(set(files) - set(promised)):
        yield f"{address} was written but not promised."


def _check_headings(pages: Mapping[str, PageFacts]) -> Iterator[str]:
    for address, facts in pages.items():
        if facts.headings != 1:
            yield f"{address} has {facts.headings} level-one headings; a page has exactly one."


def _check_titles(pages: Mapping[str, PageFacts]) -> Iterator[str]:
    first: dict[tuple[str, str], str] = {}
    for address, facts in pages.items():
        if not facts.title or facts.title.startswith("–"):
            yield f"{address} has no title of its own."
            continue
        other = first.setdefault((facts.language, facts.title), address)
        if other != address:
            yield f'{address} and {other} have the same title, "{facts.title}".'


def _check_ids(pages: Mapping[str, PageFacts]) -> Iterator[str]:
    for address, facts in pages.items():
        if len(facts.ids) != len(set(facts.ids)):
            twice = sorted({one for one in facts.ids if facts.ids.count(one) > 1})
            yield f"{address} uses an id more than once: {', '.join(twice)}."


def _check_links(pages: Mapping[str, PageFacts], files: Collection[str], service: str) -> Iterator[str]:
    known = set(files)
    ids = {address: frozenset(facts.ids) for address, facts in pages.items()}
    verdicts: dict[str, str] = {}
    for address, facts in pages.items():
        for link in facts.links:
            absolute = f"{address}{link}" if link.startswith("#") else link
            if absolute not in verdicts:
                verdicts[absolute] = _verdict(address, link, known, ids, service)
            if verdicts[absolute]:
                yield f"{address} links to {link}: {verdicts[absolute]}"


def _verdict(address: str, link: str, known: Collection[str], ids: Mapping[str, Collection[str]], service: str) -> str:
    """What is wrong with a link, or an empty text. Links to other sites are not followed."""
    parts = urlsplit(link)
    if service and f"{parts.scheme}://{parts.netloc}" == service:
        return "" if SERVICE.fullmatch(unquote(parts.path)) else "the service answers no such address."
    if parts.scheme or parts.netloc:
        return "" if parts.scheme in ("https", "mailto") else "only https and mail links leave the site."
    path = unquote(parts.path) if parts.path else address
    if not path.startswith("/"):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(address), path))
    if SERVICE.fullmatch(path):
        return "" if not service else f"the service is at {service}, not on this site."
    if path not in known:
        return "there is no such page."
    if parts.fragment and unquote(parts.fragment) not in ids.get(path, ()):
        return f'that page has no place called "{unquote(parts.fragment)}".'
    return ""
