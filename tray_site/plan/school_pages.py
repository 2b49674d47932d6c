"""A page for every school, and the list of schools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from course_catalogue.model import School
from theme.translation import translation
from tray_site.plan.planned import PlannedPage
from tray_site.plan.site import Site


def school_pages(site: Site) -> Iterator[PlannedPage]:
    for school in site.catalogue.schools.values():
        yield from _school(site, school)
    yield from _schools(site)


def _school(site: Site, school: School) -> Iterator[PlannedPage]:
    rows = [row for row in site.rows.values() if row.course.school_id == school.id]
    sources = (school.source.path, *(row.course.source.path for row in rows))
    inputs = {"school": school, "member": school.id in site.members, "view": site.list_of(rows)}
    first = site.languages[0]
    names = Counter(one.name.to(first) for one in site.catalogue.schools.values())
    for language in site.languages:
        name = school.name.to(language)
        title = name if names[school.name.to(first)] == 1 else f"{name}, {school.id}"
        yield site.page("school", language, lambda url: url.school(school.id), "schools", title, inputs, sources)


def _schools(site: Site) -> Iterator[PlannedPage]:
    count = Counter(row.course.school_id for row in site.rows.values())
    count_open = Counter(row.course.school_id for row in site.rows.values() if row.is_open)
    sources = tuple(course.source.path for course in site.index.courses)
    for language in site.languages:
        by_name = sorted((not count[one.id], one.name.to(language), one.id) for one in site.catalogue.schools.values())
        rows = tuple((site.catalogue.schools[id], count[id], count_open[id]) for _, _, id in by_name)
        title = translation(language).gettext("Schools")
        yield site.page("schools", language, lambda url: url.schools(), "schools", title, {"rows": rows}, sources)
