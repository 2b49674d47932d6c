"""Messages to participants, and the mails about what a teacher has marked."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from enrol_service import tables
from enrol_service.mail.message import sent_messages
from enrol_service.refusals.enrolling import IdentityCodeFound, TextTooLong
from enrol_service.refusals.run import BodyMissing, MessageRefused, NobodyChosen, SubjectMissing
from tests.enrol_service.cast import CAMILLA, FY4, P3, P4, SARI, TEACHER, Office, form
from tests.enrol_service.conftest import Post, Watch

SUBJECTS = {
    "message": {
        "fi": "Viesti verkkokurssisi opettajalta",
        "sv": "Ett meddelande från läraren på din nätkurs",
        "en": "A message from the teacher of your online course",
    },
    "miss": {"fi": "Et aloittanut kurssiasi", "sv": "Du började inte på din kurs", "en": "You did not start your course"},
    "interrupt": {
        "fi": "Kurssisi on merkitty keskeytyneeksi",
        "sv": "Din kurs har antecknats som avbruten",
        "en": "Your course has been marked as interrupted",
    },
    "resume": {
        "fi": "Kurssisi jatkuu: merkintä on peruttu",
        "sv": "Din kurs fortsätter: en anteckning har ångrats",
        "en": "Your course goes on: a mark was undone",
    },
}


def placed(office: Office, email: str, language: str = "fi", *, protected: bool = False, offering_id: str = P3) -> int:
    enrolled = office.enrol(form(email=email, offering_id=offering_id, protected=protected), language)
    office.give(enrolled)
    return enrolled


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\u00a0", " ")


def messages(office: Office) -> list[tuple[str, int]]:
    with office.database.read() as connection:
        return [(one.subject, one.receivers) for one in sent_messages(connection, FY4, P3)]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_each_gets_a_mail_of_their_own_in_their_own_language(app: Flask, office: Office, post: Post, language: str) -> None:
    enrolled = placed(office, "a@strand.example", language)
    office.send("Koepäivä <siirtyy>", "Hei,\n\nkoe on perjantaina & verkossa.", [enrolled])
    mail = post.mails("a@strand.example")[-1]
    assert str(mail["Subject"]) == SUBJECTS["message"][language]
    assert str(mail["Reply-To"]) == TEACHER
    assert "Koepäivä <siirtyy>" in text_of(mail)
    assert "Hei,\n\nkoe on perjantaina & verkossa." in text_of(mail)
    assert "Hei,<br>\n<br>\nkoe on perjantaina &amp; verkossa." in text_of(mail, "html")
    assert "Fysiikan opettaja, Kuusikon lukio" in text_of(mail)
    assert "150" not in text_of(mail)  # an answer that quotes the mail goes to a teacher, who sees no sums


def test_a_protected_student_is_reached_and_the_answer_goes_to_the_coordinator(app: Flask, office: Office, post: Post) -> None:
    enrolled = placed(office, "p@strand.example", protected=True)
    office.send("Koe", "Koe on perjantaina.", [enrolled])
    mail = post.mails("p@strand.example")[-1]
    assert "Koe on perjantaina." in text_of(mail)
    assert str(mail["Reply-To"]) == office.catalogue.network.contact_email
    assert "Turvakieltosi vuoksi vastauksesi menee verkoston koordinaattorille" in text_of(mail)


def test_the_same_message_again_sends_nothing(office: Office) -> None:
    one, other = placed(office, "a@strand.example"), placed(office, "b@strand.example")
    first = office.send("Koe", "Koe on perjantaina.", [one, other])
    office.later(minutes=9)
    assert office.send(" Koe ", "Koe on perjantaina.\r\n", [other, one]) == first
    assert messages(office) == [("Koe", 2)]


def test_the_same_message_to_somebody_else_or_later_is_another(office: Office) -> None:
    one, other = placed(office, "a@strand.example"), placed(office, "b@strand.example")
    for to in ([one], [other]):
        office.send("Koe", "Koe on perjantaina.", to)
    office.send("Koe", "Koe on perjantaina.", [one], SARI)
    office.later(minutes=11)
    office.send("Koe", "Koe on perjantaina.", [one])
    assert messages(office) == [("Koe", 1)] * 4


def test_only_participants_of_the_run_are_written_to(office: Office) -> None:
    here, elsewhere = placed(office, "a@strand.example"), placed(office, "b@strand.example", offering_id=P4)
    undecided, left = office.fill_one("c@strand.example", P3), placed(office, "d@strand.example")
    office.withdraw(left)
    office.send("Koe", "Koe on perjantaina.", [here, elsewhere, undecided, left, 99999])
    with office.database.read() as connection:
        to = connection.execute(select(tables.outbox.c.to_email).where(tables.outbox.c.kind == "message")).scalars().all()
        acts = connection.execute(select(tables.act.c.name, tables.act.c.facts)).all()
    assert to == ["a@strand.example"]
    assert acts == [("write_messages", {"message": 1, "receivers": 1})]
    with pytest.raises(NobodyChosen):
        office.send("Koe", "Koe on perjantaina.", [elsewhere, undecided])


REFUSED = [
    ("", "Koe", [("subject", SubjectMissing)]),
    ("\u200b ", "", [("subject", SubjectMissing), ("body", BodyMissing)]),
    ("k" * 121, "Koe", [("subject", TextTooLong)]),
    ("Koe", "k" * 5001, [("body", TextTooLong)]),
    ("Koe", "Tunnuksesi on 010101A123N", [("body", IdentityCodeFound)]),
]


@pytest.mark.parametrize(("subject", "body", "fields"), REFUSED)
def test_every_field_that_must_be_mended_is_told(office: Office, subject: str, body: str, fields: list[tuple[str, type]]) -> None:
    enrolled = placed(office, "a@strand.example")
    with pytest.raises(MessageRefused) as refused:
        office.send(subject, body, [enrolled])
    assert [(name, type(refusal)) for name, refusal in refused.value.fields] == fields
    assert messages(office) == []


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("mark", ["miss", "interrupt", "resume"])
def test_student_and_home_school_are_told_of_a_mark(app: Flask, office: Office, post: Post, watch: Watch, mark: str, language: str) -> None:
    enrolled = placed(office, "a@strand.example", language)
    office.later(days=8)
    watch.later(days=8)
    if mark == "miss":
        office.miss(enrolled)
    else:
        office.start(enrolled, "2026-11-30")
        office.interrupt(enrolled, "2026-12-01")
    if mark == "resume":
        post.deliver()
        office.later(hours=5)
        watch.later(hours=5)
        office.resume(enrolled)
    mail, school = post.mails("a@strand.example")[-1], post.mails(CAMILLA)[-1]
    assert str(mail["Subject"]) == SUBJECTS[mark][language]
    assert "http://localhost" in text_of(mail)
    assert "http://localhost" not in text_of(school)
    assert ("75,00" in text_of(school)) is (mark != "resume")
    for one in (mail, school):
        assert "Veeti" not in text_of(one)


def test_a_mark_that_is_undone_before_its_mail_has_left_is_not_told(app: Flask, office: Office, post: Post) -> None:
    enrolled = placed(office, "a@strand.example")
    office.later(days=8)
    office.start(enrolled, "2026-11-30")
    office.interrupt(enrolled, "2026-12-01")
    office.resume(enrolled)
    kinds = [str(one["Subject"]) for one in post.mails("a@strand.example")]
    assert SUBJECTS["interrupt"]["fi"] not in kinds
