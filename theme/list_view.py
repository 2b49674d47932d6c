"""The list of courses as a page shows it: rows in groups by subject, and the filters with their counts.

The static front page and the service's search print the same view; the script of the front page counts the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from course_catalogue.model import Catalogue, Course, Offering, Subject
from course_catalogue.offering import OfferingState, offering_state
from course_catalogue.search_index import SearchIndex, ranked
from course_catalogue.selection import PARAMETERS, Selection, matches, month_of
from theme.course_view import in_order, shown_offering

FIRST = 6  # so many values of a filter are seen at once
ORDER = ("open", "month", "subject", "school", "mode", "language", "credits", "level")  # of the filters on the page


@dataclass(frozen=True, slots=True)
class Run:
    """An offering in a row: its state and the month under which the filter finds it."""

    offering: Offering
    state: OfferingState

    @property
    def month(self) -> str:
        return month_of(self.offering)


@dataclass(frozen=True, slots=True)
class Row:
    """A course in the list. `number` is its place in the search index; `shown` the run the row tells about, `also` the others to come."""

    number: int
    course: Course
    shown: Run
    also: tuple[Run, ...]
    runs: tuple[Run, ...]  # those still to come, which the filters look at

    @property
    def is_open(self) -> bool:
        return any(run.state == "open" for run in self.runs)


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one subject."""

    subject: Subject
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A choice of a filter and how many courses it would show. `name` is the parameter, as in the address."""

    name: str
    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter: the values seen at once, and those behind "All"."""

    name: str
    first: tuple[FacetValue, ...]
    rest: tuple[FacetValue, ...]

    @property
    def values(self) -> tuple[FacetValue, ...]:
        return self.first + self.rest

    @property
    def opened(self) -> bool:
        return any(value.chosen for value in self.rest)


@dataclass(frozen=True, slots=True)
class ListView:
    """What a page of courses shows: `count` courses in groups, for a selection."""

    selection: Selection
    count: int
    groups: tuple[Group, ...]
    facets: tuple[Facet, ...]

    @property
    def chosen(self) -> tuple[FacetValue, ...]:
        """The choices in force, for the chips; a text that was searched is not among them."""
        return tuple(value for facet in self.facets for value in facet.values if value.chosen)


def list_view(catalogue: Catalogue, index: SearchIndex, selection: Selection, courses: Sequence[Course], now: datetime) -> ListView:
    """The view of `courses`, which `select()` found for `selection`, in their order."""
    numbers = {course.id: number for number, course in enumerate(index.courses)}
    return ListView(
        selection=selection,
        count=len(courses),
        groups=groups_of(catalogue, [row_of(numbers[course.id], course, now) for course in courses]),
        facets=_facets(catalogue, index, selection, now),
    )


def row_of(number: int, course: Course, now: datetime) -> Row:
    """The row of a course. Runs that are over or cancelled are told about only when there is no other."""
    shown = shown_offering(course, now)
    today = now.astimezone(shown.enrolment_closes_at.tzinfo).date()
    runs = [Run(one, offering_state(course, one, now)) for one in in_order(course)]
    coming = tuple(run for run in runs if _is_to_come(run, today))
    also = tuple(run for run in coming if run.offering is not shown)
    return Row(number, course, next(run for run in runs if run.offering is shown), also, coming)


def _is_to_come(run: Run, today: date) -> bool:
    starts_on = run.offering.starts_on
    return run.state in ("open", "not_open") or (run.state == "closed" and starts_on is not None and starts_on >= today)


def groups_of(catalogue: Catalogue, rows: Iterable[Row]) -> tuple[Group, ...]:
    """Rows by subject. The subject of the first row comes first: with a search text that is the best hit's."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.course.subject_id, []).append(row)
    return tuple(Group(catalogue.subjects[subject], tuple(found)) for subject, found in grouped.items())


def _facets(catalogue: Catalogue, index: SearchIndex, selection: Selection, now: datetime) -> tuple[Facet, ...]:
    """Every filter with its counts. A filter's counts pay no heed to its own choice."""
    scores = ranked(index, selection.text)
    found = [course for number, course in enumerate(index.courses) if scores is None or number in scores]
    rows = {course.id: row_of(number, course, now) for number, course in enumerate(index.courses)}
    return tuple(_facet(name, index, selection, found, rows, now) for name in ORDER)


def _facet(name: str, index: SearchIndex, selection: Selection, found: Sequence[Course], rows: dict[str, Row], now: datetime) -> Facet:
    nothing: dict[str, Any] = {"open": False} if name == "open" else {PARAMETERS[name]: ()}
    without = replace(selection, **nothing)
    counts: Counter[str] = Counter()
    for course in found:
        if matches(course, without, now):
            counts.update(_values(name, rows[course.id], without))
    every = sorted({value for row in rows.values() for value in _values(name, row, Selection())})
    totals = Counter(value for row in rows.values() for value in _values(name, row, Selection()))
    every.sort(key=lambda value: _place(name, value, totals[value]))
    chosen = {value for parameter, value in selection.pairs() if parameter == name}
    values = tuple(FacetValue(name, value, counts[value], value in chosen) for value in every)
    return Facet(name, values[:FIRST], values[FIRST:]) if len(values) > FIRST + 1 else Facet(name, values, ())


def _values(name: str, row: Row, selection: Selection) -> set[str]:
    """The values of a filter under which a row is found, when the other choices are `selection`."""
    course = row.course
    months = selection.months
    runs = [run for run in row.runs if (not selection.open or run.state == "open") and (not months or run.month in months)]
    match name:
        case "open":
            return {"1"} if any(run.state == "open" for run in runs) else set()
        case "month":
            return {run.month for run in runs}
        case "level":
            return set(course.audience)
        case _:
            return {str(getattr(course, {"subject": "subject_id", "school": "school_id"}.get(name, name)))}


def _place(name: str, value: str, count: int) -> tuple[object, ...]:
    """The order of a filter's values: months and credits by themselves, the others by how many courses they hold."""
    if name == "month":
        return ("" if value == "nonstop" else value,)
    return (int(value),) if name == "credits" else (-count, value)
