"""The dates of an enrolment as a calendar file: the first and last day, and each day on which the price of leaving changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from course_catalogue.calendar import Event, calendar
from enrol_service.enrolment.enrolments import Commitment, Enrolment
from enrol_service.speech import Money, Speech


def calendar_file(
    speech: Speech, enrolment: Enrolment, commitment: Commitment, starts_on: date | None, ends_on: date | None, now: datetime
) -> str:
    """The file's text. A non-stop course has its own days once first contact has been made."""
    network = speech.catalogue.network
    number = enrolment.number(network.time_zone).lower()
    days = _days(speech, enrolment, commitment, starts_on, ends_on)
    events = [Event(uid=f"{name}-{number}@{network.host}", summary=words, stamped_at=now, starts=day) for name, day, words in days]
    return calendar(events, network.time_zone)


def _days(
    speech: Speech, enrolment: Enrolment, commitment: Commitment, starts_on: date | None, ends_on: date | None
) -> Iterator[tuple[str, date, str]]:
    """Each day with the name that makes its event the same one in the next file, and its words."""
    title = enrolment.title
    if starts_on:
        yield "start", starts_on, speech.gettext("%(course)s starts", course=title)
    if ends_on and starts_on:
        yield "end", ends_on, speech.gettext("%(course)s ends", course=title)
    elif ends_on:
        yield "end", ends_on, speech.gettext("Your time to study ends: %(course)s", course=title)
    for row in commitment.leaving_rows():
        if row.cents == 0 and row.until_on:
            yield "free", row.until_on, speech.gettext("Last day to cancel at no cost: %(course)s", course=title)
        elif row.cents and row.from_on:
            price = Money(row.cents, commitment.currency)
            words = speech.gettext("Cancelling costs %(price)s from today: %(course)s", price=price, course=title)
            yield f"leaving-{row.step_id}", row.from_on, words
