"""The home school's list of completions: new ones first, acknowledged one by one or many at once, queried, never changed."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from enrol_service.completion.answer import query, reply
from enrol_service.enrolment.participation import start
from enrol_service.tables import outbox
from tests.enrol_service.cast import ANNA, CAMILLA, CATALOGUE, FY4, P3, SARI, Office, day, form
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader, text_of
from tests.enrol_service.walk import sign_in

LIST = "/staff/completions"
NAMES = ("Aada Aho", "Veeti Korhonen", "Ville Åberg")


@pytest.fixture
def students(office: Office, watch: Watch) -> list[int]:
    """Three students of Strand, graded 8, T and 4."""
    office.now = day("2026-11-23")
    ids = [office.enrol(form(name=name, email=f"s{number}@strand.example")) for number, name in enumerate(NAMES)]
    for one in ids:
        office.give(one)
    office.now = watch.now = day("2026-12-10")
    actor = office.actor(SARI, "mark_participation")
    with office.database.write() as connection:
        for one in ids:
            start(connection, CATALOGUE, one, date(2026, 12, 1), actor, office.now)
    for one, grade in zip(ids, ("8", "T", "4"), strict=True):
        office.grade(one, grade)
    return ids


@pytest.fixture
def counsellor(app: Flask, post: Post, students: list[int]) -> Reader:
    reader = Reader(app)
    sign_in(reader, post, CAMILLA)
    reader.open(LIST)
    return reader


def acknowledge(reader: Reader, *completion_ids: int) -> None:
    data = {"completion": [str(one) for one in completion_ids]}
    reader.page = reader.client.post(f"{LIST}/acknowledge", data=data, headers={"Sec-Fetch-Site": "same-origin"})
    reader._followed()


def cells(reader: Reader) -> list[list[str]]:
    return [[text_of(cell) for cell in row.select("th, td")][1:] for row in reader.soup.select("tbody tr")]


def test_what_has_been_published_is_seen_at_once(counsellor: Reader) -> None:
    assert counsellor.status == 200
    assert counsellor.heading == "3 uutta arvosanaa"
    assert sorted((row[0], row[3]) for row in cells(counsellor)) == [
        ("Aada Aho", "8"),
        ("Veeti Korhonen", "T kesken koe"),
        ("Ville Åberg", "4 hylätty"),
    ]


def test_a_draft_is_not_seen(counsellor: Reader, students: list[int], office: Office) -> None:
    office.now = day("2026-11-23")
    drafted = office.enrol(form(name="Oona Luonnos", email="oona@strand.example"))
    office.give(drafted)
    office.now = day("2026-12-10")
    office.grade(students[0])  # nothing new
    counsellor.open(LIST)
    assert "Oona" not in counsellor.soup.get_text()
    assert counsellor.client.get(f"{LIST}/{drafted}").status_code == 404


def test_several_are_acknowledged_at_once_and_again_changes_nothing(counsellor: Reader, students: list[int], office: Office) -> None:
    ids = [office.completion(one).id for one in students]
    acknowledge(counsellor, *ids)
    assert counsellor.says("Kuittasit 3 merkintää.")
    assert counsellor.heading == "Opiskelijoidemme arvosanat"
    acknowledge(counsellor, *ids)
    assert counsellor.says("Ne oli jo kuitattu.")


def test_what_has_been_corrected_meanwhile_is_not_acknowledged(counsellor: Reader, students: list[int], office: Office) -> None:
    ids = [office.completion(one).id for one in students]
    office.correct(students[0], "9")
    acknowledge(counsellor, *ids)
    assert counsellor.says("Kuittasit 2 merkintää. 1 merkintä on sillä välin korjattu.")
    assert counsellor.heading == "1 uusi arvosana"


def test_acknowledging_comes_back_to_the_rows_that_were_shown(counsellor: Reader, students: list[int], office: Office) -> None:
    counsellor.open(f"{LIST}?q=korho&sort=student&chosen=all")
    action = str(counsellor.soup.select_one("main form[method=post]")["action"])  # type: ignore[index]
    assert action.endswith("/acknowledge?q=korho&sort=student")
    sent = {"completion": str(office.completion(students[0]).id)}
    counsellor.page = counsellor.client.post(action, data=sent, headers={"Sec-Fetch-Site": "same-origin"})
    counsellor._followed()
    assert counsellor.address.endswith("?acknowledged=1&corrected=0&q=korho&sort=student")
    assert len(counsellor.soup.select("tbody tr")) == 1


def test_nobody_chosen_is_said(counsellor: Reader) -> None:
    acknowledge(counsellor)
    assert counsellor.status == 422
    assert counsellor.says("Valitse ainakin yksi opiskelija")


@pytest.mark.parametrize(
    ("address", "names"),
    [("?q=korho", ["Veeti Korhonen"]), ("?state=acknowledged", ["Aada Aho"]), ("?subject=FY&q=ville", ["Ville Åberg"])],
)
def test_the_list_is_filtered(counsellor: Reader, students: list[int], office: Office, address: str, names: list[str]) -> None:
    acknowledge(counsellor, office.completion(students[0]).id)
    counsellor.open(LIST + address)
    assert [text_of(one) for one in counsellor.soup.select("tbody th a")] == names


def test_a_query_and_its_answer(counsellor: Reader, students: list[int], office: Office, post: Post) -> None:
    one = students[0]
    counsellor.open(f"{LIST}/{one}")
    assert counsellor.says("FY4")
    counsellor.press("Lähetä kysymys", text=" ")
    assert counsellor.status == 422
    assert counsellor.says("Kirjoita, mitä haluat kysyä")
    counsellor.press("Lähetä kysymys", text="Puuttuuko koe?\nSe tehtiin perjantaina.")
    assert counsellor.status == 200
    assert counsellor.says("Kysymys lähetetty")
    assert post.link(SARI) == f"/staff/diary/{office.completion(one).id}"
    actor = office.actor(SARI, "grade")
    with office.database.write() as connection:
        reply(connection, CATALOGUE, office.completion(one).id, "Ei puutu.", actor, office.now)
    assert post.link(CAMILLA).endswith(f"{LIST}/{one}")
    counsellor.open(f"{LIST}/{one}")
    assert counsellor.says("Ei puutu.")
    counsellor.press("Kuittaa")
    assert counsellor.says("Kuitattu")


def test_a_mail_of_a_query_leads_to_the_entry(counsellor: Reader, students: list[int], office: Office, app: Flask, post: Post) -> None:
    one = students[0]
    counsellor.open(f"{LIST}/{one}")
    counsellor.press("Lähetä kysymys", text="Puuttuuko koe?")
    link = post.link(SARI)
    teacher = Reader(app)
    sign_in(teacher, post, SARI)
    teacher.open(link)
    assert teacher.address == f"/staff/offerings/{FY4}/{P3}/diary/{one}"
    assert teacher.says("Puuttuuko koe?")
    teacher.press("Lähetä vastaus", reply="Ei puutu.")
    assert teacher.status == 200
    assert teacher.says("Ei puutu.")


def test_acknowledging_an_old_entry_says_that_there_is_a_new_one(counsellor: Reader, students: list[int], office: Office) -> None:
    one = students[0]
    counsellor.open(f"{LIST}/{one}")
    office.correct(one, "9")
    counsellor.press("Kuittaa")
    assert counsellor.status == 409
    assert counsellor.says("Opettaja on korjannut tätä sen jälkeen. Katso uusi merkintä.")
    assert counsellor.says("9")


def test_another_school_sees_none_of_it(app: Flask, post: Post, students: list[int], office: Office) -> None:
    other = Reader(app)
    sign_in(other, post, ANNA)
    other.open(LIST)
    assert "Korhonen" not in other.soup.get_text()
    assert other.client.get(f"{LIST}/{students[0]}").status_code == 404
    same = {"Sec-Fetch-Site": "same-origin"}
    number = str(office.completion(students[0]).id)
    assert other.client.post(f"{LIST}/acknowledge", data={"completion": number}, headers=same).status_code == 404
    for act in ("acknowledge", "query"):
        sent = other.client.post(f"{LIST}/{students[0]}/{act}", data={"completion": number, "text": "?"}, headers=same)
        assert sent.status_code == 404


def test_the_student_sees_the_grade_on_the_own_page(app: Flask, students: list[int], post: Post) -> None:
    student = Reader(app)
    student.open(post.link("s0@strand.example"))
    assert student.says("Arvosanasi")
    assert student.says("Fysiikka, FY4, 2 op 8")
    mail = post.mails("s0@strand.example")[-1]
    assert "Kurssistasi on uusi merkintä" in str(mail["Subject"])
    assert " 8" not in str(mail["Subject"])


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_mail_about_completions_is_written_in_each_language(office: Office, post: Post, watch: Watch, language: str) -> None:
    office.now = day("2026-11-23")
    one = office.enrol(form(name="Veeti Korhonen"), language)
    office.give(one)
    office.now = day("2026-12-10")
    office.grade(one)
    office.later(hours=5)  # sooner, and a digest would tell it
    office.correct(one, "9")
    office.later(hours=5)
    watch.now = office.now
    completion = office.completion(one)
    asker, answerer = office.actor(CAMILLA, "answer_completions"), office.actor(SARI, "grade")
    with office.database.write() as connection:
        query(connection, CATALOGUE, completion.id, "Puuttuuko koe?", asker, office.now)
        reply(connection, CATALOGUE, completion.id, "Ei puutu.", answerer, office.now)
        connection.execute(outbox.update().values(language=language))
    post.deliver()
    to = ("veeti.korhonen@kuusikko.example", CAMILLA, SARI)
    subjects = [str(mail["Subject"]) for one_ in to for mail in post.mails(one_)]
    expected = {
        "fi": {
            "Kurssistasi on uusi merkintä",
            "1 opiskelijanne on arvioitu",
            "Opiskelijanne merkintä on korjattu",
            "Opiskelijan oppilaitos kysyy merkinnästä",
            "Kysymykseesi merkinnästä on vastattu",
        },
        "sv": {
            "Det finns en ny anteckning om din kurs",
            "1 av era studerande har bedömts",
            "En anteckning om en av era studerande har rättats",
            "En studerandes läroanstalt frågar om en anteckning",
            "Din fråga om en anteckning har besvarats",
        },
        "en": {
            "Your teacher has made an entry about your course",
            "1 student of yours has been assessed",
            "An entry about a student of yours has been corrected",
            "A home school asks about an entry",
            "Your question about an entry has been answered",
        },
    }[language]
    assert expected <= set(subjects)
    for mail in (mail for one_ in to for mail in post.mails(one_)):
        assert "Veeti" not in str(mail)
        assert "Puuttuuko" not in str(mail)


def test_the_mail_of_a_query_tells_no_school_of_a_protected_student(office: Office, post: Post, watch: Watch) -> None:
    office.now = day("2026-11-23")
    one = office.enrol(form(name="Tero Turvakielto", email="tero@strand.example", protected=True))
    office.give(one)
    office.now = watch.now = day("2026-12-10")
    office.grade(one)
    asker = office.actor(CAMILLA, "answer_completions")
    with office.database.write() as connection:
        query(connection, CATALOGUE, office.completion(one).id, "Puuttuuko koe?", asker, office.now)
    mail = post.mails(SARI)[-1]
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert not [word for word in ("Tero", "Strand", "150", "200") if word in text]
    assert "FY4" in text
