"""Sessions: how long they last, what ends them, and one's own page."""

from __future__ import annotations

import pytest
from flask import Flask

from enrol_service.tables import staff_session
from tests.enrol_service.cast import ANNA, CAMILLA, KARI, SARI, Office
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader, text_of
from tests.enrol_service.walk import sign_in

FYSIIKKA = "fysiikka@kuusikko.example"
NEW = "uusi.opo@kuusikko.example"


def signed(app: Flask, post: Post, email: str) -> Reader:
    reader = Reader(app)
    sign_in(reader, post, email)
    return reader


def is_signed_in(reader: Reader) -> bool:
    return reader.client.get("/staff/me").status_code == 200


@pytest.mark.parametrize(("pause", "times", "ends"), [(119, 1, False), (121, 1, True), (100, 7, False), (100, 8, True)])
def test_a_session_ends_two_hours_after_its_last_use_and_twelve_after_it_began(
    app: Flask, post: Post, watch: Watch, pause: int, times: int, ends: bool
) -> None:
    reader = signed(app, post, SARI)
    for _ in range(times - 1):
        watch.later(minutes=pause)
        assert is_signed_in(reader)
    watch.later(minutes=pause)
    assert is_signed_in(reader) is not ends


def test_looking_at_pages_is_noted_some_times_an_hour(app: Flask, post: Post, watch: Watch, office: Office) -> None:
    reader = signed(app, post, SARI)
    seen = set()
    for _ in range(6):
        watch.later(minutes=2)
        assert is_signed_in(reader)
        with office.database.read() as connection:
            seen.add(connection.execute(staff_session.select()).one().used_at)
    assert len(seen) == 3, "never, after six minutes, after twelve"


def test_signing_in_gives_a_new_cookie_and_ends_the_old_one(app: Flask, post: Post) -> None:
    reader = signed(app, post, SARI)
    old = reader.client.get_cookie("tarjotin")
    sign_in(reader, post, SARI)
    new = reader.client.get_cookie("tarjotin")
    assert old is not None
    assert new is not None
    assert old.value != new.value
    thief = Reader(app)
    thief.client.set_cookie("tarjotin", old.value)
    assert not is_signed_in(thief)


def test_signing_out_everywhere_ends_every_session_of_the_person_alone(app: Flask, post: Post) -> None:
    phone, laptop, other = signed(app, post, SARI), signed(app, post, SARI), signed(app, post, ANNA)
    laptop.open("/staff/me")
    rows = [text_of(one) for one in laptop.soup.select("#sessions ~ table tbody tr")]
    assert len(rows) == 2
    assert sum("tämä selain" in row for row in rows) == 1
    laptop.press("Kirjaudu ulos kaikkialta")
    assert [is_signed_in(one) for one in (phone, laptop, other)] == [False, False, True]


def test_one_s_own_page_shows_schools_and_roles(app: Flask, post: Post) -> None:
    camilla = signed(app, post, CAMILLA)
    camilla.open("/staff/me")
    assert camilla.heading == "Camilla Holm"
    assert camilla.says("Strandgymnasiet Yhteyshenkilö ja koordinaattori")


def test_a_teacher_names_a_deputy_who_then_sees_what_the_teacher_sees(app: Flask, post: Post) -> None:
    teacher = signed(app, post, FYSIIKKA)
    teacher.open("/staff/me")
    teacher.follow("Nimeä sijaisesi")
    teacher.press("Nimeä sijainen", deputy_name="Sija Inen", deputy_email=NEW, from_on="2026-11-23", until_on="2026-12-01")
    assert teacher.says("Sijainen on nimetty")
    assert teacher.says("Sija Inen")
    deputy = signed(app, post, NEW)
    assert deputy.client.get("/staff/offerings").status_code == 200
    deputy.open("/staff/me")
    assert deputy.says("Olen sijainen")
    assert deputy.client.get("/staff/me/deputy/kuusikko").status_code == 404, "what is lent cannot be lent on"
    teacher.press("Lopeta heti")
    assert teacher.says("Sijaisen oikeudet ovat päättyneet")
    assert not is_signed_in(deputy)


def test_a_deputy_can_leave(app: Flask, post: Post) -> None:
    kari = signed(app, post, KARI)
    kari.open("/staff/me/deputy/kuusikko")
    kari.press("Nimeä sijainen", deputy_name="Sari Kivi", deputy_email=SARI, from_on="2026-11-23", until_on="2026-12-01")
    sari = signed(app, post, SARI)
    assert sari.client.get("/staff/requests").status_code == 200
    sari.open("/staff/me")
    sari.press("Lopeta heti")
    assert sari.client.get("/staff/requests").status_code == 403
    assert is_signed_in(sari)


@pytest.mark.parametrize("number", ["1", "2", "x", "", "9999999999"])
def test_somebody_else_s_deputy_is_not_there(app: Flask, post: Post, number: str) -> None:
    kari = signed(app, post, KARI)
    kari.open("/staff/me/deputy/kuusikko")
    kari.press("Nimeä sijainen", deputy_name="Sija Inen", deputy_email=NEW, from_on="2026-11-23", until_on="2026-12-01")
    stranger = signed(app, post, CAMILLA)
    answer = stranger.client.post("/staff/me/end-deputy", data={"deputy": number}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 404
    assert is_signed_in(signed(app, post, NEW))


def test_a_bad_form_of_a_deputy_comes_back_as_typed(app: Flask, post: Post) -> None:
    kari = signed(app, post, KARI)
    kari.open("/staff/me/deputy/kuusikko")
    kari.press("Nimeä sijainen", deputy_name="Sija Inen", deputy_email="sija", from_on="2026-11-23", until_on="2026-11-01")
    assert kari.status == 422
    assert kari.soup.select_one("[name=deputy_name][value='Sija Inen']") is not None
    assert len(kari.soup.select(".field__error")) == 2


def test_the_language_of_mails_is_chosen(app: Flask, post: Post) -> None:
    sari = signed(app, post, SARI)
    sari.open("/staff/me")
    sari.press("Tallenna kieli", language="sv")
    assert sari.says("Sähköpostiesi kieli on tallennettu")
    sari.open("/staff/sign-in")
    sari.press("Lähetä linkki", email=SARI)
    assert "Logga in" in post.mails(SARI)[-1]["Subject"]
    answer = sari.client.post("/staff/me/language", data={"language": "de"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 422


def test_a_link_of_somebody_who_has_lost_the_rights_opens_nothing(app: Flask, post: Post, office: Office) -> None:
    reader = Reader(app)
    reader.open("/staff/sign-in")
    reader.press("Lähetä linkki", email=SARI)
    address = post.link(SARI)
    anna = signed(app, post, ANNA)
    anna.open("/staff/school")
    change = next(one for one in anna.soup.select("tr a") if "Sari" in str(one.get("aria-label")))
    anna.open(str(change["href"]))
    anna.follow("Poista")
    anna.press("Poista")
    answer = reader.client.post(address, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code in (403, 410)
    assert reader.client.get_cookie("tarjotin") is None
