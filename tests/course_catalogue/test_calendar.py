"""A calendar file says what its events say, to a reader that is not ours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_catalogue.calendar import OCTETS, Event, calendar, folded
from course_catalogue.calendar_zone import zone_lines

HELSINKI = ZoneInfo("Europe/Helsinki")
STAMPED = datetime(2026, 8, 1, 12, tzinfo=UTC)
# What the check of the content lets through: no control characters but line breaks.
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")) | st.just("\n"), min_size=1, max_size=300)


def event(**changed: object) -> Event:
    return Event(**{"uid": "one@tray.example", "summary": "Kurssi", "stamped_at": STAMPED, "starts": date(2026, 10, 5), **changed})  # type: ignore[arg-type]


def read(*events: Event) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(calendar(events, HELSINKI).encode())  # type: ignore[return-value]


@given(TEXTS)
def test_every_text_comes_back_as_it_was_written(text: str) -> None:
    found = read(event(summary=text, description=text)).events[0]
    assert (str(found["SUMMARY"]), str(found["DESCRIPTION"])) == (text, text)


@given(TEXTS.map(lambda text: text.replace("\n", "")))
def test_no_line_is_too_long_and_no_letter_is_cut(text: str) -> None:
    lines = folded(text).split("\r\n")
    assert all(len(line.encode()) <= OCTETS for line in lines)
    assert lines[0] + "".join(line[1:] for line in lines[1:]) == text


def test_days_end_with_the_first_day_that_is_no_more_of_them() -> None:
    found = read(event(last_on=date(2026, 11, 27)), event()).events
    assert [(one.start, one.end) for one in found] == [
        (date(2026, 10, 5), date(2026, 11, 28)),
        (date(2026, 10, 5), date(2026, 10, 6)),
    ]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 8, 15, 8, tzinfo=HELSINKI),
        datetime(2026, 10, 25, 3, 30, tzinfo=HELSINKI),  # the hour that comes twice
        datetime(2026, 12, 1, 16, tzinfo=HELSINKI),
        datetime(2027, 3, 28, 2, 59, tzinfo=HELSINKI),
        datetime(2027, 3, 28, 4, 0, tzinfo=HELSINKI),
    ],
)
def test_a_clock_time_is_that_minute_by_the_zone_that_the_file_tells_of(moment: datetime) -> None:
    """The reader is made to use the file's own table of the zone."""
    file = read(event(starts=moment))
    zone = file.timezones[0].to_tz(lookup_tzid=False)
    start = file.events[0].start
    assert start.replace(tzinfo=None) == moment.replace(tzinfo=None)
    assert start.replace(tzinfo=zone).utcoffset() == moment.utcoffset()


@pytest.mark.parametrize("name", ["Europe/Helsinki", "Europe/London", "Asia/Tokyo", "America/Sao_Paulo", "Australia/Lord_Howe"])
def test_a_zone_is_told_as_it_is_on_every_day_of_its_years(name: str) -> None:
    zone = ZoneInfo(name)
    text = "\r\n".join(zone_lines(zone, 2026, 2027)) + "\r\n"
    read_zone = icalendar.Timezone.from_ical(text).to_tz(lookup_tzid=False)
    day = datetime(2026, 1, 1, 12)  # noqa: DTZ001 - a clock time, looked at by two zones
    while day.year < 2028:
        assert day.replace(tzinfo=read_zone).utcoffset() == day.replace(tzinfo=zone).utcoffset(), day
        day += timedelta(days=1)


def test_a_change_has_a_higher_number_and_a_later_time() -> None:
    found = read(event(sequence=3, cancelled=True)).events[0]
    assert (found["SEQUENCE"], found["DTSTAMP"].dt, found["LAST-MODIFIED"].dt, found["STATUS"]) == (3, STAMPED, STAMPED, "CANCELLED")


def test_a_rule_of_the_zone_has_begun_before_every_event() -> None:
    """RFC 5545, 3.6.5. The first minute of a year comes before the one of Greenwich."""
    first = datetime(2027, 1, 1, tzinfo=HELSINKI)
    zone = read(event(starts=first)).walk("VTIMEZONE")[0]
    assert min(rule["DTSTART"].dt for rule in zone.subcomponents) <= first.replace(tzinfo=None)
