"""Which courses a selection means, and how many each choice of every filter would show: one pass over the facts of all courses.

theme/static/facets.js does the same in the browser, over the columns of tray_site/files/list_data.py; a test compares the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from course_catalogue.model import AgreementId, Catalogue, Course, CourseId, Offering, OfferingId
from course_catalogue.offering import OfferingState, in_order, offering_state
from course_catalogue.price import NO_SCHOOL, agreement_for, price_for
from course_catalogue.selection import PARAMETERS, Selection, month_of

OF_COURSE = ("subject", "module", "school", "mode", "language", "credits", "level")
OF_RUN = ("open", "free", "month", "starts", "price")  # these must hold for one and the same run
FACETS = ("open", "free", "month", "subject", "module", "school", "mode", "language", "credits", "level", "price")  # those with counts

RunId = tuple[CourseId, OfferingId]


@dataclass(frozen=True, slots=True)
class RunFact:
    """What the filters know of a run. It can be started from `first_on` to `last_on`: with dates that is one day."""

    offering: Offering
    month: str
    first_on: date
    last_on: date
    agreement_id: AgreementId
    member_cents: int
    outside_cents: int


@dataclass(frozen=True, slots=True)
class CourseFact:
    """What the filters know of a course: its values of each filter, as an address writes them, and its runs in order of time."""

    course: Course
    values: Mapping[str, tuple[str, ...]]
    runs: tuple[RunFact, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The numbers of the courses that fit, and by filter and value how many courses the value would show if it were chosen alone."""

    numbers: tuple[int, ...]
    counts: Mapping[str, Mapping[str, int]]


def facts_of(catalogue: Catalogue, courses: Sequence[Course]) -> tuple[CourseFact, ...]:
    """The facts of `courses`, in their order. They hold at any time: keep them as long as the catalogue."""
    return tuple(_course_fact(catalogue, course) for course in courses)


def _course_fact(catalogue: Catalogue, course: Course) -> CourseFact:
    values = {
        "subject": (course.subject_id,),
        "module": course.modules,
        "school": (course.school_id,),
        "mode": (course.mode,),
        "language": (course.language,),
        "credits": (str(course.credits),),
        "level": course.audience,
    }
    return CourseFact(course, values, tuple(_run_fact(catalogue, course, one) for one in in_order(course)))


def _run_fact(catalogue: Catalogue, course: Course, offering: Offering) -> RunFact:
    agreement = agreement_for(catalogue, offering)
    day = catalogue.network.day_of
    return RunFact(
        offering=offering,
        month=month_of(offering),
        first_on=offering.starts_on or day(offering.enrolment_opens_at),
        last_on=offering.starts_on or day(offering.enrolment_closes_at),
        agreement_id=agreement.id,
        member_cents=price_for(agreement, course, agreement.members[0]).cents,
        outside_cents=price_for(agreement, course, NO_SCHOOL).cents,
    )


def is_to_come(offering: Offering, state: OfferingState, today: date) -> bool:
    """Whether the filters look at a run: those that are over, have begun with a closed enrolment or are cancelled are passed over."""
    starts_on = offering.starts_on
    return state in ("open", "not_open") or (state == "closed" and starts_on is not None and starts_on >= today)


def find(
    catalogue: Catalogue,
    facts: Sequence[CourseFact],
    selection: Selection,
    now: datetime,
    scores: Mapping[int, float] | None = None,
    full: AbstractSet[RunId] = frozenset(),
) -> Found:
    """What `selection` finds among `facts`, in their order.

    `scores` are the courses that its text finds, by number; None when it has no words. `full` are the runs that have no place
    left, where somebody knows; without that every run that can be enrolled on has places.
    """
    asks = _Asked(selection, now, catalogue.network.day_of(now), full)
    numbers: list[int] = []
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for number in range(len(facts)) if scores is None else sorted(scores):
        fact = facts[number]
        failed = [name for name, wanted in asks.values.items() if wanted.isdisjoint(fact.values[name])]
        if len(failed) > 1:
            continue
        runs = asks.runs(fact) if not failed or asks.of_runs else []
        if not asks.of_runs or any(not fails for fails, _ in runs):
            if not failed:
                numbers.append(number)
            for name in failed or OF_COURSE:
                counts[name].update(fact.values[name])
        if not failed:
            for name, value in {pair for fails, values in runs for pair in values if not fails or fails == [pair[0]]}:
                counts[name][value] += 1
    return Found(tuple(numbers), counts)


class _Asked:
    """A selection as it is asked of every course at one moment."""

    def __init__(self, selection: Selection, now: datetime, today: date, full: AbstractSet[RunId]) -> None:
        self.selection = selection
        self.now = now
        self.today = today
        self.full = full
        chosen = {name: frozenset(str(one) for one in getattr(selection, PARAMETERS[name])) for name in OF_COURSE}
        self.values = {name: wanted for name, wanted in chosen.items() if wanted}
        one_of_them = selection.open, selection.free, selection.months, selection.from_on, selection.to_on, selection.prices
        self.of_runs = any(one_of_them)  # whether anything is asked of the runs

    def runs(self, fact: CourseFact) -> list[tuple[list[str], list[tuple[str, str]]]]:
        """Of each run to come: the filters that it fails, and its values."""
        found = []
        for run in fact.runs:
            state = offering_state(fact.course, run.offering, self.now)
            if is_to_come(run.offering, state, self.today):
                found.append(self._run(run, state, (fact.course.id, run.offering.id)))
        return found

    def _run(self, run: RunFact, state: OfferingState, run_id: RunId) -> tuple[list[str], list[tuple[str, str]]]:
        asked = self.selection
        is_open = state == "open"
        is_free = state != "closed" and run_id not in self.full
        cents = run.member_cents if asked.buyer == "member" else run.outside_cents
        in_time = (asked.from_on is None or run.last_on >= asked.from_on) and (asked.to_on is None or run.first_on <= asked.to_on)
        holds = {
            "open": is_open or not asked.open,
            "free": is_free or not asked.free,
            "month": not asked.months or run.month in asked.months,
            "starts": in_time,
            "price": not asked.prices or cents in asked.prices,
        }
        values = [("month", run.month), ("price", str(cents))]
        values += [("open", "1")] if is_open else []
        values += [("free", "1")] if is_free else []
        return [name for name, held in holds.items() if not held], values
