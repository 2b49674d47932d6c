"""Every refusal has a status, and a sentence in each language."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from importlib import import_module
from pkgutil import iter_modules

import pytest

from enrol_service import refusals
from enrol_service.refusals.api import BodyWrong
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.enrolling import FormRefused, PriceChanged
from enrol_service.refusals.run import MessageRefused
from enrol_service.speech import Money, Speech
from tests.enrol_service.cast import CATALOGUE

for room in iter_modules(refusals.__path__):
    import_module(f"{refusals.__name__}.{room.name}")
EVERY = sorted(Refusal.__subclasses__(), key=lambda one: one.__name__)
FACTS = {
    "scale": "4–10",
    "opens_at": datetime(2026, 8, 15, 5, tzinfo=UTC),
    "closed_at": datetime(2026, 11, 23, 14, tzinfo=UTC),
    "answer_by_at": datetime(2026, 11, 26, 14, tzinfo=UTC),
    "old": Money(15000, "EUR"),
    "new": Money(16000, "EUR"),
    "most": 100,
    "heading": "Nimi",
    "row": 2,
    "runs": "2026-p3, 2027-p4",
    "offer_until_at": datetime(2026, 11, 24, 7, 52, tzinfo=UTC),
    "last": 4,
    "ended_on": date(2027, 4, 9),
    "day": date(2026, 11, 30),
    "at": datetime(2026, 11, 23, 8, tzinfo=UTC),
    "who": "Sari Kivi",
    "when": datetime(2026, 11, 23, 8, tzinfo=UTC),
    "school": "Kuusikon lukio",
    "scope": "requests:decide",
}


def made(refusal: type[Refusal]) -> Refusal:
    if refusal in (FormRefused, MessageRefused):
        return refusal(())
    if refusal is BodyWrong:
        return BodyWrong([])
    return refusal(**{name: FACTS[name] for name in re.findall(r"%\((\w+)\)s", refusal.text)})


@pytest.mark.parametrize("refusal", EVERY, ids=lambda one: one.__name__)
def test_a_refusal_has_a_status(refusal: type[Refusal]) -> None:
    assert 400 <= refusal.status <= 599


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("refusal", EVERY, ids=lambda one: one.__name__)
def test_a_refusal_says_one_thing_in_each_language(refusal: type[Refusal], language: str) -> None:
    sentence = Speech(language, CATALOGUE).say(made(refusal))
    assert sentence
    assert "%(" not in sentence
    assert not re.search(r"\d{4}-\d{2}-\d{2}|EUR", sentence)
    if language != "en":
        assert sentence != Speech("en", CATALOGUE).say(made(refusal))


def test_a_changed_price_is_said_with_both_sums() -> None:
    refusal = PriceChanged(old=Money(15000, "EUR"), new=Money(16000, "EUR"))
    assert Speech("en", CATALOGUE).say(refusal) == "The price changed from €150.00 to €160.00. Check and send again."
    assert "150,00\u00a0€" in Speech("fi", CATALOGUE).say(refusal)
