"""When time acts: until when a school or a student may answer, when a school is reminded, and from which moment nobody gets a seat."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from course_catalogue.model import Agreement, Offering

SATURDAY = 5
REMIND_AT = time(9)  # in the network's time zone: at the beginning of a school's day
LEAST_TIME_TO_ANSWER = timedelta(hours=2)  # who is asked with less would only see the request expire
STUDENT_LINK_LIVES = timedelta(days=180)  # after the end of the course


def answer_by(asked_at: datetime, agreement: Agreement, offering: Offering, zone: ZoneInfo) -> datetime:
    """The agreement's number of weekdays after `asked_at`, at its hour; never after the start of the course.

    The day of asking is not counted. A course that begins sooner shortens the time to the last minute of the
    day before, or, where one may enrol on the first day itself, to the close of enrolment.
    """
    day = _weekdays_after(asked_at.astimezone(zone).date(), agreement.answer_within_days)
    hour = time.fromisoformat(agreement.answer_by_hour)
    deadline = datetime.combine(day, hour, tzinfo=zone)
    if offering.starts_on is not None:
        eve = datetime.combine(offering.starts_on - timedelta(days=1), time(23, 59), tzinfo=zone)
        deadline = min(deadline, max(eve, offering.enrolment_closes_at))
    return deadline.astimezone(UTC)


def offer_until(offered_at: datetime, agreement: Agreement, offering: Offering, zone: ZoneInfo) -> datetime:
    """Until when an offered seat is kept for the student: the agreement's hours, never past the moment from which seats go to nobody."""
    if agreement.offer_answer_hours is None:
        until = answer_by(offered_at, agreement, offering, zone)
    else:
        until = offered_at + timedelta(hours=agreement.offer_answer_hours)
    return min(until, seats_close_at(offering, zone))


def act_at(asked_at: datetime, weekdays: int, zone: ZoneInfo) -> datetime:
    """When a school that was asked is reminded, or its second address asked: so many weekdays later at nine; never within two hours."""
    day = _weekdays_after(asked_at.astimezone(zone).date(), weekdays)
    return max(datetime.combine(day, REMIND_AT, tzinfo=zone).astimezone(UTC), asked_at + LEAST_TIME_TO_ANSWER)


def seats_close_at(offering: Offering, zone: ZoneInfo) -> datetime:
    """The moment from which a freed seat goes to nobody: the start of the course, or the close of a non-stop one."""
    if offering.starts_on is None:
        return offering.enrolment_closes_at
    return datetime.combine(offering.starts_on, time(0), tzinfo=zone).astimezone(UTC)


def student_link_until(offering: Offering, zone: ZoneInfo) -> datetime:
    """How long the student's own page opens."""
    last = offering.ends_on or (offering.enrolment_closes_at + timedelta(days=offering.days or 0)).date()
    return datetime.combine(last, time(0), tzinfo=zone).astimezone(UTC) + STUDENT_LINK_LIVES


def _weekdays_after(day: date, count: int) -> date:
    """The day itself is not counted."""
    for _ in range(count):
        day += timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
    return day
