"""A page for every course that is published or cancelled."""

from __future__ import annotations

from collections.abc import Iterator

from course_catalogue.model import Course
from theme.course_view import course_view
from tray_site.plan.planned import PlannedPage
from tray_site.plan.site import Site


def course_pages(site: Site) -> Iterator[PlannedPage]:
    """All languages of a course one after the other, so that its text is rendered once."""
    for course in site.index.courses:
        yield from _course(site, course)


def _course(site: Site, course: Course) -> Iterator[PlannedPage]:
    inputs = {"view": course_view(site.catalogue, course, site.now)}
    for language in site.languages:
        title = site.course_title(course, language)
        yield site.page("course", language, lambda url: url.course(course.id), "courses", title, inputs, (course.source.path,))
