"""The pages of a school's people: what they show, and what they do."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.enrol_service.cast import ANNA, CAMILLA, KARI, PIA, SARI
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader, text_of
from tests.enrol_service.walk import sign_in

FYSIIKKA = "fysiikka@kuusikko.example"
NEW = "uusi.opo@kuusikko.example"


@pytest.fixture
def anna(app: Flask, post: Post) -> Reader:
    reader = Reader(app)
    sign_in(reader, post, ANNA)
    reader.open("/staff/school")
    return reader


def row(reader: Reader, name: str) -> str:
    return next(text_of(one) for one in reader.soup.select("tr") if name in one.get_text())


def invite(reader: Reader, *roles: str, email: str = NEW, name: str = "Uusi Opo") -> None:
    reader.open("/staff/school")
    reader.follow("Kutsu henkilö")
    reader.press("Lähetä kutsu", email=email, name=name, **{f"role_{role}": "yes" for role in roles})


def person(reader: Reader, name: str) -> None:
    """Open the page of a person of the school."""
    reader.open("/staff/school")
    link = next(one for one in reader.soup.select("tr a") if name in str(one.get("aria-label")))
    reader.open(str(link["href"]))


def test_people_are_shown_with_their_roles_where_these_come_from_and_the_last_sign_in(anna: Reader) -> None:
    assert anna.heading == "Kuusikon lukio"
    assert "Yhteyshenkilö Sisältötiedostosta ma 23.11. klo 9.52" in row(anna, "Anna Laine")
    assert "ei koskaan" in row(anna, "Sari Kivi")
    assert not anna.says("Camilla Holm")


def test_an_invitation_leads_in_and_is_shown_and_logged(app: Flask, anna: Reader, post: Post) -> None:
    invite(anna, "teacher", "office")
    assert anna.says("Kutsu on matkalla")
    assert "Opettaja ja toimisto Anna Laine antoi 23.11.2026" in row(anna, "Uusi Opo")
    assert anna.says("Anna Laine kutsui henkilön: Uusi Opo, opettaja ja toimisto.")
    new = Reader(app)
    new.open(post.link(NEW))
    new.press("Kirjaudu sisään")
    assert new.heading == "Omat opiskelijat" or new.page is not None
    assert new.client.get("/staff/school").status_code == 200


@pytest.mark.parametrize(
    ("language", "subject", "says"),
    [("fi", "Kuusikon lukio", "kutsunut"), ("sv", "Kuusikon lukio", "bjudit"), ("en", "act for", "invited")],
)
def test_the_invitation_says_who_invited_and_for_what(anna: Reader, post: Post, language: str, subject: str, says: str) -> None:
    anna.follow("Kutsu henkilö")
    anna.press("Lähetä kutsu", email=NEW, name="Uusi Opo", role_teacher="yes", language=language)
    (mail,) = post.mails(NEW)
    body = mail.get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().split())
    assert subject in mail["Subject"]
    assert "Uusi" not in mail["Subject"]
    assert "Anna Laine" in text
    assert says in text
    assert "Kuusikon lukio" in text


def test_a_form_that_comes_back_holds_what_was_typed(anna: Reader) -> None:
    anna.follow("Kutsu henkilö")
    anna.press("Lähetä kutsu", email="uusi", name="Uusi Opo", role_teacher="yes")
    assert anna.status == 422
    assert anna.says("Kirjoita koko sähköpostiosoite")
    kept = {str(one["name"]): one.get("value") for one in anna.soup.select("input[type=text], input[type=email]")}
    assert kept == {"email": "uusi", "name": "Uusi Opo"}
    assert anna.soup.select_one("[name=role_teacher][checked]") is not None


def test_nobody_but_a_payer_is_offered_the_role_of_a_payer(app: Flask, anna: Reader, post: Post) -> None:
    anna.follow("Kutsu henkilö")
    assert anna.soup.select_one("[name=role_payer]") is None
    answer = anna.client.post(
        "/staff/school/kuusikko/invite",
        data={"email": NEW, "name": "Uusi", "language": "fi", "role_payer": "yes"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 403
    kari = Reader(app)
    sign_in(kari, post, KARI)
    invite(kari, "payer")
    assert "Maksaja" in row(kari, "Uusi Opo")


def test_roles_are_changed_and_the_change_is_logged(anna: Reader) -> None:
    invite(anna, "teacher")
    person(anna, "Uusi Opo")
    form = anna.soup.select_one("form[action$=roles]")
    assert form is not None
    answer = anna.client.post(str(form["action"]), data={"role_office": "yes"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303
    anna.open("/staff/school")
    assert "Toimisto" in row(anna, "Uusi Opo")
    assert anna.says("Anna Laine muutti henkilön rooleja: Uusi Opo. Annettu: toimisto. Otettu pois: opettaja.")
    person(anna, "Uusi Opo")
    answer = anna.client.post(str(form["action"]), data={}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 422
    assert "Valitse ainakin yksi rooli" in answer.get_data(as_text=True)


def test_a_removed_person_is_out_at_the_next_request_and_can_be_given_the_rights_back(app: Flask, anna: Reader, post: Post) -> None:
    sari = Reader(app)
    sign_in(sari, post, SARI)
    assert sari.client.get("/staff/offerings").status_code == 200
    person(anna, "Sari Kivi")
    anna.follow("Poista")
    assert anna.says("Oppilaitoksen sisältötiedosto nimeää henkilön")
    anna.press("Poista")
    assert anna.says("Henkilö on poistettu")
    assert sari.client.get("/staff/offerings").headers["Location"].endswith("/staff/sign-in")
    sari.open("/staff/sign-in")
    before = len(post.mails(SARI))
    sari.press("Lähetä linkki", email=SARI)
    assert len(post.mails(SARI)) == before
    assert anna.says("sisältötiedosto nimeää heidät edelleen")
    anna.press("Kutsu uudelleen")
    sari.open(post.link(SARI))
    sari.press("Kirjaudu sisään")
    assert sari.client.get("/staff/offerings").status_code == 200


def test_removing_twice_says_the_same_and_changes_nothing(anna: Reader) -> None:
    person(anna, "Sari Kivi")
    address = anna.address
    anna.follow("Poista")
    anna.press("Poista")
    answer = anna.client.post(f"{address}/remove", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303
    anna.open("/staff/school")
    assert text_of(anna.soup.main).count("poisti henkilön") == 1


def test_the_last_keeper_is_not_removed_and_is_told_why(app: Flask, anna: Reader, post: Post) -> None:
    coordinator = network_reader(app, post, "kuusikko")
    for name in ("Sari Kivi", "Kari Metso"):
        coordinator.open("/staff/school?school=kuusikko")
        link = next(one for one in coordinator.soup.select("tr a") if name in str(one.get("aria-label")))
        coordinator.open(str(link["href"]))
        coordinator.follow("Poista")
        coordinator.press("Poista")
    person(anna, "Anna Laine")
    anna.follow("Poista")
    anna.press("Poista")
    assert anna.status == 409
    assert anna.says("Tee ensin jostakusta muusta yhteyshenkilö tai koordinaattori")


def network_reader(app: Flask, post: Post, school: str) -> Reader:
    """The network's coordinator on the page of a school's people."""
    reader = Reader(app)
    sign_in(reader, post, "verkosto@pikku.example")
    reader.open(f"/staff/school?school={school}")
    return reader


def test_the_network_s_coordinator_opens_a_school_from_the_list_and_changes_its_people(app: Flask, post: Post) -> None:
    reader = network_reader(app, post, "strand")
    reader.open("/staff/network/schools?q=kuusikon")
    reader.follow("Kuusikon lukio")
    assert reader.heading == "Kuusikon lukio"
    reader.follow("Kutsu henkilö")
    reader.press("Lähetä kutsu", email=NEW, name="Uusi Maksaja", role_payer="yes")
    assert reader.heading == "Kuusikon lukio"
    assert reader.says("Kutsu on matkalla")
    assert "Maksaja" in row(reader, "Uusi Maksaja")
    link = next(one for one in reader.soup.select("tr a") if "Uusi Maksaja" in str(one.get("aria-label")))
    reader.open(str(link["href"]))
    reader.press("Tallenna roolit", role_office="yes")
    assert reader.says("Roolit on tallennettu")
    link = next(one for one in reader.soup.select("tr a") if "Uusi Maksaja" in str(one.get("aria-label")))
    reader.open(str(link["href"]))
    reader.follow("Nimeä sijainen")
    reader.press("Nimeä sijainen", deputy_name="Sija Inen", deputy_email="sija@kuusikko.example", until_on="2026-12-01")
    assert reader.says("Sijainen on nimetty")
    reader.press("Lopeta heti")
    assert reader.says("Sijaisen oikeudet ovat päättyneet")


def test_the_network_s_coordinator_keeps_the_network_s_own_people(app: Flask, post: Post) -> None:
    reader = network_reader(app, post, "@network")
    assert reader.heading == "Pikkuverkosto"
    reader.follow("Kutsu henkilö")
    assert [str(one["name"]) for one in reader.soup.select("[name^=role_]")] == ["role_network_coordinator"]
    reader.press("Lähetä kutsu", email=NEW, name="Toinen Koordinaattori", role_network_coordinator="yes")
    assert reader.says("Kutsu on matkalla")
    assert "Toinen Koordinaattori" in text_of(reader.soup.main)


@pytest.mark.parametrize("address", ["?school=strand", "?school=@network", "?school=hogwarts", "/@network/invite", "/strand/invite"])
def test_a_keeper_of_one_school_opens_neither_another_nor_the_network(anna: Reader, address: str) -> None:
    anna.open(f"/staff/school{address}")
    assert anna.status == 404


def test_a_school_that_is_not_there_is_not_there_for_the_network_either(app: Flask, post: Post) -> None:
    assert network_reader(app, post, "hogwarts").status == 404


@pytest.mark.parametrize("number", ["1", "0", "9999999999999999999", "x", "1000000001", ""])
def test_a_number_of_no_deputy_is_not_found(anna: Reader, number: str) -> None:
    same = {"Sec-Fetch-Site": "same-origin"}
    assert anna.client.post("/staff/school/kuusikko/end-deputy", data={"deputy": number}, headers=same).status_code == 404


def test_a_deputy_for_the_same_days_comes_back_with_what_was_typed(anna: Reader) -> None:
    for until_on in ("2026-12-31", "2026-12-30"):
        person(anna, "Fysiikan opettaja")
        anna.follow("Nimeä sijainen")
        anna.press("Nimeä sijainen", deputy_name="Sija Inen", deputy_email=NEW, from_on="2026-11-23", until_on=until_on)
    assert anna.status == 422
    assert "on jo sijaisena" in text_of(anna.soup.select_one("#deputy_email-error"))
    assert str(anna.soup.select_one("#deputy_name")["value"]) == "Sija Inen"  # type: ignore[index]


def test_a_deputy_is_not_offered_where_it_cannot_be_named(app: Flask, post: Post) -> None:
    sari = Reader(app)
    sign_in(sari, post, SARI)
    person(sari, "Anna Laine")
    assert not sari.says("Nimeä sijainen")
    assert sari.soup.select_one("[name=role_contact_person]") is None
    sari.page = sari.client.post(f"{sari.address}/roles", data={"role_payer": "yes"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert sari.status == 403
    assert sari.soup.select_one("#roles-error") is not None


def test_a_keeper_names_a_deputy_for_somebody_and_ends_the_days(anna: Reader, post: Post, watch: Watch) -> None:
    person(anna, "Fysiikan opettaja")
    anna.follow("Nimeä sijainen")
    anna.press("Nimeä sijainen", deputy_name="Sija Inen", deputy_email=NEW, from_on="2026-11-23", until_on="31.12.2026")
    assert anna.says("Sijainen on nimetty")
    assert "Fysiikan opettaja 23.11.–31.12.2026" in row(anna, "Sija Inen")
    (mail,) = post.mails(NEW)
    assert "31.12.2026" in mail["Subject"]
    anna.press("Lopeta heti")
    assert anna.says("Sijaisen oikeudet ovat päättyneet")
    assert anna.says("Anna Laine lopetti sijaisuuden: Sija Inen")


def test_days_that_nobody_can_read_come_back_with_the_error(anna: Reader) -> None:
    person(anna, "Fysiikan opettaja")
    anna.follow("Nimeä sijainen")
    anna.press("Nimeä sijainen", deputy_name="Sija Inen", deputy_email=NEW, from_on="huomenna", until_on="31.2.2027")
    assert anna.status == 422
    assert len(anna.soup.select(".field__error")) == 2


@pytest.mark.parametrize("email", [FYSIIKKA])
def test_whoever_keeps_no_people_sees_them_and_cannot_change_them(app: Flask, anna: Reader, post: Post, email: str) -> None:
    person(anna, "Sari Kivi")
    address = anna.address
    reader = Reader(app)
    sign_in(reader, post, email)
    reader.open("/staff/school")
    assert "Anna Laine" in text_of(reader.soup.main)
    assert reader.soup.select_one("main form") is None
    assert reader.client.get(address).status_code == 403


@pytest.mark.parametrize("email", [CAMILLA, PIA])
def test_another_school_s_people_are_not_there(app: Flask, anna: Reader, post: Post, email: str) -> None:
    person(anna, "Sari Kivi")
    address = anna.address
    reader = Reader(app)
    sign_in(reader, post, email)
    same = {"Sec-Fetch-Site": "same-origin"}
    for method, below in (
        (reader.client.get, ""),
        (reader.client.post, "/remove"),
        (reader.client.post, "/roles"),
        (reader.client.get, "/deputy"),
    ):
        assert method(address + below, headers=same).status_code == 404
    assert reader.client.get("/staff/school/kuusikko/invite").status_code == 404
    assert reader.client.get("/staff/school/nowhere/invite").status_code == 404
