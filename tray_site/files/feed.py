"""Atom feeds (RFC 4287) of new and changed courses: of the network, a school, a subject, in each of the site's languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import nlargest
from xml.sax.saxutils import escape, quoteattr

from course_catalogue.model import Catalogue, Course, Language, Text
from theme.address import Addresses, addresses, codes
from theme.translation import sentence, translation
from tray_site.course_change import Kind
from tray_site.files.past import Past
from tray_site.history import Change
from tray_site.plan.planned import PlannedFile

NEWEST = 50  # entries of a feed


# What a reader is told of each kind of change; of a run, with its name.
SAID: Mapping[Kind, str] = {
    "added": sentence("New course"),
    "run_added": sentence("New run"),
    "run_cancelled": sentence("Cancelled"),
    "run_removed": sentence("A run was taken away"),
    "dates": sentence("New dates"),
    "seats": sentence("Another number of places"),
    "title": sentence("New title"),
    "teacher": sentence("Another teacher"),
    "text": sentence("The description was changed"),
    "other": sentence("Details were changed"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What one commit changed of a course."""

    course: Course
    at: datetime
    changes: tuple[Change, ...]

    @property
    def is_new(self) -> bool:
        return any(one.what == "added" for one in self.changes)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed is printed from. `page` is the address of the page it tells of, `about` a school's or subject's name, or None."""

    language: Language
    page: str
    about: Text | None
    entries: tuple[Entry, ...]


def newest(pasts: Iterable[Past]) -> tuple[Entry, ...]:
    """The newest entries, newest first; those of one commit by the course's id."""
    entries = (Entry(one.course, at, changes) for one in pasts for at, changes in one.moments())
    return tuple(sorted(nlargest(NEWEST, entries, key=_age), key=lambda one: (-one.at.timestamp(), one.course.id)))


def _age(entry: Entry) -> tuple[float, str]:
    return entry.at.timestamp(), entry.course.id


def print_feed(catalogue: Catalogue, planned: PlannedFile) -> bytes:
    """The feed as Atom. `catalogue` is the shared one; nothing in a feed names a person."""
    feed = planned.inputs["feed"]
    assert isinstance(feed, Feed)  # noqa: S101 - as plan/machine_files.py plans it
    return "\n".join([*_head(catalogue, feed, planned.address), *_entries(catalogue, feed), "</feed>", ""]).encode()


def _head(catalogue: Catalogue, feed: Feed, address: str) -> Iterator[str]:
    network, language = catalogue.network, feed.language
    words = translation(language).gettext("New and changed courses")
    title = f"{words}: {(feed.about or network.name).to(language)}"
    # A feed that has nothing to tell has last changed when the school year began.
    updated = feed.entries[0].at if feed.entries else datetime.combine(network.school_year_starts_on, datetime.min.time(), UTC)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(language)}>'
    yield f"<id>{escape(network.site_url + address)}</id>"
    yield f"<title>{escape(title)}</title>"
    yield f"<subtitle>{escape(network.slogan.to(language))}</subtitle>"
    yield f"<updated>{_instant(updated)}</updated>"
    yield f'<link rel="self" type="application/atom+xml" href={quoteattr(network.site_url + address)}/>'
    yield f'<link rel="alternate" type="text/html" hreflang={quoteattr(language)} href={quoteattr(network.site_url + feed.page)}/>'
    yield f"<author><name>{escape(network.name.to(language))}</name><uri>{escape(network.site_url)}/</uri></author>"


def _entries(catalogue: Catalogue, feed: Feed) -> Iterator[str]:
    url = addresses(catalogue, feed.language)
    for entry in feed.entries:
        yield from _entry(catalogue, entry, feed.language, url)


def _entry(catalogue: Catalogue, entry: Entry, language: Language, url: Addresses) -> Iterator[str]:
    course, network = entry.course, catalogue.network
    words = translation(language)
    said = SAID["added"] if entry.is_new else sentence("Changed")
    school = catalogue.schools[course.school_id].name.to(language)
    name = f"{codes(course)} {course.title.to(language)}, {school}"
    subject = catalogue.subjects[course.subject_id]
    yield "<entry>"
    yield f"<id>{escape(entry_id(network.host, entry, language))}</id>"
    yield f"<title>{escape(f'{words.gettext(said)}: {name}')}</title>"
    yield f"<updated>{_instant(entry.at)}</updated>"
    yield f"<published>{_instant(entry.at)}</published>"
    page = quoteattr(network.site_url + url.course(course.id))
    yield f'<link rel="alternate" type="text/html" hreflang={quoteattr(language)} href={page}/>'
    yield f"<author><name>{escape(school)}</name></author>"
    yield f"<category term={quoteattr(subject.id)} label={quoteattr(subject.name.to(language))}/>"
    yield f"<summary>{escape(_told(entry, language))}</summary>"
    yield "</entry>"


def _told(entry: Entry, language: Language) -> str:
    """A new course in its own sentence, of an older one what has changed: `New dates: Period 3. The description was changed.`"""
    course = entry.course
    if entry.is_new:
        return course.summary.to(language)
    told = []
    for change in entry.changes:
        run = course.offering(change.run)
        what = SAID[change.what]
        said = translation(language).gettext(what)
        told.append(f"{said}: {run.label.to(language)}." if run else f"{said}.")
    return " ".join(dict.fromkeys(told))


def entry_id(host: str, entry: Entry, language: Language) -> str:
    """A tag URI (RFC 4151) that no other entry of any feed has, and that stays when the site's addresses change."""
    at = entry.at.astimezone(UTC)
    return f"tag:{host},{at:%Y-%m-%d}:{language}/{entry.course.id}/{at:%H%M%S}"


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def feed_of(language: Language, page: str, about: Text | None, pasts: Sequence[Past]) -> Feed:
    return Feed(language, page, about, newest(pasts))
