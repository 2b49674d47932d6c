"""Offered seats: kept for the student until a stated hour, whose home school has committed in advance."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from enrol_service.enrolment.offer import accept
from enrol_service.enrolment.seats import seats_of
from enrol_service.events import THE_SERVICE, history
from enrol_service.refusals.base import IllegalStep
from enrol_service.refusals.deciding import RunCancelled
from enrol_service.refusals.queue import OfferExpired
from enrol_service.service import Service
from tests.enrol_service.cast import CAMILLA, CATALOGUE, FY4, P4, SARI, Office, day, with_offering
from tests.enrol_service.enrolment.test_waiting_list import mails
from tests.enrol_service.mail.every_language import texts


@pytest.fixture
def line(office: Office) -> list[int]:
    """The first two in line, both approved in advance, and then a seat that one of the others gives up."""
    first, _ = office.fill(2, offering_id=P4)
    waiting = [office.fill_one(f"waiting{number}@strand.example", P4) for number in range(2)]
    for one in waiting:
        office.give(one)
    office.withdraw(first)
    return waiting


def test_an_offer_holds_the_seat_for_the_agreements_hours(office: Office, line: list[int]) -> None:
    assert [office.states(one) for one in line] == [("offered", "given"), ("queued", "given")]
    assert office.enrolment(line[0]).offer_until_at == office.now + timedelta(hours=24)
    with office.database.read() as connection:
        assert seats_of(connection, FY4, P4).taken == 2
    newcomer = office.fill_one("uusi@strand.example", P4)
    assert office.enrolment(newcomer).state == "queued"


@pytest.mark.parametrize(
    ("offered", "hours", "until"),
    [
        ("2027-02-04T12:00", 24, "2027-02-05T12:00"),
        ("2027-02-07T12:00", 24, "2027-02-08T00:00"),  # the course starts
        ("2027-02-05T12:00", None, "2027-02-07T23:59"),  # as long as a home school has: to the eve of the start
        ("2027-01-18T12:00", None, "2027-01-21T16:00"),
    ],
)
def test_an_offer_ends_at_the_start_at_the_latest(office: Office, offered: str, hours: int | None, until: str) -> None:
    agreements = {name: dataclasses.replace(one, offer_answer_hours=hours) for name, one in CATALOGUE.agreements.items()}
    first, _ = office.fill(2, offering_id=P4)
    office.give(first)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.give(waiting)
    office.catalogue = dataclasses.replace(CATALOGUE, agreements=agreements)
    office.now = day(*offered.split("T"))
    office.withdraw(first)
    assert office.enrolment(waiting).offer_until_at == day(*until.split("T"))


def test_accepting_gives_the_place_once(office: Office, line: list[int]) -> None:
    assert office.accept(line[0])
    assert office.states(line[0]) == ("placed", "given")
    assert not office.accept(line[0])
    assert [kind for kind, to in mails(office, line[0]) if to.startswith("waiting0")] == ["receipt", "approved", "offer", "placed"]


def test_a_home_school_may_accept_for_its_student_and_nobody_else(office: Office, line: list[int]) -> None:
    for actor in (THE_SERVICE, office.actor(SARI, "order_queue")):
        with pytest.raises(IllegalStep), office.database.write() as connection:
            accept(connection, office.catalogue, line[0], actor, office.now)
    actor = office.actor(CAMILLA)
    with office.database.write() as connection:
        assert accept(connection, office.catalogue, line[0], actor, office.now)


def test_declining_costs_nothing_and_the_seat_goes_on(office: Office, line: list[int]) -> None:
    assert office.withdraw(line[0])
    assert office.states(line[0]) == ("withdrawn", "released")
    assert office.commitment(line[0]).charged_cents is None
    assert office.enrolment(line[1]).state == "offered"
    assert not office.accept(line[0])


def test_an_hour_that_has_passed_is_refused_and_then_the_next_is_offered_the_seat(office: Office, line: list[int]) -> None:
    office.later(hours=24)
    with pytest.raises(OfferExpired):
        office.accept(line[0])
    assert office.states(line[0]) == ("offered", "given")
    assert office.tick() >= 1
    assert [office.states(one) for one in line] == [("expired", "released"), ("offered", "given")]
    assert office.enrolment(line[1]).offer_until_at == office.now + timedelta(hours=24)
    assert mails(office, line[0])[-1] == ("offer_lapsed", "waiting0@strand.example")
    assert office.tick() == 0
    assert not office.accept(line[0])


def test_a_seat_of_a_cancelled_run_is_not_accepted(office: Office, line: list[int]) -> None:
    office.catalogue = with_offering(CATALOGUE, FY4, P4, cancelled=True)
    with pytest.raises(RunCancelled):
        office.accept(line[0])
    office.tick()
    assert office.states(line[0]) == ("cancelled", "released")


def test_an_offer_is_the_services_step(office: Office, line: list[int]) -> None:
    with office.database.read() as connection:
        events = [(one.step, one.actor_kind) for one in history(connection, line[0]) if one.noun == "enrolment"]
    assert events == [("queue", "student"), ("offer", "service")]


def test_the_mails_say_until_when(service: Service, office: Office, line: list[int]) -> None:
    subjects, bodies = texts(service, office, "offer", line[0])
    assert subjects["en"] == "A place is kept for you: accept by Tue 24 November, 9:52"
    assert subjects["fi"] == "Sinulle on varattu paikka: ota se vastaan viimeistään ti 24.11. klo 9.52"
    assert "tis 24.11 kl. 9.52" in bodies["sv"]
    office.later(hours=24)
    office.tick()
    subjects, bodies = texts(service, office, "offer_lapsed", line[0])
    assert subjects["en"] == "The place has gone to the next in line"
    assert "24.11. klo 9.52 asti" in bodies["fi"]
    assert texts(service, office, "offer", line[0]) == ({}, {}), "no longer true"
    assert texts(service, office, "offer_lapsed", line[1]) == ({}, {})
