"""The waiting list, and what time does to it."""

from __future__ import annotations

import pytest

from enrol_service.tick import tick
from tests.enrol_service.cast import CATALOGUE, FY4, P4, Office, day, form, prices, with_offering


def test_the_first_in_line_gets_the_freed_seat(office: Office) -> None:
    first, _ = office.fill(2, offering_id=P4)
    waiting = [office.fill_one(f"waiting{number}@strand.example", P4) for number in range(3)]
    office.withdraw(first)
    assert [office.enrolment(one).state for one in waiting] == ["requested", "queued", "queued"]
    assert [office.rank(one) for one in waiting[1:]] == [1, 2]


def test_nobody_gets_a_seat_after_the_start(office: Office) -> None:
    first, _ = office.fill(2, offering_id=P4)
    office.give(first)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.now = day("2027-02-08", "00:00")
    office.withdraw(first)
    assert office.enrolment(waiting).state == "queued"
    tick(office.database, office.catalogue, office.now)
    assert office.states(waiting) == ("expired", "expired")


@pytest.mark.parametrize(
    ("clock", "approved", "state"),
    [("21:59", False, "requested"), ("22:01", False, "queued"), ("22:01", True, "placed"), ("23:59", True, "placed")],
)
def test_a_home_school_without_time_to_answer_is_not_asked(office: Office, clock: str, approved: bool, state: str) -> None:
    first, second = office.fill(2, offering_id=P4)
    office.give(first)
    waiting = office.fill_one("siiri@strand.example", P4)
    if approved:
        office.give(waiting)
    office.now = day("2027-02-07", clock)
    office.withdraw(first)
    assert office.enrolment(waiting).state == state
    assert office.enrolment(second).state == "requested"


def test_a_newcomer_in_the_last_hours_does_not_overtake_the_line_either(office: Office) -> None:
    office.catalogue = with_offering(CATALOGUE, FY4, P4, enrolment_closes_at=day("2027-02-07", "23:30"))
    first, _ = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.now = day("2027-02-07", "22:30")
    office.withdraw(first)
    newcomer = office.fill_one("uusi@strand.example", P4)
    assert [office.enrolment(one).state for one in (waiting, newcomer)] == ["queued", "queued"]


def test_a_line_is_served_on_the_eve_where_the_answer_may_come_on_the_first_day(office: Office) -> None:
    office.catalogue = with_offering(CATALOGUE, FY4, P4, enrolment_closes_at=day("2027-02-08", "16:00"))
    first, _ = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.now = day("2027-02-07", "23:30")
    office.withdraw(first)
    assert office.states(waiting) == ("requested", "asked")
    assert office.commitment(waiting).answer_by_at == day("2027-02-08", "16:00")


def test_whoever_was_approved_in_advance_and_got_no_place_costs_nothing(office: Office) -> None:
    office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.give(waiting)
    office.now = day("2027-02-08", "09:00")
    tick(office.database, office.catalogue, office.now)
    assert office.states(waiting) == ("expired", "released")


def test_an_unanswered_request_expires_and_its_seat_goes_on(office: Office) -> None:
    first, second = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.give(second)
    office.now = office.commitment(first).answer_by_at
    assert tick(office.database, office.catalogue, office.now) == 1
    assert office.states(first) == ("expired", "expired")
    assert office.states(waiting) == ("requested", "asked")
    assert tick(office.database, office.catalogue, office.now) == 0


def test_more_seats_in_the_file_let_the_line_in(office: Office) -> None:
    office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.catalogue = with_offering(CATALOGUE, FY4, P4, seats=3)
    tick(office.database, office.catalogue, office.now)
    assert office.states(waiting) == ("requested", "asked")


def test_a_newcomer_does_not_overtake_the_line(office: Office) -> None:
    office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.catalogue = with_offering(CATALOGUE, FY4, P4, seats=3)
    newcomer = office.fill_one("uusi@strand.example", P4)
    assert (office.enrolment(waiting).state, office.enrolment(newcomer).state) == ("requested", "queued")


def test_a_cancelled_run_gives_no_seats(office: Office) -> None:
    first, _ = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.catalogue = with_offering(CATALOGUE, FY4, P4, cancelled=True)
    office.withdraw(first)
    assert office.enrolment(waiting).state == "queued"


def test_seats_kept_for_a_school_are_let_go_on_the_day(office: Office) -> None:
    course = "strand/fy1-fysik"
    office.catalogue = with_offering(CATALOGUE, course, "2026-p3", seats=6)
    people = [
        office.enrol(form(course_id=course, school_id="rantakyla", email=f"s{number}@rantakyla.example", prices_shown=prices(course)))
        for number in range(3)
    ]
    assert [office.enrolment(one).state for one in people] == ["requested", "queued", "queued"]
    office.now = day("2026-11-26", "00:10")
    tick(office.database, office.catalogue, office.now)
    assert [office.enrolment(one).state for one in people] == ["requested", "requested", "requested"]


@pytest.mark.parametrize(
    ("asked", "deadline"),
    [
        ("2026-11-20T15:00", "2026-11-25T16:00"),  # Friday: the weekend does not count
        ("2026-11-21T12:00", "2026-11-25T16:00"),  # Saturday
        ("2026-11-25T17:00", "2026-11-29T23:59"),  # the course starts on Monday the 30th
        ("2026-11-27T15:59", "2026-11-29T23:59"),
    ],
)
def test_the_deadline_counts_weekdays_and_never_passes_the_start(office: Office, asked: str, deadline: str) -> None:
    office.now = day(*asked.split("T"))
    assert office.commitment(office.enrol()).answer_by_at == day(*deadline.split("T"))


def test_a_deadline_across_summer_time_keeps_its_hour(office: Office) -> None:
    course = "kuusikko/maa6-derivaatta"
    office.now = day("2027-03-25", "12:00")
    enrolled = office.enrol(form(course_id=course, offering_id="oma-tahti", prices_shown=prices(course)))
    assert office.commitment(enrolled).answer_by_at == day("2027-03-30", "16:00")
