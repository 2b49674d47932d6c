"""The network's reports: no student, and no group from which one could be told."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrol_service.report.audience import Audience
from enrol_service.report.columns import TooFew
from enrol_service.report.document import Document, Question, make
from enrol_service.report.network import BY, FEWEST, GroupLine, _hidden_where_few, term_of, terms
from enrol_service.report.selection import Selection
from enrol_service.speech import Money, Speech
from enrol_service.tables import commitment, enrolment
from tests.enrol_service.cast import CAMILLA, CATALOGUE, PIA, Office, form, prices
from tests.enrol_service.report.scene import play, publish

NETWORK = Audience("network", "@network", accounts=True)
SPEECH = Speech("fi", CATALOGUE)
TODAY = date(2026, 11, 23)
MAA6 = "kuusikko/maa6-derivaatta"


def made(office: Office, report: str, by: str, term: str = "") -> Document:
    with office.database.read() as connection:
        return make(connection, SPEECH, Question(report, NETWORK, Selection(), TODAY, term, by), "page")


def enrol(office: Office, count: int, school_id: str, payer: str) -> list[int]:
    found = []
    for number in range(count):
        one = form(
            course_id=MAA6, offering_id="oma-tahti", email=f"s{number}@{school_id}.example", school_id=school_id, prices_shown=prices(MAA6)
        )
        found.append(office.enrol(one))
        office.give(found[-1], payer)
    return found


def test_groups_of_three_are_told_and_sums_with_them(office: Office) -> None:
    enrol(office, 3, "strand", CAMILLA)
    enrol(office, 4, "rantakyla", PIA)
    document = made(office, "participants", "home_school")
    assert document.rows == (
        ("Rantakylän lukio", 4, 4, 12, Money(80000, "EUR"), Money(0, "EUR")),
        ("Strandgymnasiet", 3, 3, 9, Money(24000, "EUR"), Money(0, "EUR")),
    )
    assert document.totals == (("Yhteensä", 7, 7, 21, Money(104000, "EUR"), Money(0, "EUR")),)


def test_a_small_group_and_the_one_it_could_be_reckoned_from_are_not_told(office: Office) -> None:
    enrol(office, 2, "strand", CAMILLA)
    enrol(office, 4, "rantakyla", PIA)
    document = made(office, "participants", "home_school")
    few, withheld = TooFew(), TooFew(withheld=True)
    assert document.rows == (("Rantakylän lukio", *[withheld] * 5), ("Strandgymnasiet", few, *[withheld] * 4))
    assert [few.words(SPEECH), withheld.words(SPEECH)] == ["alle 3", "ei näytetä"]
    assert [bar.told for bar in document.charts[0].bars] == ["ei näytetä", "ei näytetä"]
    assert [bar.share for bar in document.charts[0].bars] == [0, 0]
    assert document.totals[0][1] == 6


def test_a_place_given_up_for_nothing_is_counted_nowhere(office: Office) -> None:
    enrol(office, 4, "rantakyla", PIA)
    before = made(office, "participants", "home_school").rows
    assert before[0][2:5] == (4, 12, Money(80000, "EUR"))
    with office.database.write() as connection:
        connection.execute(enrolment.update().where(enrolment.c.id == 1).values(state="withdrawn"))
        connection.execute(commitment.update().where(commitment.c.enrolment_id == 1).values(state="released"))
    assert made(office, "participants", "home_school").rows[0][2:5] == (3, 9, Money(60000, "EUR"))


def test_the_total_of_two_students_is_not_told(office: Office) -> None:
    enrol(office, 2, "strand", CAMILLA)
    assert made(office, "participants", "subject").totals[0][1:] == (TooFew(), *[TooFew(withheld=True)] * 4)


def test_one_student_with_many_places_is_one(office: Office) -> None:
    play(office)
    document = made(office, "participants", "subject")
    assert all(isinstance(cell, TooFew) or cell >= FEWEST for cells in document.rows for cell in cells[1:2])  # type: ignore[operator]


@pytest.mark.parametrize(("report", "by"), [(report, by) for report in BY for by in BY[report]])
def test_no_grouping_names_a_student(office: Office, report: str, by: str) -> None:
    for number in play(office).values():
        publish(office, number, {"FY": ("9", 2)})
    document = made(office, report, by)
    assert document.rows
    assert not [cell for cells in document.rows for cell in cells if isinstance(cell, str) and ("@" in cell or "Korhonen" in cell)]


def test_completions_are_counted_by_grade(office: Office) -> None:
    strand, rantakyla = enrol(office, 4, "strand", CAMILLA), enrol(office, 3, "rantakyla", PIA)
    for number in strand:
        publish(office, number, {"MAA": ("9", 3)})
    for number in rantakyla:
        publish(office, number, {"MAA": ("4", 3)})
    document = made(office, "completions", "grade")
    assert document.rows == (("9", 4, 4, 12), ("4", 3, 3, 0))
    assert document.totals == (("Yhteensä", 7, 7, 12),)


def test_whole_years_are_not_to_choose_from() -> None:
    assert [one.id for one in terms(SPEECH)] == ["2027-spring", "2026-autumn"]
    assert term_of(SPEECH, "2026-2027", TODAY).id == "2026-autumn"
    assert term_of(SPEECH, "2027-spring", TODAY).id == "2027-spring"
    assert term_of(SPEECH, "", date(2031, 1, 1)).id == "2027-spring"


def group(name: str, persons: frozenset[str]) -> GroupLine:
    return GroupLine(name, persons, len(persons), 0, 0, 0, "EUR")


@given(st.lists(st.integers(1, 7), min_size=1, max_size=6))
def test_what_is_hidden_does_not_follow_from_the_total(sizes: list[int]) -> None:
    told = _hidden_where_few([group(str(number), frozenset(f"{number}-{one}" for one in range(size))) for number, size in enumerate(sizes)])
    assert sorted(one.places for one in told) == sorted(sizes)
    assert all(one.hidden for one in told if one.few)
    hidden = [one for one in told if one.hidden]
    if not hidden or len(hidden) == len(told):
        return  # then the total is not told either, where it tells
    total = sum(one.places for one in hidden)
    ranges = [range(1, FEWEST) if one.few else range(FEWEST, 8) for one in hidden]
    possible = [numbers for numbers in product(*ranges) if sum(numbers) == total]
    assert len(possible) > 1
