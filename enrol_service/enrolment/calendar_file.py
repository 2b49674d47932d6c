"""The dates of an enrolment as a calendar file (RFC 5545): the course's first and last day, and the last day to leave at no cost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from enrol_service.enrolment.enrolments import Commitment, Enrolment
from enrol_service.speech import Speech

FOLD = 74  # octets of a content line (RFC 5545, 3.1: at most 75)


def calendar_file(
    speech: Speech, enrolment: Enrolment, commitment: Commitment, starts_on: date, ends_on: date | None, now: datetime
) -> str:
    """The file's text, lines ended as the standard wants them."""
    days = [("start", starts_on, speech.gettext("%(course)s starts", course=enrolment.title))]
    if ends_on:
        days.append(("end", ends_on, speech.gettext("%(course)s ends", course=enrolment.title)))
    free_until = commitment.leaving_rows()[0].until_on
    if free_until and commitment.leaving_rows()[0].cents == 0:
        days.append(("free", free_until, speech.gettext("Last day to cancel at no cost: %(course)s", course=enrolment.title)))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tarjotin//enrolment//EN"]
    number = enrolment.number(speech.catalogue.network.time_zone).lower()
    for name, day, words in days:
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
