"""Leaving, and what it costs the home school. The small network's agreement: 50 % from the start, 100 % after two weeks."""

from __future__ import annotations

import pytest

from enrol_service.enrolment.withdraw import leaving_step, withdraw
from enrol_service.events import THE_STUDENT
from enrol_service.refusals.deciding import LeavingPriceChanged
from tests.enrol_service.cast import P3, Office, day, form, prices

MAA6 = "kuusikko/maa6-derivaatta"


@pytest.mark.parametrize(
    ("on", "state", "cents"),
    [
        ("2026-11-24", "released", None),
        ("2026-11-29", "released", None),
        ("2026-11-30", "charged", 7500),
        ("2026-12-13", "charged", 7500),
        ("2026-12-14", "charged", 15000),
        ("2027-02-01", "charged", 15000),
    ],
)
def test_leaving_costs_what_was_promised_for_the_day(office: Office, on: str, state: str, cents: int | None) -> None:
    enrolled = office.enrol()
    office.give(enrolled)
    office.now = day(on)
    assert office.withdraw(enrolled)
    commitment = office.commitment(enrolled)
    assert (office.enrolment(enrolled).state, commitment.state, commitment.charged_cents) == ("withdrawn", state, cents)


def test_leaving_before_the_home_school_has_answered_costs_nothing(office: Office) -> None:
    enrolled = office.enrol()
    office.withdraw(enrolled)
    assert office.states(enrolled) == ("withdrawn", "released")


def test_leaving_a_course_at_the_own_pace_costs_nothing_before_first_contact(office: Office) -> None:
    enrolled = office.enrol(form(course_id=MAA6, offering_id="oma-tahti", prices_shown=prices(MAA6)))
    office.give(enrolled)
    office.now = day("2027-03-01")
    office.withdraw(enrolled)
    assert office.states(enrolled) == ("withdrawn", "released")


def test_leaving_twice_is_leaving_once(office: Office) -> None:
    enrolled = office.enrol(form(offering_id=P3))
    assert office.withdraw(enrolled)
    assert not office.withdraw(enrolled)


def test_nobody_leaves_a_course_that_is_over(office: Office) -> None:
    enrolled = office.enrol()
    office.give(enrolled)
    office.now = day("2027-02-06", "00:00")
    assert not office.withdraw(enrolled)
    assert office.states(enrolled) == ("placed", "given")
    office.now = day("2027-02-05", "23:59")
    assert office.withdraw(enrolled)


def test_who_has_begun_to_study_interrupts_at_the_price_of_the_day(office: Office) -> None:
    enrolled = office.enrol()
    office.give(enrolled)
    office.now = day("2026-12-02")
    office.start(enrolled, "2026-12-01")
    assert leaving_step(office.enrolment(enrolled), office.catalogue, office.now) == "interrupt"
    assert office.withdraw(enrolled)
    commitment = office.commitment(enrolled)
    assert (office.enrolment(enrolled).state, commitment.state, commitment.charged_cents) == ("interrupted", "charged", 7500)


def test_leaving_the_line_moves_those_behind_up(office: Office) -> None:
    office.fill(2, offering_id="2027-p4")
    waiting = [office.fill_one(f"waiting{number}@strand.example", "2027-p4") for number in range(3)]
    office.withdraw(waiting[0])
    assert [office.rank(one) for one in waiting[1:]] == [1, 2]


@pytest.mark.parametrize("shown", [0, 15000])
def test_leaving_at_another_price_than_was_shown_is_refused(office: Office, shown: int) -> None:
    """The page was opened at 23.59 and the button pressed at 0.01."""
    enrolled = office.enrol()
    office.give(enrolled)
    office.now = day("2026-11-30", "00:01")
    with office.database.write() as connection, pytest.raises(LeavingPriceChanged) as refused:
        withdraw(connection, office.catalogue, enrolled, THE_STUDENT, office.now, price_shown=shown)
    assert [refused.value.facts[name].cents for name in ("old", "new")] == [shown, 7500]  # type: ignore[attr-defined]
    assert office.states(enrolled) == ("placed", "given")
    with office.database.write() as connection:
        assert withdraw(connection, office.catalogue, enrolled, THE_STUDENT, office.now, price_shown=7500)
    assert office.commitment(enrolled).charged_cents == 7500


def test_whoever_has_left_already_is_told_no_price(office: Office) -> None:
    enrolled = office.enrol()
    office.withdraw(enrolled)
    with office.database.write() as connection:
        assert not withdraw(connection, office.catalogue, enrolled, THE_STUDENT, office.now, price_shown=7500)
