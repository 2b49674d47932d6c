"""Calendars hold every run with its days and its minutes, read by a library that is not ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import icalendar
import pytest

from course_catalogue.model import Catalogue, Course, Offering
from tests.tray_site.files.conftest import files_of, planned, runs
from tray_site.files.calendars import MOST

Told = tuple[Catalogue, Mapping[str, bytes]]


def events(files: Mapping[str, bytes], address: str) -> dict[str, Any]:
    """The events of a calendar by their UID without the host."""
    text = files[address]
    assert all(len(line) <= 75 for line in text.split(b"\r\n")), address
    assert b"\n" not in text.replace(b"\r\n", b"")
    found = icalendar.Calendar.from_ical(text)
    assert found.errors == []
    return {str(event["UID"]).partition("@")[0]: event for event in found.walk("VEVENT")}


def expected(course: Course, one: Offering) -> dict[str, tuple[object, object]]:
    """Start and end of each event of a run."""
    name = f"{course.id}/{one.id}"
    found: dict[str, tuple[object, object]] = {
        f"{name}/opens": (one.enrolment_opens_at, None),
        f"{name}/closes": (one.enrolment_closes_at, None),
    }
    if one.starts_on and one.ends_on:
        found[f"{name}/run"] = (one.starts_on, one.ends_on + timedelta(days=1))
    return found


def dates(event: Any) -> tuple[object, object]:
    return event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else None


def test_every_run_of_the_sample_stands_in_its_course_s_calendar(sample: Catalogue, sample_files: Mapping[str, bytes]) -> None:
    for course in sample.published():
        found = events(sample_files, f"/courses/{course.id}.ics")
        wanted = {name: both for one in course.offerings for name, both in expected(course, one).items()}
        assert {name: dates(event) for name, event in found.items()} == wanted
        for event in found.values():
            assert str(event["URL"]).endswith(f"/courses/{course.id}.html")


@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
def test_a_school_s_and_a_subject_s_calendar_hold_the_runs_of_their_courses(
    sample: Catalogue, sample_files: Mapping[str, bytes], prefix: str
) -> None:
    by_address: dict[str, set[str]] = {}
    for course, one in runs(sample):
        for address in (f"{prefix}/schools/{course.school_id}.ics", f"{prefix}/subjects/{course.subject_id.lower()}.ics"):
            by_address.setdefault(address, set()).update(expected(course, one))
    for address, wanted in by_address.items():
        assert set(events(sample_files, address)) == wanted, address


def test_an_event_speaks_the_language_of_its_calendar(told: Told) -> None:
    _, files = told
    name = "kuusikko/fy4-voima-ja-liike/2026-p3/closes"
    said = [str(events(files, f"{prefix}/schools/kuusikko.ics")[name]["SUMMARY"]) for prefix in ("", "/sv", "/en")]
    assert said[0] == "Haku päättyy: FY4 Voima ja liike"
    assert said[1].startswith("Anmälan stänger: ")
    assert said[2].startswith("Enrolment closes: ")


def test_a_course_s_calendar_is_in_the_language_it_is_taught_in(told: Told) -> None:
    _, files = told
    assert str(events(files, "/courses/strand/fy1-fysik.ics")["strand/fy1-fysik/2026-p3/opens"]["SUMMARY"]).startswith("Anmälan öppnar: ")
    assert b"/sv/courses/strand/fy1-fysik.html" in files["/courses/strand/fy1-fysik.ics"].replace(b"\r\n ", b"")


def test_what_is_cancelled_is_so_in_the_calendar(sample: Catalogue, sample_files: Mapping[str, bytes], told: Told) -> None:
    seen = set()
    for catalogue, files in ((sample, sample_files), told):
        for course, one in runs(catalogue):
            found = events(files, f"/courses/{course.id}.ics")
            cancelled = one.cancelled or course.status == "cancelled"
            seen.add(cancelled)
            assert {str(found[name]["STATUS"]) for name in expected(course, one)} == {"CANCELLED" if cancelled else "CONFIRMED"}
    assert seen == {True, False}


def test_a_change_is_stamped_with_its_commit_and_has_a_higher_number(told: Told) -> None:
    _, files = told
    changed = events(files, "/courses/kuusikko/fy4-voima-ja-liike.ics").popitem()[1]
    unchanged = events(files, "/courses/strand/fy1-fysik.ics").popitem()[1]
    assert (changed["DTSTAMP"].dt.isoformat(), changed["LAST-MODIFIED"].dt, changed["SEQUENCE"]) == (
        "2026-11-20T10:00:00+00:00",
        changed["DTSTAMP"].dt,
        111,  # days since the first of August
    )
    assert (unchanged["DTSTAMP"].dt.isoformat(), unchanged["SEQUENCE"]) == ("2026-08-01T05:00:00+00:00", 0)


def test_the_same_run_is_one_event_in_every_calendar(told: Told) -> None:
    _, files = told
    own = icalendar.Calendar.from_ical(files["/courses/kuusikko/fy4-voima-ja-liike.ics"])
    school = icalendar.Calendar.from_ical(files["/en/schools/kuusikko.ics"])
    assert {str(one["UID"]) for one in own.walk("VEVENT")} <= {str(one["UID"]) for one in school.walk("VEVENT")}


def test_the_calendar_of_a_very_large_school_holds_the_runs_that_end_last(sample: Catalogue) -> None:
    course = sample.published()[0]
    one = course.offerings[0]
    many = tuple(
        replace(one, id=f"r{number:03}", nonstop=False, starts_on=day, ends_on=day)
        for number in range(MOST + 5)
        for day in [sample.network.school_year_starts_on + timedelta(days=number // 2)]
    )
    one_course = replace(sample, courses={course.id: replace(course, offerings=many)})
    found = events(files_of(planned(one_course)), f"/schools/{course.school_id}.ics")
    assert {name.split("/")[2] for name in found} == {
        f"r{number:03}" for number in range(5, MOST + 5)
    }  # the first of the days are left out
