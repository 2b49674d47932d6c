"""Writing to participants: written, looked at, sent once; what was typed is never lost."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.enrol_service.cast import ANNA, FY4, P3, TEACHER, Office, form
from tests.enrol_service.conftest import Post
from tests.enrol_service.reader import Reader
from tests.enrol_service.walk import sign_in

MESSAGES = f"/staff/offerings/{FY4}/{P3}/messages"
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def teacher(app: Flask, post: Post) -> Reader:
    reader = Reader(app)
    sign_in(reader, post, TEACHER)
    return reader


def placed(office: Office, email: str, *, protected: bool = False) -> int:
    enrolled = office.enrol(form(email=email, protected=protected))
    office.give(enrolled)
    return enrolled


def got(post: Post, email: str) -> int:
    return sum("Viesti verkkokurssisi opettajalta" in str(one["Subject"]) for one in post.mails(email))


def test_a_message_is_looked_at_and_then_sent_to_everybody(teacher: Reader, office: Office, post: Post) -> None:
    for number in range(2):
        placed(office, f"s{number}@strand.example")
    placed(office, "p@strand.example", protected=True)
    teacher.open(f"{MESSAGES}/new")
    teacher.press("Katso ennen lähettämistä", subject="Koe", body="Koe on\n\nperjantaina.", whom="all")
    assert teacher.heading == "Lähetetäänkö 3 opiskelijalle?"
    assert teacher.says("Opiskelija ")  # the protected one, by the alias
    assert "p@strand.example" not in teacher.soup.get_text()
    assert [got(post, f"s{number}@strand.example") for number in range(2)] == [0, 0]
    teacher.press("Lähetä", do="send")
    assert teacher.says("Lähetetty 3 opiskelijalle ma 23.11. klo 9.52.")
    assert teacher.says("Fysiikan opettaja, ma 23.11. klo 9.52, 3 opiskelijalle")
    assert [got(post, f"{name}@strand.example") for name in ("s0", "s1", "p")] == [1, 1, 1]


def send(reader: Reader, **fields: object) -> int:
    reader.page = reader.client.post(f"{MESSAGES}/new", data={"do": "send", **fields}, headers=SAME)
    return reader.page.status_code


def test_a_double_click_sends_once(teacher: Reader, office: Office, post: Post) -> None:
    placed(office, "a@strand.example")
    fields: dict[str, object] = {"subject": "Koe", "body": "Koe on perjantaina.", "whom": "all"}
    assert [send(teacher, **fields), send(teacher, **fields)] == [303, 303]
    assert got(post, "a@strand.example") == 1


def test_those_chosen_get_it_and_others_do_not(teacher: Reader, office: Office, post: Post) -> None:
    chosen, _ = placed(office, "a@strand.example"), placed(office, "b@strand.example")
    send(teacher, subject="Koe", body="Koe on perjantaina.", whom="chosen", student=[str(chosen)])
    assert [got(post, f"{name}@strand.example") for name in "ab"] == [1, 0]


@pytest.mark.parametrize("pressed", ["send", "look", "change"])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"subject": "", "body": "Koe on perjantaina.", "whom": "all"}, "Kirjoita aihe"),
        ({"subject": "Koe", "body": " ", "whom": "all"}, "Kirjoita viesti"),
        ({"subject": "Koe", "body": "Koe on perjantaina.", "whom": "chosen"}, "Valitse ainakin yksi opiskelija"),
        ({"subject": "Koe", "body": "Koe on perjantaina."}, "Valitse, kenelle viesti menee"),
        ({"subject": "Koe", "body": "Koe on perjantaina.", "whom": "x"}, "Valitse, kenelle viesti menee"),
        ({"subject": "Koe", "body": "Sinun arvosanasi", "whom": "all", "student": "1"}, "viesti menisi kaikille"),
        ({"subject": "Koe", "body": "Tunnus 010101A123N", "whom": "all"}, "Poista henkilötunnus."),
    ],
)
def test_a_form_that_must_be_mended_keeps_what_was_typed(
    teacher: Reader, office: Office, post: Post, typed: dict[str, str], sentence: str, pressed: str
) -> None:
    placed(office, "a@strand.example")
    assert send(teacher, **typed, do=pressed) == 422
    assert teacher.says(sentence)
    assert str(teacher.soup.select_one("#subject")["value"]) == typed["subject"]  # type: ignore[index]
    assert teacher.soup.select_one("#body").get_text().strip() == typed["body"].strip()  # type: ignore[union-attr]
    assert got(post, "a@strand.example") == 0


def test_a_contact_person_reads_what_was_sent_and_does_not_write(app: Flask, post: Post, office: Office) -> None:
    office.send("Koe", "Koe on perjantaina.", [placed(office, "a@strand.example")])
    anna = Reader(app)
    sign_in(anna, post, ANNA)
    anna.open(MESSAGES)
    assert anna.says("Koe on perjantaina.")
    assert anna.client.get(f"{MESSAGES}/new").status_code == 403
