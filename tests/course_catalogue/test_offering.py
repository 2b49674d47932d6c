"""Open is from the first minute up to the closing time; an offering ends with its last day in the network's zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from course_catalogue.model import Catalogue
from course_catalogue.offering import OfferingState, offering_state, preselected
from tests.course_catalogue.conftest import HELSINKI, NOW


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2026-08-15T07:59:59", "not_open"),
        ("2026-08-15T08:00:00", "open"),
        ("2026-11-27T15:59:59", "open"),
        ("2026-11-27T16:00:00", "closed"),
        ("2027-02-05T23:59:59", "closed"),
        ("2027-02-06T00:00:00", "ended"),
    ],
)
def test_a_dated_offering_opens_closes_and_ends(moment: str, state: OfferingState, small: Catalogue) -> None:
    course = small.courses["kuusikko/fy4-voima-ja-liike"]
    assert offering_state(course, course.offerings[1], at(moment)) == state
    assert offering_state(course, course.offerings[1], at(moment).astimezone(UTC)) == state


@pytest.mark.parametrize(
    ("moment", "state"),
    [("2026-07-31T12:00", "not_open"), ("2027-05-14T15:59", "open"), ("2027-05-14T16:00", "closed"), ("2027-09-11T16:00", "ended")],
)
def test_a_nonstop_offering_ends_when_the_last_student_has_used_up_the_days(moment: str, state: OfferingState, small: Catalogue) -> None:
    course = small.courses["kuusikko/maa6-derivaatta"]
    assert offering_state(course, course.offerings[0], at(moment)) == state


def test_cancelled_wins_over_the_clock(small: Catalogue) -> None:
    course, fysik = small.courses["kuusikko/yritysretki"], small.courses["strand/fy1-fysik"]
    assert offering_state(course, course.offerings[0], NOW) == "cancelled"
    assert [offering_state(fysik, one, NOW) for one in fysik.offerings] == ["open", "cancelled"]
    assert offering_state(fysik, fysik.offerings[1], NOW + timedelta(days=1000)) == "cancelled"


def test_drafts_are_not_open_and_archived_courses_have_ended(small: Catalogue) -> None:
    course = small.courses["kuusikko/fy4-voima-ja-liike"]
    assert offering_state(replace(course, status="draft"), course.offerings[1], NOW) == "not_open"
    assert offering_state(replace(course, status="archived"), course.offerings[1], NOW) == "ended"


def test_the_open_offering_that_closes_first_is_preselected(small: Catalogue) -> None:
    course = small.courses["kuusikko/fy4-voima-ja-liike"]
    assert preselected(course, NOW) == course.offerings[1]
    assert preselected(course, at("2026-12-01T08:00")) == course.offerings[2]
    assert preselected(course, at("2027-03-01T08:00")) is None


def test_a_dated_offering_is_preselected_before_a_nonstop_one_that_closes_sooner(small: Catalogue) -> None:
    dated = small.courses["kuusikko/fy4-voima-ja-liike"].offerings[2]
    nonstop = replace(small.courses["kuusikko/maa6-derivaatta"].offerings[0], enrolment_closes_at=NOW + timedelta(hours=1))
    course = replace(small.courses["kuusikko/fy4-voima-ja-liike"], offerings=(nonstop, dated))
    assert preselected(course, NOW) == dated
