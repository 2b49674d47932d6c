"""The front page with the list of all courses, and the lists by subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from course_catalogue.selection import Selection, select
from theme.list_view import list_view
from theme.translation import translation
from tray_site.plan.planned import PlannedPage
from tray_site.plan.site import Site


def list_pages(site: Site) -> Iterator[PlannedPage]:
    for subject_id in {row.course.subject_id: None for row in site.rows.values()}:
        yield from _subject(site, subject_id)
    yield from _front(site)
    yield from _subjects(site)


def _subject(site: Site, subject_id: str) -> Iterator[PlannedPage]:
    rows = [row for row in site.rows.values() if row.course.subject_id == subject_id]
    subject = site.catalogue.subjects[subject_id]
    inputs = {"subject": subject, "view": site.list_of(rows)}
    sources = tuple(row.course.source.path for row in rows)
    for language in site.languages:
        title = f"{subject.name.to(language)} ({subject_id})"
        yield site.page("subject", language, lambda url: url.subject(subject_id), "courses", title, inputs, sources)


def _front(site: Site) -> Iterator[PlannedPage]:
    everything = Selection()
    courses = select(site.catalogue, everything, site.now, site.index)
    inputs = {
        "view": list_view(site.catalogue, site.index, everything, courses, site.now),
        "school_count": len({row.course.school_id for row in site.rows.values()}),
        "search_index": site.search_address,
    }
    sources = ("network.yaml", *(course.source.path for course in site.index.courses))
    for language in site.languages:
        title = site.catalogue.network.slogan.to(language)
        yield site.page("front", language, lambda url: url.home(), "courses", title, inputs, sources)


def _subjects(site: Site) -> Iterator[PlannedPage]:
    count = Counter(row.course.subject_id for row in site.rows.values())
    count_open = Counter(row.course.subject_id for row in site.rows.values() if row.is_open)
    rows = tuple((one, count[one.id], count_open[one.id]) for one in site.catalogue.subjects.values() if count[one.id])
    sources = tuple(course.source.path for course in site.index.courses)
    for language in site.languages:
        title = translation(language).gettext("Subjects")
        yield site.page("subjects", language, lambda url: url.subjects(), "courses", title, {"rows": rows}, sources)
