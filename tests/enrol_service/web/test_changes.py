"""The pages of late changes: what each side sees of a request, and who may answer it."""

from __future__ import annotations

import re
from itertools import product

import pytest
from flask import Flask

from enrol_service.events import THE_STUDENT
from enrol_service.mail.mails import render
from enrol_service.mail.outbox import Message
from enrol_service.service import Service
from tests.enrol_service.cast import ANNA, CAMILLA, P4, PIA, SARI, TEACHER, Office, day, form
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader, text_of
from tests.enrol_service.walk import sign_in

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def asked(office: Office, watch: Watch) -> tuple[int, int]:
    """Veeti's enrolment on a course that has begun, and what Camilla asks for him."""
    return ask(office, watch)


def ask(office: Office, watch: Watch, *, protected: bool = False) -> tuple[int, int]:
    enrolled = office.enrol(form(protected=protected))
    office.give(enrolled)
    office.now = watch.now = day("2026-12-02")
    return enrolled, office.ask_change(enrolled, "leave_free", "Opiskelija muutti pois.")


def signed_in(app: Flask, post: Post, email: str) -> Reader:
    reader = Reader(app)
    sign_in(reader, post, email)
    return reader


def test_the_coordinator_answers_and_the_list_empties(app: Flask, post: Post, office: Office, asked: tuple[int, int]) -> None:
    reader = signed_in(app, post, SARI)
    reader.open("/staff/changes")
    assert reader.heading == "1 muutospyyntö odottaa vastaustasi"
    reader.follow("Veeti Korhonen")
    assert reader.says("Opiskelija muutti pois.")
    assert reader.says("75,00 €")
    reader.press("Lähetä vastaus", accepted="yes")
    assert reader.says("Koordinaattori Sari Kivi hyväksyi tämän ke 2.12. klo 9.52")
    assert office.states(asked[0]) == ("withdrawn", "released")
    reader.open("/staff/changes")
    assert reader.says("Kaikkiin on vastattu.")


def test_an_answer_without_a_choice_or_a_reason_comes_back_as_it_was_typed(app: Flask, post: Post, asked: tuple[int, int]) -> None:
    reader = signed_in(app, post, SARI)
    reader.open(f"/staff/changes/{asked[1]}")
    reader.press("Lähetä vastaus", text="Kurssi on jo pitkällä.")
    assert (reader.status, text_of(reader.soup.select_one("textarea"))) == (422, "Kurssi on jo pitkällä.")
    assert reader.says("Valitse, hyväksytkö vai hylkäätkö")
    reader.press("Lähetä vastaus", accepted="no", text=" ")
    assert reader.says("Kirjoita, miksi hylkäät")
    assert reader.soup.select_one("input[value=no][checked]") is not None


def test_a_second_answer_says_who_answered_and_when(app: Flask, post: Post, office: Office, asked: tuple[int, int]) -> None:
    reader = signed_in(app, post, SARI)
    reader.open(f"/staff/changes/{asked[1]}")
    office.answer_change(asked[1], accepted=False, text="Ei enää.")
    reader.press("Lähetä vastaus", accepted="yes")
    assert reader.says("Koordinaattori Sari Kivi ei hyväksynyt tätä")
    assert office.states(asked[0]) == ("placed", "given")


def test_the_home_school_sees_its_requests_and_takes_them_back(app: Flask, post: Post, office: Office, asked: tuple[int, int]) -> None:
    reader = signed_in(app, post, CAMILLA)
    reader.open("/staff/changes")
    assert reader.says("Odottaa vastausta")
    reader.follow("Veeti Korhonen")
    assert not reader.soup.select("input[name=accepted]")
    reader.press("Peru pyyntö")
    assert reader.says("Camilla Holm perui pyynnön")
    assert not office.answer_change(asked[1], accepted=True)


@pytest.mark.parametrize(
    ("email", "page", "answer"), [(SARI, 200, 303), (CAMILLA, 200, 404), (PIA, 404, 403), (ANNA, 404, 403), (TEACHER, 403, 403)]
)
def test_a_request_is_read_by_both_sides_and_answered_by_one(
    app: Flask, post: Post, office: Office, asked: tuple[int, int], email: str, page: int, answer: int
) -> None:
    reader = signed_in(app, post, email)
    sent = {"accepted": "no", "text": "Ei."}
    assert reader.client.get(f"/staff/changes/{asked[1]}").status_code == page
    assert reader.client.post(f"/staff/changes/{asked[1]}/answer", data=sent, headers=SAME).status_code == answer
    assert office.states(asked[0]) == ("placed", "given")


def test_of_a_protected_student_the_coordinator_sees_the_alias_alone(app: Flask, post: Post, office: Office, watch: Watch) -> None:
    enrolled, change = ask(office, watch, protected=True)
    reader = signed_in(app, post, SARI)
    for address in ("/staff/changes", f"/staff/changes/{change}"):
        text = reader.client.get(address).get_data(as_text=True)
        assert office.enrolment(enrolled).alias in text
        assert not [word for word in ("Veeti", "Korhonen", "24B", "Strand", "Camilla", "75,00", "150,00") if word in text], address
    for mail in post.mails(SARI):
        assert not [word for word in ("Korhonen", "Strand", "75,00", "150,00") if word in mail.as_string()]


def test_every_mail_about_a_change_is_written_in_every_language(service: Service, office: Office, watch: Watch) -> None:
    """Free or a move, asked by the school or the student, answered yes or no; no name and no course in a subject."""
    cases = [(kind, by, accepted) for kind, by, accepted in product(("leave_free", "move"), ("school", "student"), (True, False))]
    for number, (kind, by, accepted) in enumerate(one for one in cases if one[:2] != ("move", "student")):
        office.now = watch.now = day("2026-11-23")
        enrolled = office.enrol(form(email=f"student{number}@strand.example"))
        office.give(enrolled)
        office.now = day("2026-12-02")
        actor = THE_STUDENT if by == "student" else None
        change = office.ask_change(enrolled, kind, actor=actor, to_offering_id=P4 if kind == "move" else None)
        written(service, office, "change_asked", None, change)
        office.answer_change(change, accepted=accepted, text="Näin sovittiin.")
        written(service, office, "own_change_answered" if by == "student" else "change_answered", enrolled, change)
        message = Message(1, "change_asked", "a@b.fi", "fi", None, None, {"change": change}, "m", office.now, 0)
        with service.database.read() as connection:
            assert render(connection, service, message, office.now) is None, "it has been answered"


def written(service: Service, office: Office, kind: str, enrolment_id: int | None, change_id: int) -> None:
    texts = set()
    for language in ("fi", "sv", "en"):
        message = Message(1, kind, "a@b.fi", language, enrolment_id, "AbCdEfGh01234567", {"change": change_id}, "m", office.now, 0)
        with service.database.read() as connection:
            mail = render(connection, service, message, office.now)
        assert mail is not None
        bodies = [str(part.get_content()) for form_ in ("plain", "html") if (part := mail.get_body((form_,)))]
        assert not re.search(r"Korhonen|FY4|Voima", str(mail["Subject"]))
        assert all("http://localhost" in body and "Korhonen" not in body for body in bodies)
        assert not re.search(r"%\(|\{\{|None", bodies[0])
        assert kind == "change_asked" or "Näin sovittiin." in bodies[0]
        texts.add(bodies[0])
    assert len(texts) == 3
