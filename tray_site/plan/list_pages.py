"""The front page with the list of all courses, and the lists by subject."""

from __future__ import annotations

from collections.abc import Iterator

from course_catalogue.facet import find
from course_catalogue.model import Subject
from course_catalogue.selection import Selection
from theme.facet_view import facets_of
from theme.list_view import Group, ListView, Row, groups_of
from theme.translation import translation
from tray_site.files.list_data import window_of
from tray_site.plan.list_paging import list_pages_of
from tray_site.plan.planned import PlannedFile, PlannedPage
from tray_site.plan.site import Site

ROWS_ON_FRONT = 400  # up to so many courses the front page shows all
ENDING_FIRST = 20  # rows that it shows above that

SubjectRow = tuple[Subject, int, int]  # with how many courses, and how many one can enrol on now


def list_pages(site: Site) -> Iterator[PlannedPage]:
    by_subject: dict[str, list[Row]] = {}
    for row in site.rows.values():
        by_subject.setdefault(row.course.subject_id, []).append(row)
    for subject_id, rows in by_subject.items():
        yield from _subject(site, subject_id, rows)
    numbers: tuple[SubjectRow, ...] = tuple(
        (subject, len(rows), sum(row.is_open for row in rows))
        for subject, rows in ((one, by_subject.get(one.id, [])) for one in site.catalogue.subjects.values())
        if rows
    )
    yield from _front(site, numbers)
    yield from _subjects(site, numbers)


def planned_list_files(site: Site) -> Iterator[PlannedFile]:
    """The files that the script of the list reads."""
    yield from site.list_files.planned()


def _subject(site: Site, subject_id: str, rows: list[Row]) -> Iterator[PlannedPage]:
    subject = site.catalogue.subjects[subject_id]
    yield from list_pages_of(
        site,
        "subject",
        "courses",
        rows,
        where=lambda url, number: url.subject(subject_id, number),
        title=lambda language: f"{subject.name.to(language)} ({subject_id})",
        inputs={"subject": subject},
    )


def _front(site: Site, subjects: tuple[SubjectRow, ...]) -> Iterator[PlannedPage]:
    rows = tuple(site.rows.values())
    whole = len(rows) <= ROWS_ON_FRONT
    counts = find(site.catalogue, site.facts, Selection(), site.now).counts
    facets = facets_of(counts, counts, Selection())
    groups = groups_of(site.catalogue, rows) if whole else (Group(_ending_first(rows)),)
    inputs = {
        "view": ListView(Selection(), len(rows), groups, facets),
        "whole": whole,
        "subjects": () if whole else subjects,
        "school_count": len({row.course.school_id for row in rows}),
        "search_index": site.search_address,
        "turns": _turns(site, tuple(row for group in groups for row in group.rows)),
    }
    sources = ("network.yaml", *(course.source.path for course in site.index.courses))
    for language in site.languages:
        title = site.catalogue.network.slogan.to(language)
        files = site.list_files.addresses(language)
        yield site.page("front", language, lambda url: url.home(), "courses", title, {**inputs, "list_files": files}, sources)


def _ending_first(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows whose enrolment is open and ends first; own pace only where there is nothing else."""
    open_ones = [row for row in rows if row.shown.state == "open"]
    open_ones.sort(key=lambda row: (row.shown.offering.nonstop, row.shown.offering.enrolment_closes_at, row.number))
    return tuple(open_ones[:ENDING_FIRST])


def _turns(site: Site, rows: tuple[Row, ...]) -> int:
    """The minute (since 1970) at which one of these rows as it is printed ceases to be true; 0 if none ever does."""
    now = site.now.timestamp() / 60
    facts = (site.facts[row.number] for row in rows)
    minutes = (minute for fact in facts for run in fact.runs for minute in window_of(fact.course, run)[2:6])
    return min((minute for minute in minutes if minute > now), default=0)


def _subjects(site: Site, rows: tuple[SubjectRow, ...]) -> Iterator[PlannedPage]:
    sources = tuple(course.source.path for course in site.index.courses)
    for language in site.languages:
        title = translation(language).gettext("Subjects")
        yield site.page("subjects", language, lambda url: url.subjects(), "courses", title, {"rows": rows}, sources)
