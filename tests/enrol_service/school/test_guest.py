"""A guest school from the first form to a decision: typed once, checked by a person, then a school like any other."""

from __future__ import annotations

import pytest
from flask import Flask

from enrol_service.enrolment.reminder import remind
from enrol_service.refusals.guest import GuestDecided
from enrol_service.school.accounts import NETWORK, staff_of
from enrol_service.school.acting import actor_for
from enrol_service.school.directory import with_guests
from enrol_service.school.guest import Particulars, admit, guest_schools, refuse
from tests.enrol_service.cast import FY4, NOW, Office, day
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader
from tests.enrol_service.walk import STUDENT, enrol, sign_in

COORDINATOR = "verkosto@pikku.example"
COUNSELLOR = "opo@saariston.example"
ELSEWHERE = {"school": "other", "other_school": "Saariston lukio", "other_contact": COUNSELLOR}
REFUSED = {
    "": "Verkosto ei hyväksynyt oppilaitostasi",
    "/sv": "Nätverket godkände inte din läroanstalt",
    "/en": "The network did not admit your school",
}
SAID = Particulars("Saariston lukio", "Korppoo", "", "Olli Opo", COUNSELLOR, "fi")


def test_from_a_typed_name_to_a_seat(app: Flask, reader: Reader, post: Post, office: Office) -> None:
    enrol(reader, **ELSEWHERE)
    assert reader.heading == "Verkosto tarkistaa ensin oppilaitoksesi"
    assert reader.says("Verkosto tarkistaa ensin oppilaitoksesi, ja sitten Saariston lukio päättää.")
    assert reader.says("Saariston lukio maksaa 200,00")
    assert post.mails(COUNSELLOR) == [], "nobody is written to before a person has looked"
    network = Reader(app)
    assert str(post.mails(COORDINATOR)[-1]["Subject"]) == "Uusi oppilaitos odottaa hyväksymistä"
    sign_in(network, post, COORDINATOR)
    network.open("/staff/network")
    network.follow("Saariston lukio")
    network.press("Hyväksy oppilaitos", contact_name="Olli Opo", place="Korppoo")
    assert network.says("hyväksyi oppilaitoksen")
    counsellor = Reader(app)
    counsellor.open(post.link(COUNSELLOR))
    counsellor.press("Hyväksy")
    assert office.states(1) == ("placed", "given")
    assert office.commitment(1).buyer == "outside"
    assert office.commitment(1).price_cents == 20000


def test_a_school_is_rejected_on_a_page_of_its_own_with_a_reason(app: Flask, reader: Reader, post: Post, office: Office) -> None:
    enrol(reader, **ELSEWHERE)
    network = Reader(app)
    sign_in(network, post, COORDINATOR)
    network.open("/staff/network/guests/1")
    assert network.soup.select_one("form[action$=refuse]") is None
    network.follow("Hylkää oppilaitos")
    assert network.heading == "Hylätäänkö Saariston lukio?"
    assert network.says("1 ilmoittautuminen päättyy")
    network.press("Hylkää oppilaitos", reason="")
    assert network.status == 422
    network.press("Hylkää oppilaitos", reason="Osoite ei ole oppilaitoksen.")
    assert network.address == "/staff/network/guests/1"
    assert office.states(1)[0] == "refused"
    assert network.client.get("/staff/network/guests/1/refuse").status_code == 303


def test_it_then_works_as_any_school(app: Flask, reader: Reader, post: Post, office: Office, watch: Watch) -> None:
    enrol(reader, **ELSEWHERE)
    watch.later(minutes=1)
    with office.database.write() as connection:
        admit(connection, office.catalogue, 1, SAID, _coordinator(connection, office), watch.now)
    second = Reader(app)
    enrol(
        second, **{**ELSEWHERE, "other_school": "SAARISTON-LUKIO ", "other_contact": "joku@muu.example"}, email="toinen@saariston.example"
    )
    assert second.heading == "Oppilaitoksesi päättää"
    with office.database.read() as connection:
        assert [one.school_id for one in guest_schools(connection)] == ["guest-1"]
    assert {str(one["To"]) for one in post.mails(COUNSELLOR)} == {COUNSELLOR}
    staff = Reader(app)
    sign_in(staff, post, COUNSELLOR)
    assert staff.heading == "2 pyyntöä odottaa päätöstäsi"


def test_reminders_count_from_the_admission(reader: Reader, office: Office) -> None:
    enrol(reader, **ELSEWHERE)
    office.now = day("2026-11-25", "12:00")  # the agreement reminds after a weekday, but nobody has been asked
    with office.database.write() as connection:
        known = with_guests(connection, office.catalogue)
        assert remind(connection, known, office.now) == 0
        admit(connection, office.catalogue, 1, SAID, _coordinator(connection, office), office.now)
    promised = office.commitment(1)
    assert (promised.asked_at, promised.reminded_at, promised.escalated_at) == (office.now, None, None)
    with office.database.write() as connection:
        known = with_guests(connection, office.catalogue)
        assert remind(connection, known, day("2026-11-25", "16:00")) == 0
        assert remind(connection, known, day("2026-11-26", "09:30")) == 1


def test_a_school_that_is_not_admitted_costs_nobody_a_seat(reader: Reader, post: Post, office: Office) -> None:
    enrol(reader, **ELSEWHERE)
    with office.database.write() as connection:
        refuse(connection, office.catalogue, 1, "Osoite ei ole oppilaitoksen.", _coordinator(connection, office), NOW)
    assert office.states(1) == ("refused", "refused")
    own = reader.address
    for prefix, words in REFUSED.items():
        reader.open(prefix + own)
        assert (reader.heading, reader.says("Osoite ei ole oppilaitoksen.")) == (words, True)
        assert reader.says("Saariston lukio")
    body = post.mails(STUDENT)[-1].get_body(("plain",))
    assert body is not None
    assert "Osoite ei ole oppilaitoksen." in body.get_content()
    assert post.mails(COUNSELLOR) == []


def test_the_second_to_decide_is_told_who_was_first(office: Office, reader: Reader) -> None:
    enrol(reader, **ELSEWHERE)
    with office.database.write() as connection:
        admit(connection, office.catalogue, 1, SAID, _coordinator(connection, office), NOW)
    with office.database.write() as connection, pytest.raises(GuestDecided):
        refuse(connection, office.catalogue, 1, "ei", _coordinator(connection, office), NOW)
    with office.database.read() as connection:
        assert guest_schools(connection)[0].state == "admitted"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"other_school": ""}, "Kirjoita oppilaitoksesi koko nimi"),
        ({"other_school": "abc"}, "Kirjoita oppilaitoksesi koko nimi"),
        ({"other_contact": "opo"}, "Kirjoita opinto-ohjaajasi tai rehtorisi sähköpostiosoite"),
        ({"other_contact": STUDENT}, "Kirjoita tähän oppilaitoksesi osoite"),
        ({"other_school": "kuusikon  LUKIO"}, "Kuusikon lukio on listalla"),
        ({"other_school": "Lukio 131052-308T"}, "henkilötunnus"),
        ({"other_school": "x" * 121}, "120 merkkiin"),
    ],
)
def test_a_slip_is_told_at_its_field_and_nothing_is_stored(reader: Reader, office: Office, changed: dict[str, str], sentence: str) -> None:
    enrol(reader, **{**ELSEWHERE, **changed})
    assert reader.status == 422
    assert reader.says(sentence)
    field = reader.soup.select_one("#other_contact")
    assert field is not None
    assert field["value"] == {**ELSEWHERE, **changed}["other_contact"]
    with office.database.read() as connection:
        assert guest_schools(connection) == ()


def test_a_name_that_anybody_typed_is_shown_to_nobody_before_it_is_admitted(app: Flask, reader: Reader) -> None:
    enrol(reader, **{**ELSEWHERE, "other_school": "Osta halvalla viagraa"})
    stranger = Reader(app)
    enrol(stranger, email="toinen", course=FY4)
    assert stranger.status == 422
    assert "viagraa" not in stranger.soup.get_text()


def test_a_form_that_is_refused_leaves_no_school_behind(reader: Reader, office: Office, watch: Watch) -> None:
    enrol(reader, **ELSEWHERE, prices_shown="2026-p3:100/100")
    assert reader.status == 422
    with office.database.read() as connection:
        assert guest_schools(connection) == ()


def _coordinator(connection: object, office: Office) -> object:
    person = staff_of(connection, office.catalogue, COORDINATOR, NOW)  # type: ignore[arg-type]
    assert person is not None
    return actor_for(connection, person, "admit_schools", NETWORK, NOW)  # type: ignore[arg-type]
