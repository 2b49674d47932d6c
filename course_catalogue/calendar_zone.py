"""A time zone as a calendar file tells of it (VTIMEZONE, RFC 5545 3.6.5): each change of its clocks in the years that are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@lru_cache(maxsize=100)
def zone_lines(zone: ZoneInfo, first_year: int, last_year: int) -> tuple[str, ...]:
    """The lines of the zone from the beginning of one year to the end of another."""
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone.key}"]
    start = datetime(first_year, 1, 1, tzinfo=UTC) - DAY  # the year may begin earlier there; every event needs a rule that has begun
    lines += _component(zone, start - MINUTE, start)  # what holds before the first change
    for before, after in _changes(zone, start, datetime(last_year + 1, 1, 1, tzinfo=UTC)):
        lines += _component(zone, before, after)
    return (*lines, "END:VTIMEZONE")


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The last minute before and the first minute of each change."""
    while start < end:
        if start.astimezone(zone).utcoffset() != (start + DAY).astimezone(zone).utcoffset():
            before, after = start, start + DAY
            while after - before > MINUTE:
                middle = before + (after - before) // 2 // MINUTE * MINUTE
                if middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset():
                    before = middle
                else:
                    after = middle
            yield before, after
        start += DAY


def _component(zone: ZoneInfo, before: datetime, after: datetime) -> list[str]:
    """One rule: the clock time at which it begins, told by the clocks of before."""
    was, now = before.astimezone(zone), after.astimezone(zone)
    kind = "DAYLIGHT" if now.dst() else "STANDARD"
    begins = (after + (was.utcoffset() or timedelta())).replace(tzinfo=None)
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{begins:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{was:%z}",
        f"TZOFFSETTO:{now:%z}",
        f"TZNAME:{now.tzname()}",
        f"END:{kind}",
    ]
