"""Until when the home school may answer, and the moment after which nobody gets a seat any more."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from course_catalogue.model import Agreement, Offering

SATURDAY = 5


def answer_by(asked_at: datetime, agreement: Agreement, offering: Offering, zone: ZoneInfo) -> datetime:
    """The agreement's number of weekdays after `asked_at`, at its hour; never after the start of the course.

    The day of asking is not counted. A course that begins sooner shortens the time to the last minute of the
    day before, or, where one may enrol on the first day itself, to the close of enrolment.
    """
    day = asked_at.astimezone(zone).date()
    for _ in range(agreement.answer_within_days):
        day = _next_weekday(day)
    hour = time.fromisoformat(agreement.answer_by_hour)
    deadline = datetime.combine(day, hour, tzinfo=zone)
    if offering.starts_on is not None:
        eve = datetime.combine(offering.starts_on - timedelta(days=1), time(23, 59), tzinfo=zone)
        deadline = min(deadline, max(eve, offering.enrolment_closes_at))
    return deadline.astimezone(UTC)


def seats_close_at(offering: Offering, zone: ZoneInfo) -> datetime:
    """The moment from which a freed seat goes to nobody: the start of the course, or the close of a non-stop one."""
    if offering.starts_on is None:
        return offering.enrolment_closes_at
    return datetime.combine(offering.starts_on, time(0), tzinfo=zone).astimezone(UTC)


def _next_weekday(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day
