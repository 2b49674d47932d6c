"""Which courses lie near a course: with the same module elsewhere or later, and with the next modules of the subject.

Courses are sorted once by module; a course looks at the first few of its own and the next modules, so the work grows
with the number of courses and not with its square.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice, zip_longest

from course_catalogue.model import Catalogue, Course, CourseId, Offering
from course_catalogue.module_series import series_of
from course_catalogue.offering import offering_state, shown_offering
from theme.course_links import Neighbour

MOST = 4  # neighbours of a kind
LOOKED_AT = 24  # courses of one module that are looked at for one course
NEXT_MODULES = 6  # modules with courses that can be the next ones


class Neighbourhood:
    """The courses among which neighbours are found: those on which one can enrol at `now`, or later."""

    def __init__(self, catalogue: Catalogue, courses: Iterable[Course], now: datetime) -> None:
        self._by_module: dict[str, list[tuple[Course, Neighbour]]] = {}
        taken = [(course, shown_offering(course, now)) for course in courses if course.status == "published"]
        for course, shown in sorted(taken, key=lambda one: _soonest(*one)):
            if offering_state(course, shown, now) in ("open", "not_open"):
                neighbour = Neighbour(course.id, course.modules, course.title, course.school_id, shown)
                for code in course.modules:
                    self._by_module.setdefault(code, []).append((course, neighbour))
        self._sorted: dict[tuple[str, str, tuple[str, ...]], list[tuple[Course, Neighbour]]] = {}
        self._series = series_of(catalogue.modules.values())

    def same(self, course: Course) -> tuple[Neighbour, ...]:
        """Up to four courses that share a module with this one, other schools first."""
        found = list(chain.from_iterable(self._near(code, course) for code in course.modules))
        elsewhere = (one for one in found if one[0].school_id != course.school_id)
        return _neighbours(course, chain(elsewhere, found), ())

    def following(self, course: Course) -> tuple[Neighbour, ...]:
        """Up to four courses with the modules that come after this course's last one in their series."""
        last = max((self._series[code].index(code), code) for code in course.modules)[1] if course.modules else None
        # One course of each module before a second one of any.
        ranked = zip_longest(*(self._near(code, course) for code in self._after(last)))
        return _neighbours(course, (one for one in chain.from_iterable(ranked) if one), course.modules)

    def _after(self, code: str | None) -> Iterator[str]:
        """The next few modules of the series that have courses."""
        series = self._series.get(code or "", ())
        later = series[series.index(code) + 1 :] if code else ()
        return islice((one for one in later if one in self._by_module), NEXT_MODULES)

    def _near(self, code: str, course: Course) -> list[tuple[Course, Neighbour]]:
        """The soonest courses with a module, those in the language of this one first, then those for the same people."""
        key = code, course.language, course.audience
        if key not in self._sorted:
            soonest = self._by_module.get(code, [])[:LOOKED_AT]
            mine = set(course.audience)
            self._sorted[key] = sorted(soonest, key=lambda one: (one[0].language != course.language, mine.isdisjoint(one[0].audience)))
        return self._sorted[key]


def _neighbours(course: Course, found: Iterable[tuple[Course, Neighbour]], without: tuple[str, ...]) -> tuple[Neighbour, ...]:
    chosen: dict[CourseId, Neighbour] = {}
    for one, neighbour in found:
        if one.id != course.id and one.id not in chosen and not set(without) & set(one.modules):
            chosen[one.id] = neighbour
            if len(chosen) == MOST:
                break
    return tuple(chosen.values())


def _soonest(course: Course, shown: Offering) -> tuple[object, ...]:
    return (shown.nonstop, shown.starts_on or shown.enrolment_closes_at.date(), course.id)
