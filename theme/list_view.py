"""The list of courses as a page shows it: rows, in groups by subject or in another order, a page of them at a time.

The static pages and the service's search print the same view; the script of the front page draws the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from course_catalogue.facet import is_to_come
from course_catalogue.model import Catalogue, Course, Offering, Subject
from course_catalogue.offering import OfferingState, in_order, offering_state, shown_offering
from course_catalogue.selection import Selection, month_of
from theme.facet_view import Facet, FacetValue


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
    """A course in the list. `number` is its place in the search index; `shown` the run the row tells about.

    `also` are the other runs on which one can enrol, now or later.
    """

    number: int
    course: Course
    shown: Run
    also: tuple[Run, ...]
    runs: tuple[Run, ...]  # those still to come, which the filters look at

    @property
    def told_apart_by(self) -> tuple[object, ...]:
        """What two rows differ in: the course without its text, and how its runs stand."""
        runs = " ".join(f"{run.offering.id}:{run.state}" for run in (self.shown, *self.also, *self.runs))
        return (self.number, self.course.facts_hash or self.course, len(self.also), runs)

    @property
    def is_open(self) -> bool:
        return any(run.state == "open" for run in self.runs)

    @property
    def is_to_come(self) -> bool:
        return self.shown in self.runs

    def of_month(self, month: str) -> Row:
        """The row as it tells about the run of a month."""
        shown = next(run for run in self.runs if run.month == month)
        return replace(self, shown=shown, also=_offered_beside(shown, self.runs))


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one subject; without one, rows in another order."""

    rows: tuple[Row, ...]
    subject: Subject | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of how many. The first is 1; a list that is empty has one page too."""

    number: int = 1
    of: int = 1

    @classmethod
    def holding(cls, count: int, size: int, number: int = 1) -> Pages:
        """The pages of `count` rows, `size` on each; a number beyond the last one means the last."""
        of = max(1, -(-count // size))
        return cls(min(max(1, number), of), of)

    def slice(self, size: int) -> slice:
        """The rows of this page."""
        return slice((self.number - 1) * size, self.number * size)


@dataclass(frozen=True, slots=True)
class ListView:
    """What a page of courses shows: `count` courses in all, those of this page in groups, and the filters with their counts."""

    selection: Selection
    count: int
    groups: tuple[Group, ...]
    facets: tuple[Facet, ...] = ()
    pages: Pages = Pages()

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def chosen(self) -> tuple[FacetValue, ...]:
        """The choices in force, for the chips; a text that was searched and the two days are not among them."""
        return tuple(value for facet in self.facets for value in facet.values if value.chosen)


def row_of(number: int, course: Course, now: datetime) -> Row:
    """The row of a course. Runs that are over or cancelled are told about only when there is no other."""
    shown = shown_offering(course, now)
    today = now.astimezone(shown.enrolment_closes_at.tzinfo).date()
    runs = [Run(one, offering_state(course, one, now)) for one in in_order(course)]
    coming = tuple(run for run in runs if is_to_come(run.offering, run.state, today))
    told = next(run for run in runs if run.offering is shown)
    return Row(number, course, told, _offered_beside(told, coming), coming)


def _offered_beside(shown: Run, runs: Iterable[Run]) -> tuple[Run, ...]:
    return tuple(run for run in runs if run is not shown and run.state in ("open", "not_open"))


def groups_of(catalogue: Catalogue, rows: Iterable[Row]) -> tuple[Group, ...]:
    """Rows by subject, in the order in which the subjects come."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.course.subject_id, []).append(row)
    return tuple(Group(tuple(found), catalogue.subjects[subject]) for subject, found in grouped.items())


def page_of(
    catalogue: Catalogue, selection: Selection, rows: Sequence[Row], count: int, pages: Pages, facets: tuple[Facet, ...]
) -> ListView:
    """The view of one page's rows: by subject if that is their order, else as they come."""
    groups = groups_of(catalogue, rows) if selection.ordered_by == "subject" else (Group(tuple(rows)),)
    return ListView(selection, count, groups if rows else (), facets, pages)
