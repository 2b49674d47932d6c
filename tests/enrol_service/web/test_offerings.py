"""The offering school's pages: its runs, marking participants, the queue, cancelling a run, who teaches what."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import Tag
from flask import Flask

from enrol_service.school.accounts import grant
from tests.enrol_service.cast import ANNA, CAMILLA, FY4, P3, P4, SARI, TEACHER, Office, day, form
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader, text_of
from tests.enrol_service.walk import sign_in

RUN, QUEUED = f"/staff/offerings/{FY4}/{P3}", f"/staff/offerings/{FY4}/{P4}"
OTHER_TEACHER = "muu.opettaja@kuusikko.example"
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def sari(app: Flask, post: Post) -> Reader:
    reader = Reader(app)
    sign_in(reader, post, SARI)
    return reader


@pytest.fixture
def teacher(app: Flask, post: Post) -> Reader:
    reader = Reader(app)
    sign_in(reader, post, TEACHER)
    return reader


def placed(office: Office, email: str, name: str = "Veeti Korhonen") -> int:
    enrolled = office.enrol(form(email=email, name=name))
    office.give(enrolled)
    return enrolled


def rows(reader: Reader) -> list[str]:
    return [text_of(row) for row in reader.soup.select("main tbody tr") if isinstance(row, Tag)]


def post_marks(reader: Reader, run: str = RUN, **fields: Any) -> int:
    reader.page = reader.client.post(f"{run}/marks", data=fields, headers=SAME)
    return reader.page.status_code


def test_the_list_says_how_each_run_stands(app: Flask, post: Post, sari: Reader, office: Office, watch: Watch) -> None:
    office.give(office.enrol())
    office.fill(3, offering_id=P4)
    sari.open("/staff/offerings")
    (third,) = [row for row in rows(sari) if "30.11." in row and "FY4" in row]
    assert "1 / 10" in third
    assert "1 / 2 päätös" in third
    (fourth,) = [row for row in rows(sari) if "8.2.–9.4.2027" in row and "FY4" in row]
    assert "2 / 2 1" in fourth.replace("Paikkoja varattu", "").replace("  ", " ")
    watch.now = day("2026-11-30")
    later = Reader(app)
    sign_in(later, post, SARI)
    later.open("/staff/offerings?sort=awaiting&order=down")
    assert "FY4" in rows(later)[0]
    assert rows(later)[0].endswith(" 1")


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=derivaatta", 1), ("state=cancelled", 1), ("subject=MAA", 1), ("q=voima+liike", 3), ("q=ei+mitään", 0)],
)
def test_the_list_is_filtered(sari: Reader, query: str, found: int) -> None:
    sari.open(f"/staff/offerings?{query}")
    assert len(rows(sari)) == found


def test_a_teacher_marks_first_contact_of_those_chosen(teacher: Reader, office: Office) -> None:
    chosen, other = placed(office, "a@strand.example"), placed(office, "b@strand.example")
    assert post_marks(teacher, mark="start", on="2026-11-23", student=[str(chosen)]) == 303
    assert post_marks(teacher, mark="start", on="23.11.2026", student=[str(chosen)]) == 409
    assert teacher.says("Veeti Korhonen: merkintä oli jo tehty, Fysiikan opettaja, ma 23.11. klo 9.52.")
    assert (office.enrolment(chosen).state, office.enrolment(other).state) == ("active", "placed")


def test_after_marking_the_page_says_what_was_done(teacher: Reader, office: Office) -> None:
    chosen = [placed(office, f"{name}@strand.example") for name in "ab"]
    assert post_marks(teacher, mark="start", on="2026-11-23", student=[str(one) for one in chosen]) == 303
    teacher._followed()
    assert teacher.says("Merkitsit yhteydenoton 2 opiskelijalle.")
    assert teacher.says("Yhteys otettu 23.11.")
    teacher.open(f"{QUEUED}?marked=yes")
    assert teacher.soup.select_one(".notice--ok") is None


def test_marking_comes_back_to_the_rows_that_were_shown(teacher: Reader, office: Office) -> None:
    chosen = [placed(office, f"{name}@strand.example") for name in "ab"]
    teacher.open(f"{RUN}?state=placed&sort=enrolled&order=down&chosen=all&q=veeti")
    assert len(teacher.soup.select("[name=student][checked]")) == 2
    action = str(teacher.soup.select_one("form.marks")["action"])  # type: ignore[index]
    assert action == f"{RUN}/marks?q=veeti&state=placed&sort=enrolled&order=down"
    every = next(str(one["href"]) for one in teacher.soup.select("a") if one.get_text() == "Valitse kaikki")
    assert every == "?chosen=all&q=veeti&state=placed&sort=enrolled&order=down"
    sent = {"mark": "start", "on": "2026-11-23", "student": [str(chosen[0])]}
    teacher.page = teacher.client.post(action, data=sent, headers={"Sec-Fetch-Site": "same-origin"})
    teacher._followed()
    assert teacher.address == f"{RUN}?marked=yes&q=veeti&state=placed&sort=enrolled&order=down"
    assert len(teacher.soup.select("tbody [name=student]")) == 1


def test_enter_in_the_field_of_the_day_marks_nobody(teacher: Reader, office: Office) -> None:
    placed(office, "a@strand.example")
    teacher.open(RUN)
    first = teacher.soup.select_one("form.marks button")
    assert first is not None
    assert first.has_attr("disabled"), "a disabled default button stops the implicit submission (HTML, 4.10.21.2)"


@pytest.mark.parametrize("email", ["a?bcc=x@strand.example"])
def test_an_address_writes_no_headers_of_the_teacher_s_mail(teacher: Reader, office: Office, email: str) -> None:
    placed(office, email)
    teacher.open(RUN)
    assert teacher.soup.select_one('main a[href="mailto:a%3Fbcc%3Dx@strand.example"]') is not None


def test_the_teacher_never_reads_who_gave_the_place_of_a_protected_student(teacher: Reader, office: Office) -> None:
    enrolled = office.enrol(form(protected=True))
    office.give(enrolled)
    assert post_marks(teacher, mark=f"resume:{enrolled}") == 409
    assert "merkintä oli jo tehty, Kotioppilaitos" in text_of(teacher.soup.main)
    assert "Camilla" not in teacher.soup.get_text()
    assert "Strand" not in text_of(teacher.soup.main)


def test_the_button_of_a_row_marks_that_student_alone(teacher: Reader, office: Office) -> None:
    first, other = placed(office, "a@strand.example"), placed(office, "b@strand.example")
    assert post_marks(teacher, mark=f"start:{first}", on="2026-11-23", student=[str(other)]) == 303
    assert (office.enrolment(first).state, office.enrolment(other).state) == ("active", "placed")
    assert post_marks(teacher, mark=f"resume:{first}") == 303
    assert office.enrolment(first).state == "placed"


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"mark": "start", "on": "2026-11-23"}, 422, "Valitse ainakin yksi opiskelija"),
        ({"mark": "start", "on": "eilen", "student": ["1"]}, 422, "Kirjoita päivä, esimerkiksi 30.11.2026"),
        ({"mark": "start", "on": "2026-11-24", "student": ["1"]}, 409, "Päivä on vasta tulossa."),
        ({"mark": "miss", "student": ["1"]}, 409, "Vielä ei voi sanoa, kuka ei aloittanut."),
        ({"mark": "start", "on": "2026-11-23", "student": ["x", "999999999999", "²"]}, 422, "Valitse ainakin yksi opiskelija"),
        ({"mark": "graduate", "student": ["1"]}, 400, "Pyyntöä ei voitu lukea."),
    ],
)
def test_what_cannot_be_marked_is_said_and_changes_nothing(
    teacher: Reader, office: Office, fields: dict[str, Any], status: int, sentence: str
) -> None:
    enrolled = placed(office, "a@strand.example")
    assert enrolled == 1
    assert post_marks(teacher, **fields) == status
    assert teacher.says(sentence)
    assert office.states(enrolled) == ("placed", "given")


def test_nobody_is_marked_from_another_runs_page_or_before_the_place_is_confirmed(teacher: Reader, office: Office) -> None:
    elsewhere, undecided = placed(office, "a@strand.example"), office.fill_one("b@strand.example", P4)
    assert post_marks(teacher, QUEUED, mark="start", on="2026-11-23", student=[str(elsewhere), str(undecided)]) == 422
    assert office.enrolment(elsewhere).state == "placed"


def test_a_contact_person_sees_and_does_not_mark(app: Flask, post: Post, office: Office) -> None:
    placed(office, "a@strand.example")
    anna = Reader(app)
    sign_in(anna, post, ANNA)
    anna.open(RUN)
    assert anna.says("Veeti Korhonen")
    assert not anna.soup.select("input[name=student], button[name=mark]")
    assert post_marks(anna, mark="start:1", on="2026-11-23") == 403


def give_course(sari: Reader, *emails: str) -> None:
    answer = sari.client.post(f"/staff/teachers/{FY4}", data={"teacher": list(emails)}, headers=SAME)
    assert answer.status_code == 303


def another_teacher(app: Flask, post: Post, office: Office) -> Reader:
    with office.database.write() as connection:
        grant(connection, OTHER_TEACHER, "kuusikko", "Muu Opettaja", "fi", ["teacher"], office.now)
    reader = Reader(app)
    sign_in(reader, post, OTHER_TEACHER)
    return reader


def test_a_teacher_sees_own_courses_and_those_given_to_nobody(
    app: Flask, post: Post, sari: Reader, teacher: Reader, office: Office
) -> None:
    placed(office, "a@strand.example")
    other = another_teacher(app, post, office)
    other.open("/staff/offerings")
    assert any("FY4" in row for row in rows(other))
    give_course(sari, TEACHER)
    for page, words in (("/staff/offerings", "FY4"), ("/staff/participants.csv?school=kuusikko", "Veeti")):
        assert words not in other.client.get(page).get_data(as_text=True)
        assert words in teacher.client.get(page).get_data(as_text=True)
        assert words in sari.client.get(page).get_data(as_text=True)
    for below in ("", "/messages", "/messages/new", "/participants.csv"):
        assert other.client.get(RUN + below).status_code == 404
        assert teacher.client.get(RUN + below).status_code == 200
    assert post_marks(other, mark="start:1", on="2026-11-23") == 404
    give_course(sari)
    assert other.client.get(RUN).status_code == 200


def test_a_course_is_given_only_to_teachers_and_coordinators_of_the_school(sari: Reader, teacher: Reader, office: Office) -> None:
    sari.open("/staff/teachers/kuusikko")
    sari.follow("FY4")
    sari.press("Tallenna", teacher=TEACHER)
    assert sari.says("Fysiikan opettaja")
    answer = sari.client.post(f"/staff/teachers/{FY4}", data={"teacher": [ANNA]}, headers=SAME)
    assert answer.status_code == 422
    assert sari.client.get("/staff/teachers/strand").status_code == 404
    assert teacher.client.get("/staff/teachers/kuusikko").status_code == 403


def test_the_queue_is_moved_with_a_reason_and_the_log_says_so(sari: Reader, office: Office) -> None:
    office.fill(2, offering_id=P4)
    first, second = (office.fill_one(f"q{number}@strand.example", P4) for number in range(2))
    sari.open(QUEUED)
    number = f"T-2026-{second:05}"
    assert sari.says(f"2 {number}")
    sari.follow("Muuta jonon järjestystä")
    sari.press("Siirrä", enrolment=str(second), rank="1")
    assert (sari.status, office.rank(second)) == (422, 2)
    assert sari.soup.select_one("#rank[value='1']") is not None
    sari.press("Siirrä", enrolment=str(second), rank="7", reason="agreed")
    assert sari.status == 422
    sari.press("Siirrä", enrolment=str(second), rank="1", reason="agreed")
    assert sari.says(f"{number} on nyt jonossa sijalla 1.")
    assert sari.says(f"{number} 2 → 1 Oppilaitokset ovat sopineet siitä") or sari.says(f"{number} 2 → 1")
    assert (office.rank(first), office.rank(second)) == (2, 1)
    for word in ("q1@", "Korhonen", "Strand"):
        assert not sari.says(word)


def said_to(post: Post, email: str) -> str:
    """What the newest mail to somebody says."""
    body = post.mails(email)[-1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_run_is_cancelled_after_a_reason_and_a_second_look(sari: Reader, office: Office, post: Post, watch: Watch) -> None:
    seated, asked = placed(office, "a@strand.example"), office.fill_one("b@strand.example", P3)
    sari.open(RUN)
    sari.follow("Peru toteutus…")
    assert sari.says("1 osallistuja")
    sari.press("Jatka")
    assert (sari.status, sari.says("Kirjoita, miksi toteutus perutaan.")) == (422, True)
    sari.press("Jatka", reason="Opettaja on sairaana.\nKeväällä on uusi kurssi.")
    assert office.states(seated) == ("placed", "given")
    sari.press("Peru toteutus kaikilta", do="cancel")
    assert {office.states(one) for one in (seated, asked)} == {("cancelled", "released")}
    assert sari.says("Koordinaattori Sari Kivi perui tämän toteutuksen ma 23.11. klo 9.52.")
    assert sari.says("Opettaja on sairaana. Keväällä on uusi kurssi.")
    assert sari.says("courses/kuusikko/fy4-voima-ja-liike.md")
    assert not sari.soup.select("main form button")
    for page in ("cancel", "messages/new"):
        sari.open(f"{RUN}/{page}")
        assert sari.address == RUN
    assert post_marks(sari, mark=f"start:{seated}", on="2026-11-23") == 303
    assert office.enrolment(seated).state == "cancelled"
    for to in ("a@strand.example", "b@strand.example"):
        assert "Opettaja on sairaana." in said_to(post, to)
    watch.later(hours=5)  # the home school was asked just before, so that it is told in the next digest
    assert "Voima ja liike: Inställd" in said_to(post, CAMILLA)


def test_a_run_that_the_content_has_cancelled_has_no_buttons_either(app: Flask, post: Post) -> None:
    camilla = Reader(app)
    sign_in(camilla, post, CAMILLA)
    run = "/sv/staff/offerings/strand/fy1-fysik/2027-p4"
    camilla.open(run)
    assert camilla.says("Enligt kursfilen är den här omgången inställd.")
    assert not camilla.soup.select("main form button")
    camilla.open(f"{run}/cancel")
    assert camilla.address == run


def test_only_a_coordinator_cancels_and_moves(teacher: Reader, office: Office) -> None:
    for page in ("cancel", "queue"):
        assert teacher.client.get(f"{RUN}/{page}").status_code == 403
    answer = teacher.client.post(f"{RUN}/cancel", data={"reason": "Ei.", "do": "cancel"}, headers=SAME)
    assert answer.status_code == 403


def test_seats_kept_for_a_school_are_told_until_they_are_let_go(app: Flask, post: Post, watch: Watch) -> None:
    camilla = Reader(app)
    sign_in(camilla, post, CAMILLA)
    camilla.open("/sv/staff/offerings/strand/fy1-fysik/2026-p3")
    assert camilla.says("5 platser är reserverade för Kuusikon lukio till tors 26.11")
    watch.now = day("2026-11-26")
    camilla.open("/sv/staff/offerings/strand/fy1-fysik/2026-p3")
    assert not camilla.says("reserverade för")
