"""A course as a page shows it at one moment: each offering with its state, its two prices and what leaving costs.

The site's course page and the service's answer to a wrong form are printed from the same view, so both show one price.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from course_catalogue.collation import sort_key
from course_catalogue.leaving import LeavingRow, leaving_table, outcome_prices, row_on
from course_catalogue.model import Agreement, Catalogue, Course, Offering, School, Subject
from course_catalogue.offering import OfferingState, in_order, offering_state, shown_offering
from course_catalogue.price import NO_SCHOOL, Quote, agreement_for, price_for

ENROLMENT: tuple[OfferingState, ...] = ("not_open", "open", "closed")  # in order of time


@dataclass(frozen=True, slots=True)
class OfferingView:
    """One offering: its state, the price for a member school and for an outside one, and the price of leaving for a member's student."""

    offering: Offering
    state: OfferingState
    agreement: Agreement
    member: Quote
    outside: Quote
    leaving: tuple[LeavingRow, ...]

    @property
    def free_until(self) -> date | None:
        """The last day on which leaving costs nothing, when it is known beforehand."""
        return self.leaving[0].until_on

    @property
    def ahead(self) -> tuple[OfferingState, ...]:
        """The states the run has from now on, the present one first, as far as enrolment goes."""
        return ENROLMENT[ENROLMENT.index(self.state) :] if self.state in ENROLMENT else (self.state,)

    def leaving_on(self, day: date) -> LeavingRow:
        return row_on(self.leaving, day)

    @property
    def outcomes(self) -> tuple[tuple[str, int], ...]:
        """What the end of the course costs a member school: each outcome of the agreement with its cents."""
        return outcome_prices(self.agreement.outcomes.items(), self.member.cents)


@dataclass(frozen=True, slots=True)
class CourseView:
    """A course with its school, subject and offerings in order of time. `shown` is the offering that the tray tells about.

    `today` is the day as far as the course can tell days apart (`_day_told`): a page printed from the view stays as it is
    until something on it changes.
    """

    course: Course
    school: School
    subject: Subject
    today: date
    offerings: tuple[OfferingView, ...]
    shown: OfferingView
    can_enrol: bool

    @property
    def told_apart_by(self) -> tuple[object, ...]:
        """What two views of one catalogue differ in; the rest, prices and the cost of leaving among it, follows from that."""
        runs = " ".join(f"{one.offering.id}:{one.state}" for one in (self.shown, *self.offerings))
        return (self.course, self.today, runs)

    @property
    def open(self) -> tuple[OfferingView, ...]:
        """The offerings on which one can enrol now, in order of time."""
        return tuple(one for one in self.offerings if one.state == "open")

    @property
    def coming(self) -> tuple[OfferingView, ...]:
        """The offerings whose enrolment has not opened yet, in order of time."""
        return tuple(one for one in self.offerings if one.state == "not_open")

    @property
    def offered(self) -> tuple[OfferingView, ...]:
        """The offerings of the form: the open ones, and those that open while the page lies in a browser."""
        return tuple(one for one in self.offerings if one.state in ("open", "not_open"))

    @property
    def runs_live(self) -> bool:
        """Whether something may still change about one of the runs, so that the page asks how it stands now."""
        return any(one.state in ("not_open", "open", "closed") for one in self.offerings)

    @property
    def for_teachers(self) -> bool:
        """Whether the course is for teachers alone, who have neither a group nor a syllabus."""
        return self.course.audience == ("opettajat",)

    @property
    def prices_shown(self) -> str:
        """The prices as the form sends them back: `2026-p3:15000/18000 oma-tahti:15000/18000`, cents for a member and an outside school."""
        return " ".join(f"{one.offering.id}:{one.member.cents}/{one.outside.cents}" for one in self.offered)


def course_view(catalogue: Catalogue, course: Course, now: datetime) -> CourseView:
    """The view of a published or cancelled course at `now`."""
    views = {one.id: _offering_view(catalogue, course, one, now) for one in in_order(course)}
    return CourseView(
        course=course,
        school=catalogue.schools[course.school_id],
        subject=catalogue.subjects[course.subject_id],
        today=_day_told(views.values(), catalogue.network.day_of(now)),
        offerings=tuple(views.values()),
        shown=views[shown_offering(course, now).id],
        can_enrol=any(one.state == "open" for one in views.values()),
    )


def _day_told(views: Iterable[OfferingView], today: date) -> date:
    """The latest day up to today that differs from the one before it in the eyes of a page.

    A page compares today with the days of its offerings and of leaving, and tells the year where it is not today's.
    """
    named: set[date | None] = {date(today.year, 1, 1) - timedelta(days=1)}
    for view in views:
        one = view.offering
        named |= {one.starts_on, one.ends_on, one.decided_on}
        named |= {day for row in view.leaving for day in (row.from_on, row.until_on)}
    turns = (turn for day in named if day for turn in (day, day + timedelta(days=1)))
    return max(turn for turn in turns if turn <= today)


def _offering_view(catalogue: Catalogue, course: Course, offering: Offering, now: datetime) -> OfferingView:
    agreement = agreement_for(catalogue, offering)
    member = price_for(agreement, course, agreement.members[0])
    return OfferingView(
        offering=offering,
        state=offering_state(course, offering, now),
        agreement=agreement,
        member=member,
        outside=price_for(agreement, course, NO_SCHOOL),
        leaving=leaving_table(agreement, offering, member.cents),
    )


def school_choices(catalogue: Catalogue, language: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The schools of the enrolment form: members of an agreement in the group `member`, the rest in `outside`; id and name, by name."""
    members = {school_id for agreement in catalogue.agreements.values() for school_id in agreement.members}
    groups: dict[str, list[tuple[str, str]]] = {"member": [], "outside": []}
    for school in sorted(catalogue.schools.values(), key=lambda one: sort_key(one.name.to(language))):
        groups["member" if school.id in members else "outside"].append((school.id, school.name.to(language)))
    return {group: tuple(schools) for group, schools in groups.items()}
