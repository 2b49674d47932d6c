"""The answers to the form that are no seat: the page that asks to confirm, and the one that follows a failure of ours."""

from __future__ import annotations

import logging

import pytest
from flask import Flask

from enrol_service.database import migrate, open_database
from enrol_service.service import Service
from enrol_service.web.traffic import Buckets, Rate, network_of
from tests.enrol_service.cast import FY4, P3, P4, Office
from tests.enrol_service.reader import Reader, text_of, values_of
from tests.enrol_service.walk import STUDENT, enrol, typed

ALL = {"learner_id": "1.2.246.562.24.1", "phone": "040 1234567", "message": "Hei", "protected": "yes", "syllabus": "aikuiset"}


def asked(reader: Reader, **changed: str) -> str:
    """The page that asks to confirm, as text."""
    reader.page = reader.client.post("/enrol", data=typed(**changed), headers={"Origin": "null"})
    assert (reader.status, reader.heading) == (200, "Onko tämä sinun ilmoittautumisesi?")
    return text_of(reader.soup.main)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "Kotioppilaitos Strandgymnasiet"),
        ({}, "Hinta Sinulle 0 €. Strandgymnasiet maksaa 150,00 €."),
        ({"school": "rantakyla"}, "Rantakylän lukio maksaa 200,00 €."),
        ({}, "Toteutus Ma 30.11.2026 – pe 5.2.2027"),
        ({"offering": P4}, "Toteutus Ma 8.2. – pe 9.4.2027"),
        ({"course": "kuusikko/maa6-derivaatta", "offering": "oma-tahti"}, "Toteutus Oma tahti, aloita milloin vain"),
        ({}, "Turvakielto Ei"),
        ({"protected": "yes"}, "Turvakielto Kyllä. Nimesi ja oppilaitoksesi eivät näy järjestäjälle."),
        ({"syllabus": "aikuiset"}, "Oppimäärä Aikuisten oppimäärä"),
        ({"school": ""}, "Kotioppilaitos Ei valittu"),
        ({"school": "hogwarts"}, "Kotioppilaitos Ei valittu"),
        ({"offering": "2040-p9"}, "Toteutus Ei valittu"),
    ],
)
def test_nobody_confirms_what_was_filled_in_beforehand_without_seeing_it(reader: Reader, changed: dict[str, str], words: str) -> None:
    assert words in asked(reader, **changed)


def test_everything_that_is_sent_again_is_seen(reader: Reader) -> None:
    page = asked(reader, **ALL)
    for value in ("Veeti Korhonen", STUDENT, "24B", "1.2.246.562.24.1", "040 1234567", "Hei"):
        assert value in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("", "Täynnä, voit jonottaa · 1 jonossa"),
        ("/sv", "Fullt, du kan köa · 1 i kö"),
        ("/en", "Full, you can join the queue · 1 waiting"),
    ],
)
def test_the_form_that_comes_back_tells_how_many_places_are_left(reader: Reader, office: Office, language: str, words: str) -> None:
    office.fill(3, offering_id=P4)
    office.fill(1)
    enrol(reader, language, group="")
    choices = {str(one.input["value"]): text_of(one) for one in reader.soup.select("label.choice-card:has([name=offering])") if one.input}
    assert words in choices[P4]
    if not language:
        assert "9 paikkaa vapaana" in choices[P3]


def break_database(service: Service) -> None:
    """The database is taken away: what a full disk or a broken file does."""
    service.database.close()
    for file in service.settings.data.glob("tarjotin.db*"):
        file.unlink()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("", "Jokin meni vikaan meillä. Tietojasi ei lähetetty. Yritä hetken kuluttua uudelleen."),
        ("/sv", "Något gick fel hos oss. Dina uppgifter skickades inte. Försök igen om en stund."),
        ("/en", "Something went wrong at our end. Nothing was sent. Try again in a moment."),
    ],
)
def test_a_failure_of_ours_loses_nothing_that_was_typed(
    reader: Reader, service: Service, caplog: pytest.LogCaptureFixture, language: str, sentence: str
) -> None:
    break_database(service)
    with caplog.at_level(logging.ERROR, logger="enrol_service"):
        logging.getLogger("enrol_service").disabled = False
        enrol(reader, language, key="0123456789abcdef", **ALL)
    assert reader.status == 500
    assert reader.says(sentence)
    form = reader.soup.select_one("#enrol form")
    assert form is not None
    sent = {name: value for name, value in typed(key="0123456789abcdef", **ALL).items() if name != "prices_shown"}
    assert sent.items() <= values_of(form).items()
    numbers = [record.getMessage().split()[1] for record in caplog.records if record.getMessage().endswith("failed")]
    assert len(numbers) == 1
    assert reader.says(numbers[0])


def test_a_form_with_slips_is_not_lost_in_a_failure_either(reader: Reader, service: Service) -> None:
    break_database(service)
    enrol(reader, group="")
    assert reader.status == 500
    form = reader.soup.select_one("#enrol form")
    assert form is not None
    assert values_of(form)["name"] == "Veeti Korhonen"


def test_after_the_failure_the_same_form_is_sent_once(app: Flask, reader: Reader, service: Service, office: Office) -> None:
    break_database(service)
    enrol(reader, key="0123456789abcdef")
    assert reader.status == 500
    again = open_database(service.settings.database_url)
    migrate(again)
    again.close()
    for _ in range(2):
        reader.page = reader.client.post("/enrol", data=typed(key="0123456789abcdef"), headers={"Sec-Fetch-Site": "same-origin"})
        assert reader.status == 303
    with office.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM enrolment").scalar_one() == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:ffff::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.7", "192.0.2.8", False),
        ("192.0.2.7", "::ffff:192.0.2.7", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "", True),
        ("unix:", "2001:db8::1", False),
    ],
)
def test_an_ipv6_subscriber_counts_as_one(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


def test_a_flood_from_one_ipv6_network_is_stopped(app: Flask) -> None:
    app.extensions["buckets"]["enrol"] = Buckets(Rate(burst=3, seconds=60))
    client = app.test_client()
    answers = [
        client.post("/enrol", data={"course": FY4, "offering": P3}, environ_base={"REMOTE_ADDR": f"2001:db8::{number}"}).status_code
        for number in range(1, 6)
    ]
    assert answers == [200, 200, 200, 429, 429]
