"""Links that are altered, foreign, replayed or old."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from enrol_service.links import Signer
from enrol_service.refusals.web import LinkUnknown
from enrol_service.service import Service
from enrol_service.tables import link, staff_session
from enrol_service.tick import tick
from tests.enrol_service.cast import CAMILLA, SARI, Office
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader
from tests.enrol_service.walk import STUDENT, enrol, sign_in

SIGNER = Signer(b"x" * 32)
ID = "AbCdEfGh01234567"


@given(st.text(max_size=60))
def test_a_token_that_was_not_made_here_opens_nothing(token: str) -> None:
    with pytest.raises(LinkUnknown):
        SIGNER.link_id("student", token)


@given(st.integers(0, 37), st.sampled_from("ABab01-_"))
def test_a_token_with_one_letter_changed_opens_nothing(place: int, letter: str) -> None:
    token = SIGNER.token("student", ID)
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        with pytest.raises(LinkUnknown):
            SIGNER.link_id("student", changed)


def test_a_token_of_one_purpose_opens_no_page_of_another() -> None:
    with pytest.raises(LinkUnknown):
        SIGNER.link_id("decide", SIGNER.token("student", ID))


def test_a_new_secret_makes_every_link_void() -> None:
    with pytest.raises(LinkUnknown):
        Signer(b"y" * 32).link_id("student", SIGNER.token("student", ID))


def test_the_database_holds_no_token(reader: Reader, post: Post, service: Service) -> None:
    enrol(reader)
    token = reader.address.rsplit("/", 1)[1]
    with service.database.read() as connection:
        dump = "\n".join(connection.connection.iterdump())  # type: ignore[attr-defined]
    assert token[:16] in dump
    assert token not in dump
    assert token[16:] not in dump


@pytest.mark.parametrize("page", ["/enrolment/{}", "/enrolment/{}/withdraw", "/decide/{}", "/decide/{}/refuse", "/staff/sign-in/{}"])
def test_a_wrong_link_is_answered_with_a_way_to_a_new_one(reader: Reader, post: Post, page: str) -> None:
    enrol(reader)
    good = reader.address.rsplit("/", 1)[1]
    for token in ("x" * 38, good[:-1] + ("A" if good[-1] != "A" else "B"), good[:20], "..%2F..%2Fetc"):
        answer = reader.client.get(page.format(token))
        assert answer.status_code == 404
        assert token not in answer.get_data(as_text=True).replace(reader.address, "")


def test_a_link_to_decide_does_not_open_the_student_page_and_the_other_way_round(reader: Reader, post: Post) -> None:
    enrol(reader)
    own, decide = reader.address, post.link(CAMILLA)
    assert reader.client.get(own.replace("/enrolment/", "/decide/")).status_code == 404
    assert reader.client.get(decide.replace("/decide/", "/enrolment/")).status_code == 404
    assert reader.client.post(own.replace("/enrolment/", "/decide/") + "/give").status_code == 404


def test_an_old_link_says_that_it_has_expired(reader: Reader, post: Post, watch: Watch) -> None:
    enrol(reader)
    own, decide = reader.address, post.link(CAMILLA)
    watch.later(days=40)
    assert reader.client.get(decide).status_code == 410
    assert reader.client.post(f"{decide}/give").status_code == 410
    assert reader.client.get(own).status_code == 200
    watch.later(days=365)
    reader.open(own)
    assert reader.status == 410
    assert reader.heading == "Linkki on vanhentunut. Pyydä uusi linkki sähköpostiisi."


def test_a_person_whom_the_school_no_longer_names_decides_nothing(app: Flask, reader: Reader, post: Post, service: Service) -> None:
    enrol(reader)
    decide = post.link(CAMILLA)
    with service.database.write() as connection:
        connection.execute(link.update().where(link.c.purpose == "decide").values(email="gone@strand.example"))
    assert reader.client.get(decide).status_code == 403
    assert reader.client.post(f"{decide}/give").status_code == 403


def test_a_sign_in_link_lives_for_half_an_hour(app: Flask, post: Post, watch: Watch) -> None:
    reader = Reader(app)
    reader.open("/staff/sign-in")
    reader.press("Lähetä linkki", email=SARI)
    link_to = post.link(SARI)
    watch.later(minutes=31)
    assert reader.client.get(link_to).status_code == 410


def test_a_session_ends_after_twelve_hours_and_on_signing_out(app: Flask, post: Post, watch: Watch) -> None:
    reader = Reader(app)
    sign_in(reader, post, SARI)
    assert reader.heading == "Omat kurssit"
    for _ in range(7):
        watch.later(hours=1, minutes=42)
        reader.open("/staff/offerings")
        assert reader.heading == "Omat kurssit"
    watch.later(minutes=10)
    reader.open("/staff/offerings")
    assert reader.heading == "Kirjaudu oppilaitoksena"
    service = app.extensions["tarjotin"]
    tick(service.database, service.loaded.catalogue, watch())
    with service.database.read() as connection:
        assert connection.execute(staff_session.select()).all() == []
    sign_in(reader, post, SARI)
    reader.press("Kirjaudu ulos")
    reader.open("/staff/offerings")
    assert reader.heading == "Kirjaudu oppilaitoksena"


def test_the_mail_links_the_student_to_the_page_of_the_answer(reader: Reader, post: Post, office: Office) -> None:
    enrol(reader)
    assert post.link(STUDENT) == reader.address
