"""The home school's answer."""

from __future__ import annotations

import dataclasses

import pytest

from enrol_service.refusals.deciding import DeadlinePassed, ReasonMissing
from tests.enrol_service.cast import CAMILLA, CATALOGUE, P4, Office, day


def test_giving_places_whoever_holds_a_seat(office: Office) -> None:
    enrolled = office.enrol()
    assert office.give(enrolled)
    assert office.states(enrolled) == ("placed", "given")
    assert office.commitment(enrolled).decided_at == office.now


def test_giving_in_advance_keeps_the_place_in_line_until_a_seat_is_free(office: Office) -> None:
    first, _ = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    assert office.give(waiting)
    assert office.states(waiting) == ("queued", "given")
    office.withdraw(first)
    assert office.states(waiting) == ("offered", "given")
    assert office.accept(waiting)
    assert office.states(waiting) == ("placed", "given")


def test_refusing_frees_the_seat_for_the_first_in_line_with_a_new_deadline(office: Office) -> None:
    first, _ = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.later(days=2)
    assert office.refuse(first)
    assert office.states(first) == ("refused", "refused")
    assert office.states(waiting) == ("requested", "asked")
    assert office.commitment(waiting).answer_by_at == day("2026-11-30", "16:00")


def test_a_second_answer_changes_nothing(office: Office) -> None:
    enrolled = office.enrol()
    office.give(enrolled)
    before = office.commitment(enrolled)
    office.later(hours=1)
    assert not office.give(enrolled)
    assert not office.refuse(enrolled)
    assert office.commitment(enrolled) == before


@pytest.mark.parametrize("answer", ["give", "refuse"])
def test_an_answer_after_the_deadline_is_refused(office: Office, answer: str) -> None:
    enrolled = office.enrol()
    office.now = office.commitment(enrolled).answer_by_at
    with pytest.raises(DeadlinePassed):
        getattr(office, answer)(enrolled)
    assert office.states(enrolled) == ("requested", "asked")


def test_a_reason_that_the_agreement_does_not_have_is_refused(office: Office) -> None:
    enrolled = office.enrol()
    with pytest.raises(ReasonMissing):
        office.refuse(enrolled, "because")
    assert office.states(enrolled) == ("requested", "asked")


def test_who_decided_is_known_by_number_and_not_by_name_in_the_events(office: Office) -> None:
    enrolled = office.enrol()
    office.give(enrolled, CAMILLA)
    assert office.commitment(enrolled).decided_by_id == office.actor(CAMILLA).account_id


@pytest.mark.parametrize("left", ["no reasons", "no agreement"])
def test_a_request_is_refused_for_a_reason_that_has_left_the_content_since(office: Office, left: str) -> None:
    enrolled = office.enrol()
    ((key, agreement),) = CATALOGUE.agreements.items()
    other = dataclasses.replace(agreement, refusal_reasons=())
    office.catalogue = dataclasses.replace(CATALOGUE, agreements={key if left == "no reasons" else "another": other})
    assert office.refuse(enrolled)
    assert office.states(enrolled) == ("refused", "refused")
