"""A course as a page shows it at one moment: each offering with its state, its two prices and what leaving costs.

The site's course page and the service's answer to a wrong form are printed from the same view, so both show one price.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from course_catalogue.leaving import LeavingRow, leaving_table, outcome_prices, row_on
from course_catalogue.model import Agreement, Catalogue, Course, Offering, School, Subject
from course_catalogue.offering import OfferingState, offering_state, preselected
from course_catalogue.price import Quote, agreement_for, price_for

NOT_A_MEMBER = ""  # an id that no school has: the price for any school outside the network


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

    def leaving_on(self, day: date) -> LeavingRow:
        return row_on(self.leaving, day)

    @property
    def outcomes(self) -> tuple[tuple[str, int], ...]:
        """What the end of the course costs a member school: each outcome of the agreement with its cents."""
        return outcome_prices(self.agreement.outcomes.items(), self.member.cents)


@dataclass(frozen=True, slots=True)
class CourseView:
    """A course with its school, subject and offerings in order of time. `shown` is the offering that the tray tells about."""

    course: Course
    school: School
    subject: Subject
    today: date
    offerings: tuple[OfferingView, ...]
    shown: OfferingView
    can_enrol: bool

    @property
    def open(self) -> tuple[OfferingView, ...]:
        """The offerings on which one can enrol now, in order of time."""
        return tuple(one for one in self.offerings if one.state == "open")

    @property
    def coming(self) -> tuple[OfferingView, ...]:
        """The offerings whose enrolment has not opened yet, in order of time."""
        return tuple(one for one in self.offerings if one.state == "not_open")

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
        return " ".join(f"{one.offering.id}:{one.member.cents}/{one.outside.cents}" for one in self.open)


def course_view(catalogue: Catalogue, course: Course, now: datetime) -> CourseView:
    """The view of a published or cancelled course at `now`."""
    views = {one.id: _offering_view(catalogue, course, one, now) for one in in_order(course)}
    return CourseView(
        course=course,
        school=catalogue.schools[course.school_id],
        subject=catalogue.subjects[course.subject_id],
        today=catalogue.network.day_of(now),
        offerings=tuple(views.values()),
        shown=views[shown_offering(course, now).id],
        can_enrol=any(one.state == "open" for one in views.values()),
    )


def in_order(course: Course) -> list[Offering]:
    """Offerings by their first day; the non-stop ones last."""
    return sorted(course.offerings, key=lambda one: (one.nonstop, one.starts_on or one.enrolment_closes_at.date(), one.id))


def shown_offering(course: Course, now: datetime) -> Offering:
    """The offering a list or a tray tells about: the open one that closes first, else the next to open, else the last that was open."""
    chosen = preselected(course, now)
    if chosen is not None:
        return chosen
    states = {one.id: offering_state(course, one, now) for one in course.offerings}
    coming = [one for one in in_order(course) if states[one.id] == "not_open"]
    if coming:
        return min(coming, key=lambda one: one.enrolment_opens_at)
    return max(in_order(course), key=lambda one: (states[one.id] == "closed", states[one.id] != "cancelled", one.enrolment_closes_at))


def _offering_view(catalogue: Catalogue, course: Course, offering: Offering, now: datetime) -> OfferingView:
    agreement = agreement_for(catalogue, offering)
    member = price_for(agreement, course, agreement.members[0])
    return OfferingView(
        offering=offering,
        state=offering_state(course, offering, now),
        agreement=agreement,
        member=member,
        outside=price_for(agreement, course, NOT_A_MEMBER),
        leaving=leaving_table(agreement, offering, member.cents),
    )


def school_choices(catalogue: Catalogue, language: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The schools of the enrolment form: members of an agreement in the group `member`, the rest in `outside`; id and name, by name."""
    members = {school_id for agreement in catalogue.agreements.values() for school_id in agreement.members}
    groups: dict[str, list[tuple[str, str]]] = {"member": [], "outside": []}
    for school in sorted(catalogue.schools.values(), key=lambda one: one.name.to(language)):
        groups["member" if school.id in members else "outside"].append((school.id, school.name.to(language)))
    return {group: tuple(schools) for group, schools in groups.items()}
