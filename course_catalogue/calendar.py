"""A calendar as a file (RFC 5545), for the site's calendars and the service's: the one place that knows how it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from course_catalogue.calendar_zone import zone_lines

OCTETS = 75  # of a content line without its line break (RFC 5545, 3.1)
PRODUCT = "-//Tarjotin//Tarjotin//EN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that takes whole days, or happens at one minute.

    `uid` is the same in every later file; `stamped_at` is when what it says was last changed, `sequence` how often before.
    """

    uid: str
    summary: str
    stamped_at: datetime
    starts: date | datetime  # a date: whole days up to and with `last_on`; an aware instant: that minute
    last_on: date | None = None
    sequence: int = 0
    description: str = ""
    location: str = ""
    url: str = ""
    cancelled: bool = False


def calendar(events: Sequence[Event], zone: ZoneInfo, *, name: str = "", url: str = "") -> str:
    """The file's text, lines ended as the standard wants them; clock times in `zone`.

    `name` and `url` are those of the calendar, for who subscribes to it.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    if name:
        lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"]  # RFC 7986, and what was before it
    if url:
        lines.append(f"URL:{url}")
    years = [event.starts.astimezone(zone).year for event in events if isinstance(event.starts, datetime)]
    if years:
        lines += zone_lines(zone, min(years), max(years))
    for event in events:
        lines += _event(event, zone)
    return "".join(f"{folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def _event(event: Event, zone: ZoneInfo) -> Iterator[str]:
    stamp = f"{event.stamped_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield from ("BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{stamp}", f"LAST-MODIFIED:{stamp}", f"SEQUENCE:{event.sequence}")
    if isinstance(event.starts, datetime):
        yield f"DTSTART;TZID={zone.key}:{event.starts.astimezone(zone):%Y%m%dT%H%M%S}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.starts:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{(event.last_on or event.starts) + timedelta(days=1):%Y%m%d}"  # the first day that is no more of it
    yield f"SUMMARY:{_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    if event.location:
        yield f"LOCATION:{_text(event.location)}"
    if event.url:
        yield f"URL:{event.url}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield from ("TRANSP:TRANSPARENT", "END:VEVENT")  # takes nobody's time: a course is studied beside other things


def _text(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11)."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n")


def folded(line: str) -> str:
    """A long line goes on after a line break and a space, never inside a letter."""
    octets = line.encode()
    if len(octets) <= OCTETS:
        return line
    parts: list[bytes] = []
    start, room = 0, OCTETS
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0b1100_0000 == 0b1000_0000:  # inside a letter of several octets
            end -= 1
        parts.append(octets[start:end])
        start, room = end, OCTETS - 1  # the space takes one
    return b"\r\n ".join([*parts, octets[start:]]).decode()
