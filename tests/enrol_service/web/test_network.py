"""What the network's coordinator sees: schools, what has been done, mail that did not arrive, and nobody's personal data."""

from __future__ import annotations

import pytest
from flask import Flask

from enrol_service import tables
from enrol_service.journal import journal, undelivered
from enrol_service.mail import outbox
from tests.enrol_service.cast import CAMILLA, NOW, P4, Office, form
from tests.enrol_service.conftest import Post
from tests.enrol_service.reader import Reader
from tests.enrol_service.walk import sign_in

COORDINATOR = "verkosto@pikku.example"


@pytest.fixture
def coordinator(app: Flask, post: Post) -> Reader:
    reader = Reader(app)
    sign_in(reader, post, COORDINATOR)
    return reader


def test_the_coordinator_starts_at_the_network(coordinator: Reader) -> None:
    assert coordinator.heading == "Pikkuverkosto"
    assert coordinator.says("Yksikään oppilaitos ei odota")


def test_events_tell_what_was_done_without_the_student(coordinator: Reader, office: Office) -> None:
    office.give(office.enrol(form(name="Veeti Korhonen")))
    coordinator.open("/staff/network/events")
    assert coordinator.says("Maksusitoumus T-2026-00001: annettu")
    assert coordinator.says("Camilla")
    assert not coordinator.says("Veeti")
    coordinator.open("/staff/network/events?school=kuusikko")
    assert coordinator.says("Mitään ei ole vielä tehty")
    coordinator.open("/staff/network/events?school=hogwarts&before=x")
    assert coordinator.says("Maksusitoumus T-2026-00001: annettu")


def test_every_event_is_on_one_page_and_only_one(office: Office) -> None:
    for _ in office.fill(40, offering_id=P4):
        office.later(seconds=1)
    seen, mark = [], ""
    with office.database.read() as connection:
        while entries := journal(connection, before=mark):
            seen += [(one.source, one.id) for one in entries]
            mark = entries[-1].mark
        events = connection.execute(tables.event.select()).all()
    assert len(seen) == len(set(seen)) == len(events)


def test_schools_are_listed_with_their_people_and_students(coordinator: Reader, office: Office) -> None:
    office.give(office.enrol())
    coordinator.open("/staff/network/schools?q=strand")
    assert coordinator.says("Strandgymnasiet")
    assert coordinator.says("Camilla")
    assert not coordinator.says("Rantakylän lukio")
    coordinator.open("/staff/network/schools?kind=outside")
    assert coordinator.says("Rantakylän lukio")


@pytest.mark.parametrize("protected", [False, True])
def test_mail_that_was_given_up_is_shown_and_a_protected_address_is_not(coordinator: Reader, office: Office, protected: bool) -> None:
    enrolled = office.enrol(form(protected=protected))
    with office.database.write() as connection:
        message = outbox.lease(connection, NOW)
        while message is not None and message.enrolment_id != enrolled:
            message = outbox.lease(connection, NOW)
        assert message is not None
        outbox.park(connection, message, NOW, "the receiver was refused: SMTP 550")
    coordinator.open("/staff/network/mail")
    assert coordinator.says("SMTP 550")
    assert coordinator.says(office.enrolment(enrolled).email) is not protected
    assert coordinator.says("Turvakielto") is protected


def test_a_mail_that_nobody_needed_any_more_did_not_fail(office: Office) -> None:
    office.enrol()
    with office.database.write() as connection:
        message = outbox.lease(connection, NOW)
        assert message is not None
        outbox.park(connection, message, NOW, "no longer true")
        assert undelivered(connection) == ()


@pytest.mark.parametrize("page", ["network", "network/schools", "network/events", "network/mail", "network/guests/1"])
def test_a_school_s_person_sees_nothing_of_it(app: Flask, post: Post, page: str) -> None:
    reader = Reader(app)
    sign_in(reader, post, CAMILLA)
    reader.open(f"/staff/{page}")
    assert reader.status == 403
