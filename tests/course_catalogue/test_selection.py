"""Inside one filter any value will do, every filter must hold, and the address holds the whole selection."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_catalogue.facet import FACETS, CourseFact, Found, facts_of, find
from course_catalogue.model import Catalogue
from course_catalogue.search import index_of
from course_catalogue.selection import ORDERS, Selection, month_of
from tests.course_catalogue.conftest import HELSINKI, NOW

FORCE, DERIVATIVE, HISTORY, TRIP = "fy4-voima-ja-liike", "maa6-derivaatta", "hi1-ihminen-ja-ymparisto", "yritysretki"
FYSIK, FEEDBACK = "fy1-fysik", "feedback-online"
ALL = [DERIVATIVE, FYSIK, FORCE, HISTORY, TRIP, FEEDBACK]
FULL = frozenset({("kuusikko/fy4-voima-ja-liike", "2026-p3"), ("kuusikko/fy4-voima-ja-liike", "2027-p4")})


@pytest.fixture(scope="module")
def facts(small: Catalogue) -> tuple[CourseFact, ...]:
    return facts_of(small, index_of(small).courses)


def asked(query: str) -> Selection:
    return Selection.from_pairs(parse_qsl(query))


def answer(small: Catalogue, facts: tuple[CourseFact, ...], query: str, now: datetime = NOW) -> Found:
    return find(small, facts, asked(query), now)


def names(facts: tuple[CourseFact, ...], found: Found) -> list[str]:
    return [facts[number].course.id.split("/")[1] for number in found.numbers]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ALL),
        ("subject=FY", [FYSIK, FORCE]),
        ("subject=FY&subject=HI", [FYSIK, FORCE, HISTORY]),
        ("subject=FY&school=strand", [FYSIK]),
        ("module=FY4", [FORCE]),
        ("module=FY4&module=MAA6", [DERIVATIVE, FORCE]),
        ("mode=independent&mode=virtual_class", [DERIVATIVE, HISTORY]),
        ("language=sv&language=en", [FYSIK, FEEDBACK]),
        ("credits=2", [FORCE, HISTORY, FEEDBACK]),
        ("credits=03", [DERIVATIVE]),
        ("level=lukio-aikuiset&level=opettajat", [FORCE, FEEDBACK]),
        ("month=nonstop", [DERIVATIVE]),
        ("month=2026-11", [FYSIK, FORCE]),
        ("month=2027-02", [FORCE]),
        ("open=1", [DERIVATIVE, FYSIK, FORCE, FEEDBACK]),
        ("free=1", [DERIVATIVE, FYSIK, FORCE, HISTORY, FEEDBACK]),
        ("open=1&month=2027-04", []),
        ("month=2027-04", [HISTORY]),
        ("month=2026-10", []),  # of a run that is over
        ("from=2027-02-01", [DERIVATIVE, FORCE, HISTORY]),
        ("from=2027-02-01&to=2027-02-28", [DERIVATIVE, FORCE]),
        ("to=2026-11-30", [DERIVATIVE, FYSIK, FORCE]),
        ("to=2026-08-01", [DERIVATIVE]),  # own pace, from the day on which enrolment opens
        ("to=2026-07-31", []),
        ("from=2027-02-01&to=2027-01-01&subject=FY", []),
        ("price=15000", [FYSIK, FORCE]),
        ("price=8000&price=12000", [DERIVATIVE, FEEDBACK]),
        ("price=20000", []),
        ("price=20000&buyer=outside", [DERIVATIVE, FYSIK, FORCE, HISTORY]),
        ("subject=XX", []),
        ("unknown=1&subject=", ALL),
        ("month=2026-13&credits=abc&open=yes&from=2026-02-30&price=x&order=x", ALL),
    ],
)
def test_filters_choose_courses(query: str, expected: list[str], small: Catalogue, facts: tuple[CourseFact, ...]) -> None:
    assert names(facts, answer(small, facts, query)) == expected


def test_a_full_run_has_no_places_but_stays_in_the_list(small: Catalogue, facts: tuple[CourseFact, ...]) -> None:
    free = find(small, facts, asked("free=1"), NOW, None, FULL)
    assert FORCE not in names(facts, free)
    assert FORCE in names(facts, find(small, facts, asked("open=1"), NOW, None, FULL))
    assert free.counts["free"]["1"] == len(free.numbers)


def test_all_that_is_asked_of_a_run_must_hold_for_one_and_the_same(small: Catalogue, facts: tuple[CourseFact, ...]) -> None:
    full = frozenset({("kuusikko/fy4-voima-ja-liike", "2026-p3")})
    assert FORCE in names(facts, find(small, facts, asked("free=1"), NOW, None, full))
    assert FORCE not in names(facts, find(small, facts, asked("free=1&month=2026-11"), NOW, None, full))


@pytest.mark.parametrize(
    "query",
    [
        *("", "open=1", "school=kuusikko", "month=2026-11", "open=1&month=2027-02", "mode=guided&language=fi", "from=2027-01-01&credits=2"),
        *(
            "price=15000&open=1",
            "module=FY4&module=HI1&free=1",
            "price=20000&buyer=outside&month=nonstop",
            "subject=FY&subject=HI&to=2026-12-31",
        ),
    ],
)
def test_a_count_is_the_number_of_courses_the_choice_alone_would_show(query: str, small: Catalogue, facts: tuple[CourseFact, ...]) -> None:
    """A filter's own choices are alternatives, so they do not count."""
    counts = answer(small, facts, query).counts
    pairs = [pair for pair in query.split("&") if pair]
    values = answer(small, facts, "buyer=outside" if "outside" in query else "").counts
    for name in FACETS:
        others = [pair for pair in pairs if not pair.startswith(f"{name}=")]
        for value in values[name]:
            alone = "&".join([*others, f"{name}={value}"])
            assert counts[name].get(value, 0) == len(answer(small, facts, alone).numbers), alone


def test_only_the_courses_that_a_text_finds_are_counted(small: Catalogue, facts: tuple[CourseFact, ...]) -> None:
    found = find(small, facts, Selection(), NOW, {2: 1.0, 0: 3.0})
    assert found.numbers == (0, 2)
    assert sum(found.counts["subject"].values()) == 2


def test_openness_follows_the_clock(small: Catalogue, facts: tuple[CourseFact, ...]) -> None:
    assert HISTORY in names(facts, answer(small, facts, "open=1", datetime(2027, 1, 11, 8, tzinfo=HELSINKI)))


def test_a_choice_can_be_taken_away() -> None:
    selection = asked("q=voima&subject=FY&subject=HI&credits=2&open=1&from=2026-11-01&to=2026-12-01&price=15000&order=title")
    assert selection.without("subject", "FY").subjects == ("HI",)
    assert selection.without("credits", "2").credits == ()
    assert selection.without("price", "15000").prices == ()
    assert selection.without("q").text == ""
    assert not selection.without("open").open
    assert (selection.without("starts").from_on, selection.without("starts").to_on) == (None, None)
    assert selection.without_filters() == Selection(text="voima", order="title")
    assert bool(selection)
    assert not Selection(order="title")


@pytest.mark.parametrize(
    ("query", "order"),
    [("", "subject"), ("q=voima", "fit"), ("order=fit", "subject"), ("order=title", "title"), ("q=voima&order=subject", "subject")],
)
def test_a_text_puts_the_best_first_unless_another_order_is_asked_for(query: str, order: str) -> None:
    assert asked(query).ordered_by == order


def test_whose_prices_is_told_only_where_prices_matter() -> None:
    assert asked("buyer=outside").pairs() == ()
    assert asked("buyer=outside&price=18000").pairs() == (("price", "18000"), ("buyer", "outside"))
    assert asked("buyer=outside&order=price").pairs() == (("buyer", "outside"), ("order", "price"))


def test_months_are_those_of_the_offerings(small: Catalogue) -> None:
    assert [month_of(one) for one in small.courses["kuusikko/fy4-voima-ja-liike"].offerings] == ["2026-10", "2026-11", "2027-02"]
    assert month_of(small.courses["kuusikko/maa6-derivaatta"].offerings[0]) == "nonstop"


parameters = st.sampled_from((*FACETS, "q", "from", "to", "order", "buyer", "x"))
values = st.text(max_size=8) | st.sampled_from(("FY", "2", "02", "2026-11", "nonstop", "1", "2027-02-29", "2026-11-30", "outside", *ORDERS))


@given(st.lists(st.tuples(parameters, values), max_size=8))
def test_any_address_is_read_and_written_back_to_the_same_selection(pairs: list[tuple[str, str]]) -> None:
    written = Selection.from_pairs(pairs).pairs()
    assert Selection.from_pairs(written).pairs() == written


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_days_survive_an_address(first: date, last: date) -> None:
    selection = Selection(from_on=first, to_on=last)
    assert Selection.from_pairs(selection.pairs()) == selection
