"""Where an offering stands at a moment: the one place where open and closed are decided."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from course_catalogue.model import Course, Offering

OfferingState = Literal["cancelled", "not_open", "open", "closed", "ended"]


def offering_state(course: Course, offering: Offering, now: datetime) -> OfferingState:
    """The state of an offering at `now`, an aware instant. Enrolment is open from its first minute up to the closing time."""
    if offering.cancelled or course.status == "cancelled":
        return "cancelled"
    if course.status == "draft":
        return "not_open"
    if course.status == "archived" or _has_ended(offering, now):
        return "ended"
    if now < offering.enrolment_opens_at:
        return "not_open"
    return "open" if now < offering.enrolment_closes_at else "closed"


def _has_ended(offering: Offering, now: datetime) -> bool:
    """A dated offering ends with its last day; a non-stop one when the last who may enrol has used up the days."""
    if offering.ends_on is not None:
        return now.astimezone(offering.enrolment_closes_at.tzinfo).date() > offering.ends_on
    return offering.days is not None and now >= offering.enrolment_closes_at + timedelta(days=offering.days)


def preselected(course: Course, now: datetime) -> Offering | None:
    """The offering that the enrolment form proposes: the open one that closes first, a dated one before a non-stop one."""
    open_ones = [offering for offering in course.offerings if offering_state(course, offering, now) == "open"]
    return min(open_ones, key=lambda one: (one.nonstop, one.enrolment_closes_at, one.id), default=None)


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
