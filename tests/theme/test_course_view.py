"""What a course page shows at a moment: the offering in the tray, the prices, the price of leaving."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from course_catalogue.model import Catalogue
from course_catalogue.offering import in_order
from course_catalogue.price import price_for
from theme.course_view import course_view, school_choices

FORCE = "kuusikko/fy4-voima-ja-liike"


def at(catalogue: Catalogue, day: str, clock: str = "09:41") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=catalogue.network.time_zone)


@pytest.mark.parametrize(
    ("day", "clock", "shown", "state", "can_enrol"),
    [
        ("2026-08-01", "09:00", "2026-p2", "not_open", False),
        ("2026-09-01", "09:00", "2026-p2", "open", True),
        ("2026-11-23", "09:41", "2026-p3", "open", True),
        ("2026-11-27", "15:59", "2026-p3", "open", True),
        ("2026-11-27", "16:00", "2027-p4", "open", True),
        ("2027-02-01", "16:00", "2027-p4", "closed", False),
        ("2027-06-01", "12:00", "2027-p4", "ended", False),
    ],
)
def test_the_tray_tells_about_the_run_that_counts_now(
    catalogue: Catalogue, day: str, clock: str, shown: str, state: str, can_enrol: bool
) -> None:
    view = course_view(catalogue, catalogue.courses[FORCE], at(catalogue, day, clock))
    assert (view.shown.offering.id, view.shown.state, view.can_enrol) == (shown, state, can_enrol)


def test_the_form_sends_back_the_prices_of_its_runs(catalogue: Catalogue, now: datetime) -> None:
    view = course_view(catalogue, catalogue.courses[FORCE], now)
    assert view.prices_shown == "2026-p3:15000/20000 2027-p4:15000/20000"


def test_prices_are_those_of_the_one_function(catalogue: Catalogue, now: datetime) -> None:
    for course in catalogue.published():
        for one in course_view(catalogue, course, now).offerings:
            assert one.member == price_for(one.agreement, course, "kuusikko")
            assert one.outside == price_for(one.agreement, course, "rantakyla")


def test_leaving_is_free_until_the_eve_of_the_first_day(catalogue: Catalogue, now: datetime) -> None:
    view = course_view(catalogue, catalogue.courses[FORCE], now)
    assert view.shown.free_until == date(2026, 11, 29)
    assert view.shown.leaving_on(date(2026, 11, 29)).cents == 0
    assert view.shown.leaving_on(date(2026, 11, 30)).cents == 7500
    assert view.shown.leaving_on(date(2026, 12, 14)).cents == 15000


def test_runs_come_in_order_of_time_and_own_pace_last(catalogue: Catalogue) -> None:
    for course in catalogue.published():
        ordered = in_order(course)
        assert [one.nonstop for one in ordered] == sorted(one.nonstop for one in ordered)
        dated = [one.starts_on for one in ordered if one.starts_on]
        assert dated == sorted(dated)


def test_the_day_is_that_of_the_network(catalogue: Catalogue) -> None:
    after_midnight = at(catalogue, "2026-11-30", "00:30").astimezone(UTC)
    view = course_view(catalogue, catalogue.courses[FORCE], after_midnight)
    assert view.today == date(2026, 11, 30)


def test_the_day_is_the_last_one_that_changes_anything_on_the_page(catalogue: Catalogue) -> None:
    """FY4 has a run from 30.11. and one from 8.2.; in between its decisions and the steps of leaving, and New Year for the dates."""
    course, first = catalogue.courses[FORCE], date(2026, 11, 20)
    told = [course_view(catalogue, course, at(catalogue, str(first + timedelta(days=number)))).today for number in range(60)]
    assert all(day <= first + timedelta(days=number) for number, day in enumerate(told))
    turns = [str(day) for day in dict.fromkeys(told)]
    november, december = ["2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30"], ["2026-12-01", "2026-12-13", "2026-12-14", "2026-12-15"]
    assert turns[1:] == [*november, *december, "2027-01-01"]


def test_a_student_finds_the_own_school_among_members_or_others(catalogue: Catalogue) -> None:
    choices = school_choices(catalogue, "fi")
    assert [school for school, _ in choices["member"]] == ["kuusikko", "strand"]
    assert [school for school, _ in choices["outside"]] == ["rantakyla"]
