"""Prices of the small network, by hand: every course for a member and for a school outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from course_catalogue.model import Agreement, Catalogue, PriceRule, Text
from course_catalogue.price import NoAgreement, NoPrice, agreement_for, price_for

WHY = Text("fi", {"fi": "Syy."})


@pytest.mark.parametrize(
    ("course", "member", "outside", "rules"),
    [
        ("kuusikko/fy4-voima-ja-liike", 15000, 20000, ("ohjattu", "ulkopuolinen")),
        ("kuusikko/maa6-derivaatta", 8000, 20000, ("itsenainen", "ulkopuolinen")),
        ("kuusikko/hi1-ihminen-ja-ymparisto", 16000, 20000, ("virtuaali", "ulkopuolinen")),
        ("kuusikko/yritysretki", 15000, 20000, ("ohjattu", "ulkopuolinen")),
        ("strand/fy1-fysik", 15000, 20000, ("ohjattu", "ulkopuolinen")),
        ("strand/feedback-online", 12000, 12000, ("opettajat", "opettajat")),
    ],
)
def test_prices_of_the_small_network(course: str, member: int, outside: int, rules: tuple[str, str], small: Catalogue) -> None:
    agreement = small.agreements["2026-2027"]
    quotes = [price_for(agreement, small.courses[course], school) for school in ("strand", "rantakyla")]
    assert [(quote.cents, quote.currency, quote.buyer) for quote in quotes] == [(member, "EUR", "member"), (outside, "EUR", "outside")]
    assert tuple(quote.rule.id for quote in quotes) == rules


def with_rule(small: Catalogue, **conditions: object) -> Agreement:
    special = PriceRule(id="special", amount_cents=100, per="course", because=WHY, **conditions)  # type: ignore[arg-type]
    agreement = small.agreements["2026-2027"]
    return replace(agreement, prices=(special, *agreement.prices))


@pytest.mark.parametrize(
    ("conditions", "matches"),
    [
        ({}, True),
        ({"buyer": "outside"}, False),
        ({"mode": "guided"}, True),
        ({"mode": "independent"}, False),
        ({"min_credits": 2}, True),
        ({"min_credits": 3}, False),
        ({"max_credits": 2}, True),
        ({"max_credits": 1}, False),
        ({"audience": "lukio-aikuiset"}, True),
        ({"audience": "opettajat"}, False),
        ({"courses": ("kuusikko/fy4-voima-ja-liike",)}, True),
        ({"courses": ("strand/fy1-fysik",)}, False),
        ({"buyer": "member", "mode": "guided", "min_credits": 3}, False),
    ],
    ids=str,
)
def test_a_rule_matches_when_every_condition_holds(conditions: dict[str, object], matches: bool, small: Catalogue) -> None:
    quote = price_for(with_rule(small, **conditions), small.courses["kuusikko/fy4-voima-ja-liike"], "strand")
    assert (quote.rule.id == "special") == matches


def test_the_agreement_is_that_of_the_first_day_or_of_the_closing_day(small: Catalogue) -> None:
    for course in small.published():
        for offering in course.offerings:
            assert agreement_for(small, offering).id == "2026-2027"


def test_a_day_without_an_agreement_is_refused(small: Catalogue) -> None:
    offering = replace(small.courses["kuusikko/fy4-voima-ja-liike"].offerings[0], starts_on=date(2027, 8, 1))
    with pytest.raises(NoAgreement):
        agreement_for(small, offering)


def test_a_course_without_a_price_is_refused(small: Catalogue) -> None:
    agreement = replace(small.agreements["2026-2027"], prices=())
    with pytest.raises(NoPrice):
        price_for(agreement, small.courses["strand/fy1-fysik"], "strand")
