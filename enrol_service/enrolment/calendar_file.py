"""The dates of an enrolment as a calendar file (RFC 5545): the first and last day, and each day on which the price of leaving changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from enrol_service.enrolment.enrolments import Commitment, Enrolment
from enrol_service.speech import Money, Speech

FOLD = 74  # octets of a content line (RFC 5545, 3.1: at most 75)


def calendar_file(
    speech: Speech, enrolment: Enrolment, commitment: Commitment, starts_on: date | None, ends_on: date | None, now: datetime
) -> str:
    """The file's text, lines ended as the standard wants them. A non-stop course has its own days once first contact has been made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tarjotin//enrolment//EN"]
    number = enrolment.number(speech.catalogue.network.time_zone).lower()
    for name, day, words in _days(speech, enrolment, commitment, starts_on, ends_on):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{name}-{number}@{speech.catalogue.network.site_url.partition('//')[2]}",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escape(words)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{_fold(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


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


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _fold(line: str) -> str:
    """Long lines go on after a line break and a space, never inside a letter."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > FOLD:
            parts.append(part)
            part = " "
        part += letter
    return "\r\n".join([*parts, part])
