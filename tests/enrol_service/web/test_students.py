"""The home school's own students: who sees whom, what is told of each, and what can be done for them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from enrol_service import tables
from enrol_service.web.home import students_page
from tests.enrol_service.cast import ANNA, CAMILLA, P4, PIA, SARI, Office, day, form
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader, text_of
from tests.enrol_service.walk import sign_in

SAME = {"Sec-Fetch-Site": "same-origin"}
BEGUN = "2026-12-02"  # period 3 has run two days: leaving costs half


def signed_in(app: Flask, post: Post, email: str) -> Reader:
    reader = Reader(app)
    sign_in(reader, post, email)
    return reader


def placed(office: Office, watch: Watch, on: str = BEGUN) -> int:
    """Somebody with a confirmed place, on a day when the course runs."""
    enrolled = office.enrol()
    office.give(enrolled)
    office.now = watch.now = day(on)
    return enrolled


@pytest.mark.parametrize(("email", "status"), [(CAMILLA, 200), (PIA, 200), (ANNA, 200), (SARI, 403)])
def test_the_list_is_for_those_who_care_for_the_schools_students(app: Flask, post: Post, email: str, status: int) -> None:
    assert signed_in(app, post, email).client.get("/staff/students").status_code == status


def test_the_list_holds_the_schools_own_students_alone(app: Flask, post: Post, office: Office) -> None:
    office.enrol()
    office.enrol(form(name="Vieras Opiskelija", email="vieras@rantakyla.example", school_id="rantakyla"))
    reader = signed_in(app, post, CAMILLA)
    reader.open("/staff/students")
    rows = [text_of(row) for row in reader.soup.select("tbody tr")]
    assert rows == ["Veeti Korhonen 24B FY4 Voima ja liike Kuusikon lukio 30.11.–5.2. Kotioppilaitos päättää 150,00 €"]


def test_the_list_is_searched_filtered_and_sorted_by_the_address(app: Flask, post: Post, office: Office) -> None:
    first, second = (
        office.enrol(form(name="Aino Aalto", email="aino@strand.example")),
        office.enrol(form(name="Ässä Äijälä", email="a@strand.example")),
    )
    office.give(second)
    reader = signed_in(app, post, CAMILLA)
    for address, names in (
        ("?sort=student", ["Aino Aalto", "Ässä Äijälä"]),
        ("?sort=student&order=down", ["Ässä Äijälä", "Aino Aalto"]),
        ("?state=placed", ["Ässä Äijälä"]),
        ("?q=aalto", ["Aino Aalto"]),
        ("?start=2026-11-30&q=fy4&sort=student", ["Aino Aalto", "Ässä Äijälä"]),
        ("?start=2027-02-08", ["Aino Aalto", "Ässä Äijälä"]),  # nobody starts then: the filter has no such choice
    ):
        reader.open(f"/staff/students{address}")
        assert sorted(text_of(one) for one in reader.soup.select("tbody th")) == sorted(names), address
    assert first < second


def test_a_students_page_tells_what_has_happened_and_who_did_it(app: Flask, post: Post, office: Office) -> None:
    enrolled = office.enrol()
    office.later(hours=1)
    office.give(enrolled)
    reader = signed_in(app, post, CAMILLA)
    reader.open(f"/staff/students/{enrolled}")
    assert reader.heading == "Veeti Korhonen, 24B"
    told = [text_of(one) for one in reader.soup.select(".story__line")]
    assert told == [
        "Ma 23.11. klo 10.52 Paikka vahvistettiin Camilla Holm",
        "Ma 23.11. klo 10.52 Maksusitoumus annettiin Camilla Holm",
        "Ma 23.11. klo 9.52 Ilmoittautuminen, paikka varattiin Opiskelija",
    ]
    assert reader.says("sari.kivi@kuusikko.example")


@pytest.mark.parametrize("below", ["", "/withdraw", "/change"])
def test_another_schools_student_is_as_if_there_were_none(app: Flask, post: Post, office: Office, below: str) -> None:
    enrolled = office.enrol(form(school_id="rantakyla"))
    reader = signed_in(app, post, CAMILLA)
    for number in (enrolled, 9999):
        assert reader.client.get(f"/staff/students/{number}{below}").status_code == 404
        if below:
            assert reader.client.post(f"/staff/students/{number}{below}", headers=SAME).status_code == 404
        else:
            assert reader.client.post(f"/staff/students/{number}/accept", headers=SAME).status_code == 404
    assert office.states(enrolled) == ("requested", "asked")


def test_cancelling_shows_its_price_first_and_twice_is_once(app: Flask, post: Post, office: Office, watch: Watch) -> None:
    enrolled = placed(office, watch)
    reader = signed_in(app, post, CAMILLA)
    reader.open(f"/staff/students/{enrolled}")
    reader.follow("Peru ilmoittautuminen…")
    assert reader.says("Strandgymnasiet maksaa 75,00 €.")
    assert office.states(enrolled) == ("placed", "given")
    reader.press("Peru ilmoittautuminen")
    assert office.states(enrolled) == ("withdrawn", "charged")
    assert reader.client.post(f"/staff/students/{enrolled}/withdraw", headers=SAME).status_code == 303
    assert office.commitment(enrolled).charged_cents == 7500
    reader.open(f"/staff/students/{enrolled}/withdraw")
    assert reader.heading == "Tässä ei ole enää peruttavaa"


def test_a_price_that_was_not_shown_is_not_charged(app: Flask, post: Post, office: Office, watch: Watch) -> None:
    enrolled = placed(office, watch)
    reader = signed_in(app, post, CAMILLA)
    reader.open(f"/staff/students/{enrolled}/withdraw")
    reader.press("Peru ilmoittautuminen", price_shown="0")
    assert reader.status == 409
    assert reader.says("oppilaitos maksaa 0,00 €, mutta nyt se maksaa 75,00 €")
    assert office.states(enrolled) == ("placed", "given")
    reader.press("Peru ilmoittautuminen")
    assert office.states(enrolled) == ("withdrawn", "charged")


def test_the_home_school_accepts_an_offered_place_for_the_student(app: Flask, post: Post, office: Office) -> None:
    leaver = office.fill(2, offering_id=P4)[0]
    waiting = office.enrol(form(offering_id=P4))
    office.give(waiting)
    office.withdraw(leaver)
    assert office.enrolment(waiting).state == "offered"
    reader = signed_in(app, post, CAMILLA)
    reader.open(f"/staff/students/{waiting}")
    reader.press("Ota paikka vastaan opiskelijan puolesta")
    assert office.states(waiting) == ("placed", "given")


def test_a_change_is_asked_and_nothing_typed_is_lost(app: Flask, post: Post, office: Office, watch: Watch) -> None:
    enrolled = placed(office, watch)
    reader = signed_in(app, post, CAMILLA)
    reader.open(f"/staff/students/{enrolled}/change")
    reader.press("Lähetä pyyntö", kind="move", text="Sairasloma, 131052-308T")
    assert reader.status == 422
    assert reader.says("Poista henkilötunnus")
    assert text_of(reader.soup.select_one("textarea")) == "Sairasloma, 131052-308T"
    reader.press("Lähetä pyyntö", kind="move", to="", text="Opiskelija on poissa.")
    assert reader.says("Valitse toteutus, johon opiskelija siirtyy")
    reader.press("Lähetä pyyntö", kind="move", to=P4, text="Opiskelija on poissa.")
    assert reader.address == f"/staff/students/{enrolled}"
    assert reader.says("Muutosta on pyydetty")
    with office.database.read() as connection:
        assert connection.execute(select(tables.change.c.to_offering_id)).scalar_one() == P4


def test_where_leaving_is_free_and_there_is_no_other_run_nothing_need_be_asked(
    app: Flask, post: Post, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled = office.enrol()
    office.give(enrolled)
    monkeypatch.setattr(students_page, "runs_to_move_to", lambda *_: ())
    reader = signed_in(app, post, CAMILLA)
    reader.open(f"/staff/students/{enrolled}/change")
    assert reader.heading == "Peruminen on nyt maksutonta"
    assert reader.soup.select("main form") == []
    reader.follow("Peru ilmoittautuminen")
    assert reader.status == 200


def test_mail_that_did_not_arrive_is_told(app: Flask, post: Post, office: Office) -> None:
    enrolled = office.enrol()
    reader = signed_in(app, post, CAMILLA)
    with office.database.write() as connection:
        mine = (tables.outbox.c.enrolment_id == enrolled) & (tables.outbox.c.kind == "receipt")
        connection.execute(tables.outbox.update().where(mine).values(sent_at=None, parked_at=office.now, last_error="550 no such mailbox"))
    reader.open(f"/staff/students/{enrolled}")
    assert reader.says("Viimeisin viestimme ei mennyt perille opiskelijan osoitteeseen veeti.korhonen@kuusikko.example.")
    with office.database.write() as connection:
        connection.execute(tables.outbox.update().where(mine).values(last_error="no longer true"))
    reader.open(f"/staff/students/{enrolled}")
    assert not reader.says("ei mennyt perille")
