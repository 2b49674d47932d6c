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
