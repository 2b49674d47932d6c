"""The price of leaving, by hand-computed cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from course_catalogue.leaving import dated_from, leaving_table, row_on
from course_catalogue.model import Agreement, Catalogue, LeavingStep, Offering, Text

Anchor = Literal["enrolled", "starts", "first_contact"]


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


def dated(small: Catalogue) -> Offering:
    return small.courses["kuusikko/fy4-voima-ja-liike"].offerings[1]  # 30.11.2026–5.2.2027


def with_steps(small: Catalogue, *steps: tuple[Anchor, int, int]) -> Agreement:
    because = Text("fi", {"fi": "Syy."})
    made = tuple(LeavingStep(f"s{place}", anchor, days, share, because) for place, (anchor, days, share) in enumerate(steps))
    return replace(small.agreements["2026-2027"], leaving=made, leaving_nonstop=made)


def rows(
    agreement: Agreement, offering: Offering, cents: int = 15000, enrolled_on: date | None = None, contact: date | None = None
) -> list[tuple[object, ...]]:
    return [(row.from_on, row.until_on, row.cents, row.step_id) for row in leaving_table(agreement, offering, cents, enrolled_on, contact)]


def test_before_the_first_step_nothing_is_owed(small: Catalogue) -> None:
    assert rows(small.agreements["2026-2027"], dated(small)) == [
        (None, day(11, 29), 0, None),
        (day(11, 30), day(12, 13), 7500, "alku"),
        (day(12, 14), None, 15000, "kaksi-viikkoa"),
    ]


def test_who_enrols_late_does_not_see_the_rows_that_are_over(small: Catalogue) -> None:
    assert rows(small.agreements["2026-2027"], dated(small), enrolled_on=day(12, 1)) == [
        (day(11, 30), day(12, 13), 7500, "alku"),
        (day(12, 14), None, 15000, "kaksi-viikkoa"),
    ]


def test_a_step_without_a_day_yet_tells_its_anchor(small: Catalogue) -> None:
    nonstop = small.courses["kuusikko/maa6-derivaatta"].offerings[0]
    first, last = leaving_table(small.agreements["2026-2027"], nonstop, 8000)
    assert (first.from_on, first.until_on, first.cents) == (None, None, 0)
    assert (last.from_on, last.anchor, last.days, last.cents) == (None, "first_contact", 14, 8000)
    assert row_on((first, last), day(12, 24)) == first
    assert rows(small.agreements["2026-2027"], nonstop, 8000, contact=day(12, 1)) == [
        (None, day(12, 14), 0, None),
        (day(12, 15), None, 8000, "yhteys"),
    ]


def test_a_later_step_that_comes_before_an_earlier_one_overtakes_it(small: Catalogue) -> None:
    agreement = with_steps(small, ("enrolled", 7, 20), ("starts", 0, 100))
    assert rows(agreement, dated(small), enrolled_on=day(11, 28)) == [(None, day(11, 29), 0, None), (day(11, 30), None, 15000, "s1")]
    assert rows(agreement, dated(small), enrolled_on=day(11, 1)) == [
        (None, day(11, 7), 0, None),
        (day(11, 8), day(11, 29), 3000, "s0"),
        (day(11, 30), None, 15000, "s1"),
    ]


def test_steps_may_come_before_the_start(small: Catalogue) -> None:
    assert rows(with_steps(small, ("starts", -7, 50)), dated(small)) == [(None, day(11, 22), 0, None), (day(11, 23), None, 7500, "s0")]


def test_half_a_cent_is_rounded_up(small: Catalogue) -> None:
    agreement = with_steps(small, ("starts", 0, 50))
    assert [leaving_table(agreement, dated(small), cents)[1].cents for cents in (1, 3, 4, 15001, 0)] == [1, 2, 2, 7501, 0]


def test_the_row_of_a_day_is_the_last_that_has_begun(small: Catalogue) -> None:
    table = leaving_table(small.agreements["2026-2027"], dated(small), 15000)
    assert [row_on(table, one).cents for one in (day(11, 29), day(11, 30), day(12, 13), day(12, 14))] == [0, 7500, 7500, 15000]
    late = leaving_table(small.agreements["2026-2027"], dated(small), 15000, day(12, 20))
    assert row_on(late, day(12, 20)).cents == 15000


def test_without_steps_leaving_costs_nothing(small: Catalogue) -> None:
    assert rows(with_steps(small), dated(small)) == [(None, None, 0, None)]


def test_first_contact_dates_the_promised_rows_as_if_it_had_been_known(small: Catalogue) -> None:
    nonstop = small.courses["kuusikko/maa6-derivaatta"].offerings[0]
    agreements = (
        small.agreements["2026-2027"],
        with_steps(small, ("enrolled", 14, 10), ("first_contact", 0, 50), ("first_contact", 30, 100)),
        with_steps(small, ("first_contact", 0, 20), ("enrolled", 60, 100)),
    )
    for agreement in agreements:
        promised = leaving_table(agreement, nonstop, 8000, enrolled_on=day(11, 1))
        for contact in (day(11, 1), day(11, 20), day(12, 31)):
            known = leaving_table(agreement, nonstop, 8000, enrolled_on=day(11, 1), first_contact_on=contact)
            days = [day(11, 1) + timedelta(days=number) for number in range(120)]
            assert [row_on(dated_from(promised, contact), one) for one in days if one >= contact] == [
                row_on(known, one) for one in days if one >= contact
            ]
            assert dated_from(promised, contact)[-2:] == known[-2:]


def test_rows_that_do_not_wait_for_first_contact_keep_their_days(small: Catalogue) -> None:
    promised = leaving_table(small.agreements["2026-2027"], dated(small), 15000)
    assert dated_from(promised, day(11, 20)) == promised


def test_without_first_contact_no_row_that_waits_for_it_has_a_day(small: Catalogue) -> None:
    agreement, nonstop = small.agreements["2026-2027"], small.courses["kuusikko/maa6-derivaatta"].offerings[0]
    promised = leaving_table(agreement, nonstop, 8000, enrolled_on=day(11, 1))
    assert dated_from(promised, None) == promised
    assert dated_from(dated_from(promised, day(11, 20)), None) == promised
