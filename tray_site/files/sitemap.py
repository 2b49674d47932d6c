"""sitemap.xml with the day each page last changed and its other languages, and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from course_catalogue.model import Catalogue, Language
from tray_site.history import History
from tray_site.plan.planned import Plan, PlannedPage

HIDDEN = ("/search", "/enrol", "/enrolment/", "/decide/", "/staff/", "/mailbox")
# Kinds of pages that nobody is to find: they stand for nothing, within another page, or for one reader.
UNLISTED = frozenset({"404", "frame", "shortlist", "compare"})
MOST, LARGEST = 50_000, 50 * 1024 * 1024  # addresses and octets of one sitemap (sitemaps.org)
SITEMAP, XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"
BEGIN = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SITEMAP}" xmlns:xhtml="{XHTML}">\n'.encode()
END = b"</urlset>\n"


def sitemaps(plan: Plan, histories: Mapping[str, History], most: int = MOST, largest: int = LARGEST) -> Iterator[tuple[str, bytes]]:
    """The sitemaps by address, made one after the other. One alone is /sitemap.xml; of more, that is the index, which comes last.

    `histories` are those of the content's files, by their paths.
    """
    site = plan.catalogue.network.site_url
    pages = (page for page in plan.pages if page.kind not in UNLISTED)
    parts = _parts(_entries(site, plan.catalogue.network.languages[0], pages, histories), most, largest)
    first, second = next(parts, b""), next(parts, None)
    if second is None:
        yield "/sitemap.xml", BEGIN + first + END
        return
    addresses = []
    for number, part in zip(count(1), _chain(first, second, parts), strict=False):
        addresses.append(f"/sitemaps/{number}.xml")
        yield addresses[-1], BEGIN + part + END
    named = "".join(f"<sitemap><loc>{escape(site + address)}</loc></sitemap>\n" for address in addresses)
    index = f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{SITEMAP}">\n{named}</sitemapindex>\n'
    yield "/sitemap.xml", index.encode()


def _chain(first: bytes, second: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield second
    yield from others


def _parts(entries: Iterable[bytes], most: int, largest: int) -> Iterator[bytes]:
    """Entries put together, each part within what a sitemap may hold."""
    part: list[bytes] = []
    room = largest - len(BEGIN) - len(END)
    size = 0
    for entry in entries:
        if len(part) == most or size + len(entry) > room:
            yield b"".join(part)
            part, size = [], 0
        part.append(entry)
        size += len(entry)
    if part:
        yield b"".join(part)


def _entries(site: str, first: Language, pages: Iterable[PlannedPage], histories: Mapping[str, History]) -> Iterator[bytes]:
    """The languages of a page follow each other in the plan and name the same others, so their links are written once."""
    before: Mapping[Language, str] = {}
    links = ""
    for page in pages:
        if page.alternates != before:
            before, links = page.alternates, _links(site, first, page.alternates)
        days = [histories[source].changed_on for source in page.sources if source in histories]
        changed = f"<lastmod>{max(days).isoformat()}</lastmod>" if days else ""
        yield f"<url><loc>{escape(site + page.address)}</loc>{changed}{links}</url>\n".encode()


def _links(site: str, first: Language, alternates: Mapping[Language, str]) -> str:
    named = [*alternates.items(), *([("x-default", alternates[first])] if first in alternates else [])]
    return "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(language)} href={quoteattr(site + address)}/>' for language, address in named
    )


def robots(catalogue: Catalogue) -> str:
    """robots.txt: everything may be read but what belongs to one person or changes with each question."""
    prefixes = ["", *(f"/{language}" for language in catalogue.network.languages[1:])]
    lines = ["User-agent: *", *(f"Disallow: {prefix}{path}" for prefix in prefixes for path in HIDDEN)]
    return "\n".join([*lines, "", f"Sitemap: {catalogue.network.site_url}/sitemap.xml", ""])
