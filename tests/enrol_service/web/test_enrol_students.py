"""Staff of the home school enrol one student or many: a look at each row, then the act, once."""

from __future__ import annotations

import contextlib
import io
import json
import re

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from enrol_service.enrolment.enrol import enrol
from enrol_service.enrolment.spreadsheet import MOST_BYTES
from enrol_service.tables import account, enrolment
from tests.enrol_service.cast import ANNA, CAMILLA, FY4, P3, P4, SARI, Office, form
from tests.enrol_service.conftest import Post
from tests.enrol_service.reader import Reader, text_of, values_of
from tests.enrol_service.walk import sign_in

PAGE = "/staff/students/enrol"
SAME = {"Sec-Fetch-Site": "same-origin"}
TABLE = "Nimi;Sähköposti;Ryhmä;Oppimäärä\nAino Aalto;aino@strand.example;24B;nuoret\nEino Berg;eino@strand.example;25A;aikuiset\n"
ONE = {"run": f"{FY4} {P3}", "name": "Aino Aalto", "email": "aino@strand.example", "group": "24B", "syllabus": "nuoret"}


@pytest.fixture
def camilla(app: Flask, post: Post) -> Reader:
    reader = Reader(app)
    sign_in(reader, post, CAMILLA)
    return reader


def count(office: Office) -> int:
    with office.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(enrolment)).scalar_one())


def check(reader: Reader, table: str = TABLE, run: str = f"{FY4} {P3}", **more: str) -> None:
    reader.open(PAGE)
    reader.press("Tarkista taulukko", run=run, table=table, **more)


def test_a_pasted_table_is_looked_at_and_then_done(camilla: Reader, office: Office, post: Post) -> None:
    check(camilla)
    assert camilla.status == 200
    assert camilla.says("2 opiskelijaa ilmoitetaan.")
    assert camilla.says("Strandgymnasiet sitoutuu maksamaan 300,00 €.")
    assert count(office) == 0
    camilla.press("Ilmoita 2 opiskelijaa, 300\u00a0€")
    assert camilla.heading == "2 opiskelijaa ilmoitettu"
    assert [office.states(number) for number in (1, 2)] == [("placed", "given")] * 2
    mail = post.mails("aino@strand.example")[0]
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Camilla Holm, Strandgymnasiet, har anmält dig, och läroanstalten betalar." in " ".join(body.get_content().split())
    assert "Aino" not in mail["Subject"]


def test_the_same_page_sent_twice_enrols_once(camilla: Reader, office: Office) -> None:
    check(camilla)
    sent = values_of(camilla._form_of("Ilmoita 2"))
    first = camilla.client.post(f"{PAGE}/do?way=many", data=sent, headers=SAME)
    second = camilla.client.post(f"{PAGE}/do?way=many", data=sent, headers=SAME)
    assert (first.status_code, second.status_code, count(office)) == (200, 200, 2)
    assert b"2 opiskelijaa ilmoitettu" in second.data


def test_wrong_rows_are_told_at_the_cell_and_come_back_to_be_mended(camilla: Reader, office: Office) -> None:
    check(camilla, TABLE + "X;väärä;24B;nuoret\n", all_or_none="")
    assert camilla.says("1 rivi pitää korjata.")
    assert camilla.says("Kirjoita opiskelijan etu- ja sukunimi")
    camilla.press("Ilmoita 2 opiskelijaa")
    assert camilla.says("1 rivi jäi pois.")
    assert count(office) == 2
    left = camilla.soup.select_one("textarea")
    assert left is not None
    assert left.get_text().split("\n")[1].startswith("X\tväärä")
    camilla.press("Tarkista uudelleen", table=left.get_text().replace("X\tväärä", "Siiri Niemi\tsiiri@strand.example"))
    camilla.press("Ilmoita 1 opiskelija")
    assert count(office) == 3


def test_all_or_none_offers_no_button_and_does_nothing_when_forged(camilla: Reader, office: Office) -> None:
    check(camilla, TABLE + "X;y;;\n", all_or_none="yes")
    assert camilla.says("ketään ei voi ilmoittaa ennen kuin jokainen rivi on oikein")
    assert not camilla.soup.select('input[name="rows"]')
    rows = json.dumps([[2, ONE, 15000], [3, {"name": "X"}, None]])
    camilla.client.post(f"{PAGE}/do?way=many", data={"rows": rows, "key": "k" * 8, "all_or_none": "yes"}, headers=SAME)
    assert count(office) == 0


def test_the_queue_is_told_before_and_after(camilla: Reader, office: Office) -> None:
    office.fill(1, offering_id=P4)
    check(camilla, run=f"{FY4} {P4}")
    assert camilla.says("Heistä 1 menee jonoon.")
    assert camilla.says("Jono, sija 1")
    camilla.press("Ilmoita 2 opiskelijaa")
    assert camilla.says("Heistä 1 on jonossa.")


def test_a_request_is_updated_and_approved(camilla: Reader, office: Office) -> None:
    asked = office.enrol(form(name="Aino Aalto", email="aino@strand.example"))
    check(camilla, TABLE.split("\nEino")[0])
    assert camilla.says("ja opiskelijan pyyntö hyväksytään")
    camilla.press("Päivitä")
    assert office.states(asked) == ("placed", "given")
    assert office.enrolment(asked).enrolled_by_id is None


def test_one_student_by_a_form(camilla: Reader, office: Office) -> None:
    camilla.open(f"{PAGE}?way=one")
    camilla.press("Tarkista", **{**ONE, "name": "A", "group": ""})
    assert camilla.status == 422
    assert values_of(camilla._form_of("Tarkista"))["email"] == ONE["email"]
    assert camilla.says("Kirjoita opiskelijan ryhmä, esimerkiksi 24B")
    camilla.press("Tarkista", **ONE)
    assert camilla.says("1 opiskelija ilmoitetaan.")
    camilla.press("Muuta tietoja")
    assert ONE.items() <= values_of(camilla._form_of("Tarkista")).items()
    camilla.press("Tarkista")
    camilla.press("Ilmoita 1 opiskelija, 150\u00a0€")
    assert camilla.heading == "1 opiskelija ilmoitettu"
    assert office.states(1) == ("placed", "given")


def upload(reader: Reader, content: bytes, run: str = f"{FY4} {P3}") -> None:
    """Send a file as a browser does."""
    head = 'Content-Disposition: form-data; name="file"; filename="opiskelijat.xlsx"\r\nContent-Type: application/octet-stream'
    parts = [f'Content-Disposition: form-data; name="run"\r\n\r\n{run}'.encode(), head.encode() + b"\r\n\r\n" + content]
    body = b"".join(b"--cut\r\n" + part + b"\r\n" for part in parts) + b"--cut--\r\n"
    reader.page = reader.client.post(f"{PAGE}?way=many", data=body, headers=SAME, content_type="multipart/form-data; boundary=cut")


def test_a_workbook_is_uploaded(camilla: Reader, office: Office) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(TABLE.splitlines()):
            sheet.write_row(number, 0, line.split(";"))
    upload(camilla, out.getvalue())
    camilla.press("Ilmoita 2 opiskelijaa")
    assert count(office) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "Tiedostoa ei voitu lukea."),
        (b"x" * (MOST_BYTES + 1), "Taulukko on liian suuri: enintään 1 Mt."),
        (b"x" * (6 * MOST_BYTES), "Taulukko on liian suuri: enintään 1 Mt."),
        (b"Veeti;veeti@x.fi", "Ensimmäisellä rivillä pitää olla sarakkeiden otsikot."),
        (b"Nimi;S\xc3\xa4hk\xc3\xb6posti\n" + b"A B;a@x.fi\n" * 501, "Taulukossa on liikaa rivejä: enintään 500"),
    ],
    ids=["picture", "over 1 MB", "over the request's limit", "no headings", "501 rows"],
)
def test_a_file_that_is_no_table_is_answered_with_a_sentence(camilla: Reader, content: bytes, words: str) -> None:
    upload(camilla, content)
    assert camilla.status in (413, 422)
    assert camilla.says(words)


def test_other_pages_take_no_more_than_before(camilla: Reader) -> None:
    assert camilla.client.post("/staff/requests/1/give", data={"x": "x" * 70_000}, headers=SAME).status_code in (303, 404, 413)
    assert camilla.client.post("/enrol", data={"x": "x" * 70_000}, headers=SAME).status_code == 413


def test_columns_that_are_not_read_are_told_and_identity_codes_are_refused(camilla: Reader, office: Office) -> None:
    check(camilla, "Nimi;Hetu;Sähköposti;Ryhmä;Oppimäärä\nAino Aalto;131052-308T;aino@strand.example;131052-308T;nuoret\n")
    assert camilla.says("Näitä sarakkeita ei lueta: Hetu.")
    assert camilla.says("1 rivi pitää korjata.")
    assert count(office) == 0


def test_a_price_that_has_changed_since_is_not_promised(camilla: Reader, office: Office) -> None:
    check(camilla)
    sent = values_of(camilla._form_of("Ilmoita 2"))
    sent["rows"] = sent["rows"].replace("15000", "14000")
    camilla.page = camilla.client.post(f"{PAGE}/do?way=many", data=sent, headers=SAME)
    assert camilla.status == 422
    assert camilla.heading == "Ketään ei ilmoitettu"
    assert camilla.says("150,00")
    assert count(office) == 0


@pytest.mark.parametrize(
    "rows",
    [
        "",
        "[]",
        "{}",
        "null",
        "[[1]]",
        '[["a", {}, 1]]',
        "[[1, [], 1]]",
        '[[1, {"name": 1}, 1]]',
        "[[1, {}, 1.5]]",
        "[[1, {}, -1]]",
        "[[true, {}, 1]]",
        "[" * 5000,
        json.dumps([[1, {}, 1]] * 501),
        "[[1, {}, 1" + "0" * 5000 + "]]",
    ],
)
def test_altered_rows_are_answered_with_a_sentence(camilla: Reader, office: Office, rows: str) -> None:
    camilla.page = camilla.client.post(f"{PAGE}/do?way=many", data={"rows": rows, "key": "k" * 8}, headers=SAME)
    assert camilla.status == 422
    assert camilla.says("Taulukko ei tullut perille kokonaisena")
    assert count(office) == 0


def test_half_a_letter_is_answered_too(camilla: Reader, office: Office) -> None:
    rows = '[[2, {"name": "\\ud800\\ud800 X", "email": "\\udfff", "run": "\\ud800"}, null]]'
    camilla.page = camilla.client.post(f"{PAGE}/do?way=many", data={"rows": rows, "key": "k" * 8}, headers=SAME)
    assert camilla.status == 422
    assert count(office) == 0


def test_who_may_not_enrol_sees_no_page(app: Flask, post: Post) -> None:
    reader = Reader(app)
    sign_in(reader, post, SARI)
    assert reader.client.get(PAGE).status_code == 403
    assert reader.client.post(f"{PAGE}/do", data={"rows": "[]"}, headers=SAME).status_code == 403


def test_another_school_is_as_one_that_does_not_exist(camilla: Reader, office: Office) -> None:
    for school in ("kuusikko", "olematon"):
        assert camilla.client.get(f"{PAGE}?school={school}").status_code == 404
        assert (
            camilla.client.post(f"{PAGE}/do?school={school}", data={"rows": json.dumps([[2, ONE, 15000]])}, headers=SAME).status_code == 404
        )
    assert count(office) == 0


def test_somebody_of_several_schools_chooses_first(app: Flask, post: Post, office: Office) -> None:
    with office.database.write() as connection:
        values = {"email": ANNA, "school_id": "rantakyla", "name": "Anna Laine", "language": "fi", "roles": "contact_person"}
        connection.execute(account.insert().values(created_at=office.now, **values))
    anna = Reader(app)
    sign_in(anna, post, ANNA)
    anna.open(PAGE)
    anna.follow("Rantakylän lukio")
    anna.press("Tarkista taulukko", run=f"{FY4} {P3}", table=TABLE)
    anna.press("Ilmoita 2 opiskelijaa, 400\u00a0€")
    assert (office.enrolment(1).home_school_id, office.commitment(1).price_cents) == ("rantakyla", 20000)


def test_own_and_closed_courses_are_not_offered(camilla: Reader) -> None:
    offered = {str(one["value"]) for one in camilla.open(PAGE).select("#run option")}
    assert f"{FY4} {P3}" in offered
    assert not any(one.startswith("strand/") for one in offered)
    assert f"{FY4} 2026-p2" not in offered


@pytest.mark.parametrize(("prefix", "button"), [("", "Tarkista taulukko"), ("/sv", "Kontrollera tabellen"), ("/en", "Check the table")])
def test_every_language_has_its_own_words(camilla: Reader, prefix: str, button: str) -> None:
    camilla.open(f"{prefix}{PAGE}")
    camilla.press(button, run=f"{FY4} {P3}", table=TABLE + "X;y;z;å\n")
    assert camilla.status == 200
    rest = re.sub(r"\s+", " ", text_of(camilla.soup.main))
    assert ("Row by row" in rest) == (prefix == "/en")


@pytest.mark.parametrize(
    ("language", "place", "line"),
    [
        ("fi", "Kurssi alkaa", "olet jonossa sijalla 1"),
        ("sv", "Kursen börjar", "du är nummer 1 i kön"),
        ("en", "The course starts", "you are number 1 in the queue"),
    ],
)
def test_the_student_reads_who_did_it_and_what_comes(office: Office, post: Post, language: str, place: str, line: str) -> None:
    actor = office.actor(CAMILLA, "enrol_students")
    for number in range(3):
        made = form(email=f"s{number}@strand.example", offering_id=P4)
        with office.database.write() as connection:
            enrol(connection, office.catalogue, made, language, office.now, actor)
    for number, words in ((0, place), (2, line)):
        (mail,) = post.mails(f"s{number}@strand.example")
        body = mail.get_body(("plain",))
        assert body is not None
        text = " ".join(body.get_content().split())
        assert "Camilla Holm, Strandgymnasiet" in text
        assert words in text
        assert "http://localhost" in text
        assert "Veeti" not in mail["Subject"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200), headed=st.booleans(), run=st.one_of(st.just(f"{FY4} {P3}"), st.text(max_size=30)))
def test_any_text_pasted_gives_a_preview_or_a_sentence(camilla: Reader, text: str, headed: bool, run: str) -> None:
    table = f"Nimi;Sähköposti;Ryhmä;Oppimäärä;Kurssi\n{text}" if headed else text
    with contextlib.suppress(UnicodeEncodeError):
        answer = camilla.client.post(f"{PAGE}?way=many", data={"table": table, "run": run}, headers=SAME)
        assert answer.status_code in (200, 422)


def test_a_run_to_choose_says_course_school_dates_and_price(camilla: Reader) -> None:
    said = {str(one["value"]): text_of(one) for one in camilla.open(PAGE).select("#run option")}[f"{FY4} {P3}"]
    for words in ("FY4 Voima ja liike", "Kuusikon lukio", "30.11.", "€"):
        assert words in said, said
