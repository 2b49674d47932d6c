"""The page of what is new and changed in the last sixty days: new courses, new and cancelled runs, changed dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from course_catalogue.model import Catalogue, Course, CourseId, SchoolId, Text
from theme.translation import translation
from tray_site.course_change import KINDS, Kind
from tray_site.history import Change, History
from tray_site.plan.planned import PlannedPage
from tray_site.plan.site import Site

DAYS = 60
MOST_OF_A_DAY = 50  # courses that are named under a day; of the others their number is told
TOLD: tuple[Kind, ...] = ("added", "run_added", "run_cancelled", "dates")


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """What changed of a course on a day: the first of TOLD that did, with the names of the runs it is about."""

    on: date
    what: Kind
    runs: tuple[Text, ...]
    course_id: CourseId
    modules: tuple[str, ...]
    title: Text
    school_id: SchoolId


@dataclass(frozen=True, slots=True)
class ChangeDay:
    """The changes of a day; `more` courses changed beside those that are named."""

    on: date
    items: tuple[ChangeItem, ...]
    more: int


def change_pages(site: Site) -> Iterator[PlannedPage]:
    found = changes(site.catalogue, site.histories, site.today - timedelta(days=DAYS))
    inputs = {"days": days_of(found)}
    sources = tuple(sorted({site.catalogue.courses[one.course_id].source.path for one in found}))
    for language in site.languages:
        title = translation(language).gettext("New and changed")
        yield site.page("changes", language, lambda url: url.changes(), "courses", title, inputs, sources)


def changes(catalogue: Catalogue, histories: Mapping[str, History], since: date) -> tuple[ChangeItem, ...]:
    """What changed of the courses that have a page since a day, newest day first: at most one item for a course and a day.

    Within a day by what changed, then in the order of the courses' ids.
    """
    items = (one for course in catalogue.published() for one in _of_course(course, histories.get(course.source.path), since))
    return tuple(sorted(items, key=lambda one: (-one.on.toordinal(), TOLD.index(one.what), one.course_id)))


def _of_course(course: Course, history: History | None, since: date) -> Iterator[ChangeItem]:
    recent = (one for one in (history.changes if history else ()) if one.what in TOLD and one.at.date() >= since)
    for day, found in groupby(recent, lambda one: one.at.date()):
        of_day = list(found)
        what = min((one.what for one in of_day), key=KINDS.index)
        runs = tuple(_labels(course, (one for one in of_day if one.what == what)))
        # A run that was added, moved or cancelled and is no longer there has nothing to look at.
        if runs or what == "added" or any(not one.run for one in of_day if one.what == what):
            yield ChangeItem(day, what, runs, course.id, course.modules, course.title, course.school_id)


def _labels(course: Course, of_kind: Iterable[Change]) -> Iterator[Text]:
    named = {one.run for one in of_kind}
    return (one.label for one in course.offerings if one.id in named)


def days_of(items: Iterable[ChangeItem]) -> tuple[ChangeDay, ...]:
    """The items by day, in their order, no day longer than a reader wants to look through."""
    days = []
    for day, found in groupby(items, lambda one: one.on):
        of_day = tuple(found)
        days.append(ChangeDay(day, of_day[:MOST_OF_A_DAY], len(of_day[MOST_OF_A_DAY:])))
    return tuple(days)
