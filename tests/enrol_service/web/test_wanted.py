"""Nothing is lost to a session that has ended: neither the page that was wanted nor the form that was sent."""

from __future__ import annotations

import io

import pytest
from flask import Flask

from enrol_service.tables import enrolment
from enrol_service.web.page import own_alternates
from tests.enrol_service.cast import SARI, Office
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader
from tests.enrol_service.walk import STUDENT, enrol, sign_in, typed

SAME = {"Sec-Fetch-Site": "same-origin"}
DEPUTY = {"deputy_name": "Sija Inen", "deputy_email": "sija@kuusikko.example", "from_on": "2026-11-23", "until_on": "2026-12-01"}


@pytest.mark.parametrize("language", ["", "/sv"])
def test_the_page_that_was_wanted_opens_after_the_sign_in_once(app: Flask, post: Post, language: str) -> None:
    reader = Reader(app)
    reader.open(f"{language}/staff/offerings?period=3")
    assert reader.address == f"{language}/staff/sign-in"
    reader.press("Lähetä linkki" if not language else "Skicka länken", email=SARI)
    reader.open(post.link(SARI))
    reader.press("Kirjaudu sisään" if "/sv/" not in reader.address else "Logga in")
    assert reader.address == f"{language}/staff/offerings?period=3"
    sign_in(reader, post, SARI)
    assert "period" not in reader.address


def test_a_changed_cookie_leads_nowhere_else(app: Flask, post: Post) -> None:
    reader = Reader(app)
    reader.client.set_cookie("tarjotin-wanted", "eyJhZGRyZXNzIjoiLy9ldmlsLmV4YW1wbGUifQ.00")
    sign_in(reader, post, SARI)
    assert reader.address.startswith("/staff/")


def test_what_a_script_fetches_is_not_opened_later(app: Flask) -> None:
    answer = app.test_client().get("/staff/offerings", headers={"Sec-Fetch-Dest": "empty"})
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers


def test_a_form_sent_after_the_session_ended_is_kept_and_sent_again(app: Flask, post: Post, watch: Watch) -> None:
    reader = Reader(app)
    sign_in(reader, post, SARI)
    reader.open("/staff/me/deputy/kuusikko")
    watch.later(hours=3)
    reader.press("Nimeä sijainen", **DEPUTY)
    kept = reader.page
    assert (reader.status, reader.heading) == (403, "Kirjautumisesi oli päättynyt, joten mitään ei vielä tallennettu.")
    assert reader.soup.select_one("a[href='/staff/sign-in'][target=_blank]") is not None
    reader.press("Olen kirjautunut")
    assert reader.status == 403, "too early: the same page again"
    sign_in(reader, post, SARI)
    reader.page = kept
    reader.press("Olen kirjautunut")
    assert reader.says("Sijainen on nimetty")
    assert reader.says("Sija Inen")


def test_lines_repeated_fields_and_markup_come_back_as_they_were_sent(app: Flask) -> None:
    reader = Reader(app)
    text = 'Ensimmäinen rivi\r\n\r\n  <b>toinen</b> & "kolmas" rivi'
    sent = {"chosen": ["3", "5"], "text": text, "file": (io.BytesIO(b"x"), "opiskelijat.xlsx")}
    reader.page = reader.client.post("/staff/students/enrol?a=1", data=sent, headers=SAME)
    form = next(one for one in reader.soup.select("main form") if one["action"] == "/staff/students/enrol?a=1")
    fields = [(one["name"], str(one["value"]).replace("\r\n", "\n")) for one in form.select("input")]
    assert fields == [("chosen", "3"), ("chosen", "5"), ("text", text.replace("\r\n", "\n"))]
    assert reader.says("opiskelijat.xlsx")
    assert reader.soup.select_one("main b") is None


def test_a_pasted_table_larger_than_a_usual_form_is_kept(app: Flask) -> None:
    table = "Nimi;Sähköposti\n" + "Veeti Korhonen;veeti@kuusikko.example\n" * 8000
    reader = Reader(app)
    reader.page = reader.client.post("/staff/students/enrol", data={"table": table}, headers=SAME)
    assert reader.status == 403
    assert len(str(reader.soup.select_one("input[name=table]"))) > 300_000


def test_another_sites_form_is_not_shown_back(app: Flask) -> None:
    answer = app.test_client().post("/staff/students/enrol", data={"text": "evil"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert b"evil" not in answer.data


def test_a_flooded_address_still_gets_a_link_that_opens(app: Flask, post: Post, watch: Watch) -> None:
    """A stranger asks all day long; whoever works there always has a link with time left."""
    for _ in range(6):
        for _ in range(6):
            Reader(app).client.post("/staff/sign-in", data={"email": SARI}, headers=SAME)
        watch.later(minutes=7)
        sign_in(Reader(app), post, SARI)
    assert len(post.mails(SARI)) <= 4 * 3 + 6


def test_a_used_link_makes_room_for_another(app: Flask, post: Post) -> None:
    for _ in range(6):
        sign_in(Reader(app), post, SARI)
    assert len(post.mails(SARI)) == 6


def test_a_school_behind_one_network_address_signs_in(app: Flask, post: Post) -> None:
    client = app.test_client()
    for number in range(60):
        sent = {"email": f"opettaja{number}@kuusikko.example"}
        assert client.post("/staff/sign-in", data=sent, headers=SAME).status_code == 303
        assert client.post("/enrolment/new-link", data=sent, headers=SAME).status_code == 303, "students use up nobody's sign-in"
    sign_in(Reader(app), post, SARI)


def test_a_proxy_that_the_settings_do_not_know_is_told_of_once(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    client = app.test_client()
    for _ in range(3):
        client.get("/staff/sign-in", headers={"X-Forwarded-For": "203.0.113.9"})
    told = [one.getMessage() for one in caplog.records if "TARJOTIN_PROXIES" in one.getMessage()]
    assert len(told) == 1
    assert "203.0.113.9" not in told[0]


def test_another_site_cannot_ask_for_a_new_link(app: Flask, post: Post) -> None:
    enrol(Reader(app))
    before = len(post.mails(STUDENT))
    answer = app.test_client().post("/enrolment/new-link", data={"email": STUDENT}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert len(post.mails(STUDENT)) == before


@pytest.mark.parametrize(
    ("address", "opens"),
    [
        ("/staff/sign-in", "/staff/sign-in"),
        ("/enrolment/new-link", "/enrolment/new-link"),
        ("/staff/me/language", "/staff/me"),
        ("/staff/requests/confirm", "/staff/requests"),
        ("/no/such/thing", "/"),
    ],
)
@pytest.mark.parametrize("language", ["", "/sv"])
def test_the_languages_of_an_answered_form_lead_to_pages_that_open(app: Flask, language: str, address: str, opens: str) -> None:
    with app.test_request_context(language + address, method="POST"):
        found = own_alternates()
        assert (found["fi"], found["sv"]) == (opens, f"/sv{opens}")


def test_a_confirmation_confirms_what_it_showed_and_nothing_else(app: Flask, office: Office) -> None:
    reader = Reader(app)
    reader.page = reader.client.post("/enrol", data=typed(message="Rivi\r\ntoinen"))
    proof = str(reader.soup.select_one("input[name=confirmed]")["value"])  # type: ignore[index]
    other = reader.client.post("/enrol", data=typed(email="toinen@strand.example", confirmed=proof))
    assert other.status_code == 200, "asked to confirm again"
    with office.database.read() as connection:
        assert connection.execute(enrolment.select()).all() == []
    reader.press("Vahvista")
    assert reader.address.startswith("/enrolment/")


def test_unknown_keys_of_one_network_are_limited(app: Flask) -> None:
    client = app.test_client()
    statuses = [client.get("/api/requests", headers={"Authorization": f"Bearer key{n}"}).status_code for n in range(245)]
    assert statuses[:240] == [401] * 240
    assert 429 in statuses[240:]
