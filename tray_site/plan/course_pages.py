"""A page for every course that is published or cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice

from course_catalogue.model import Course
from theme.course_links import CourseLinks, PastDay, pieces
from theme.course_view import course_view
from tray_site.history import History
from tray_site.plan.neighbourhood import Neighbourhood
from tray_site.plan.planned import PlannedPage
from tray_site.plan.site import Site

MOST_DAYS = 5  # of its past that a page tells


def course_pages(site: Site) -> Iterator[PlannedPage]:
    """All languages of a course one after the other, so that its text is rendered once."""
    near = Neighbourhood(site.catalogue, site.index.courses, site.now)
    for course in site.index.courses:
        yield from _course(site, course, near)


def _course(site: Site, course: Course, near: Neighbourhood) -> Iterator[PlannedPage]:
    links = CourseLinks(
        prerequisites=pieces(course.prerequisites or "", site.by_module),
        same=near.same(course),
        following=near.following(course),
        past=past_days(site.histories.get(course.source.path)),
    )
    inputs = {"view": course_view(site.catalogue, course, site.now), "links": links}
    for language in site.languages:
        title = site.course_title(course, language)
        yield site.page("course", language, lambda url: url.course(course.id), "courses", title, inputs, (course.source.path,))


def past_days(history: History | None) -> tuple[PastDay, ...]:
    """The newest days on which a course's data changed, and the one on which it was added."""
    if history is None:
        return ()
    by_day = groupby(history.changes, lambda one: one.at.date())
    days = [PastDay(day, tuple(dict.fromkeys(one.what for one in changes))) for day, changes in by_day]
    newest = tuple(islice(days, MOST_DAYS))
    return newest if len(days) <= MOST_DAYS or "added" not in days[-1].what else (*newest[:-1], days[-1])
