"""A page for every school, and the list of schools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from course_catalogue.collation import sort_key
from course_catalogue.model import School, SchoolId
from theme.list_view import Row
from theme.translation import translation
from tray_site.plan.list_paging import list_pages_of
from tray_site.plan.planned import PlannedPage
from tray_site.plan.site import Site


def school_pages(site: Site) -> Iterator[PlannedPage]:
    by_school: dict[SchoolId, list[Row]] = {school_id: [] for school_id in site.catalogue.schools}
    for row in site.rows.values():
        by_school[row.course.school_id].append(row)
    first = site.languages[0]
    names = Counter(one.name.to(first) for one in site.catalogue.schools.values())
    for school_id, rows in by_school.items():
        school = site.catalogue.schools[school_id]
        yield from _school(site, school, rows, alone=names[school.name.to(first)] == 1)
    yield from _schools(site, by_school)


def _school(site: Site, school: School, rows: list[Row], *, alone: bool) -> Iterator[PlannedPage]:
    """`alone`: no other school has the same name."""
    yield from list_pages_of(
        site,
        "school",
        "schools",
        rows,
        where=lambda url, number: url.school(school.id, number),
        title=lambda language: school.name.to(language) if alone else f"{school.name.to(language)}, {school.id}",
        inputs={"school": school, "member": school.id in site.members},
        sources=(school.source.path,),
    )


def _schools(site: Site, by_school: Mapping[SchoolId, list[Row]]) -> Iterator[PlannedPage]:
    """Those with courses by name, then the others."""
    numbers = {school_id: (len(rows), sum(row.is_open for row in rows)) for school_id, rows in by_school.items()}
    sources = tuple(course.source.path for course in site.index.courses)
    for language in site.languages:
        by_name = sorted(site.catalogue.schools.values(), key=lambda one: (not by_school[one.id], sort_key(one.name.to(language)), one.id))
        rows = tuple((school, *numbers[school.id]) for school in by_name)
        title = translation(language).gettext("Schools")
        yield site.page("schools", language, lambda url: url.schools(), "schools", title, {"rows": rows}, sources)
