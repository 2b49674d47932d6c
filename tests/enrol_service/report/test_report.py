"""The participant report, and what a protected identity hides."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from flask import Flask

from course_catalogue.model import Text
from enrol_service.enrolment.decide import give
from enrol_service.enrolment.enrol import enrol as enrol_one
from enrol_service.report.csv_file import plain
from enrol_service.report.participants import participants_csv
from enrol_service.speech import Speech
from tests.enrol_service.cast import CAMILLA, CATALOGUE, FY4, P3, P4, SARI, Office, day, form, with_course
from tests.enrol_service.conftest import Post
from tests.enrol_service.reader import Reader, text_of
from tests.enrol_service.walk import enrol, sign_in


def report(office: Office, language: str = "fi") -> list[dict[str, str]]:
    text = "".join(participants_csv(office.database.read, Speech(language, CATALOGUE)))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))


HIDDEN = ["＝1+1", "＋1", "－1", "＠SUM(A1)", "\u200b=1+1", "\u00ad\ufeff=1", " =1", "\u3000＝1", "\x00=1"]


@pytest.mark.parametrize("cell", ["=1+1", "+358401234567", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil")', *HIDDEN])
def test_a_cell_that_looks_like_a_formula_is_text(cell: str) -> None:
    assert plain(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "Veeti", "a=1", "3-2", "150,00"])
def test_any_other_cell_is_as_it_is(cell: str) -> None:
    assert plain(cell) == cell


def test_one_row_for_each_student_with_dates_and_sums_as_finnish_spreadsheets_read_them(office: Office) -> None:
    enrolled = office.enrol(form(name='=Veeti; "Ville"', message="rivi 1\nrivi 2"))
    office.give(enrolled)
    (row,) = report(office)
    assert row["Opiskelija"] == '\'=Veeti; "Ville"'
    assert row["Viesti"] == "rivi 1\nrivi 2"
    assert (row["Alkaa"], row["Päättyy"], row["Ilmoittautunut"]) == ("30.11.2026", "5.2.2027", "23.11.2026 9.52")
    assert (row["Hinta"], row["Tunnus"], row["Tilanne"]) == ("150,00", "T-2026-00001", "Paikka vahvistettu")


@pytest.mark.parametrize(("language", "heading"), [("fi", "Kotioppilaitos"), ("sv", "Hemläroanstalt"), ("en", "Home school")])
def test_the_headings_are_in_the_readers_language(office: Office, language: str, heading: str) -> None:
    office.give(office.enrol())
    assert report(office, language)[0][heading] == "Strandgymnasiet"


@pytest.mark.parametrize(("language", "title"), [("fi", "Voima ja liike"), ("sv", "Kraft och rörelse")])
def test_the_course_is_named_in_the_readers_language_and_not_the_students(office: Office, language: str, title: str) -> None:
    course = CATALOGUE.courses[FY4]
    office.catalogue = with_course(CATALOGUE, replace(course, title=Text("fi", {"fi": "Voima ja liike", "sv": "Kraft och rörelse"})))
    office.give(office.enrol(language="en"))
    pieces = participants_csv(office.database.read, Speech(language, office.catalogue))
    assert f";{title};" in "".join(pieces)


@pytest.mark.parametrize(
    ("moment", "number"), [("2026-12-31 23:59", "T-2026-00001"), ("2027-01-01 00:00", "T-2027-00001"), ("2027-01-01 12:00", "T-2027-00001")]
)
def test_the_number_has_the_year_of_the_network(office: Office, moment: str, number: str) -> None:
    office.now = day(*moment.split())
    assert office.enrolment(office.fill_one("a@strand.example", P4)).number(CATALOGUE.network.time_zone) == number


def test_a_long_report_comes_in_pieces_and_whole(office: Office) -> None:
    camilla = office.actor(CAMILLA)
    with office.database.write() as connection:
        for number in range(205):
            one = form(course_id="kuusikko/maa6-derivaatta", offering_id="oma-tahti", email=f"s{number}@a.example", prices_shown=MAA6)
            give(connection, CATALOGUE, enrol_one(connection, CATALOGUE, one, "fi", office.now).enrolment_id, camilla, office.now)
    pieces = list(participants_csv(office.database.read, Speech("fi", CATALOGUE)))
    assert len(pieces) == 3
    assert len(report(office)) == 205


MAA6 = {"oma-tahti": (8000, 20000)}


def test_the_offering_side_sees_an_alias_and_no_school_of_a_protected_student(
    app: Flask, reader: Reader, post: Post, office: Office
) -> None:
    enrol(
        reader,
        name="Salla Piilo",
        email="salla.piilo@strand.example",
        protected="yes",
        message="Asun Strandissa",
        phone="040 1234567",
        group="24Z",
    )
    own = reader.soup
    assert "Salla Piilo" in text_of(own.main), "the student sees the own name"
    school = Reader(app)
    school.open(post.link(CAMILLA))
    assert school.says("Salla Piilo"), "the home school decides about a person it knows"
    school.press("Godkänn")
    coordinator = Reader(app)
    sign_in(coordinator, post, SARI)
    hidden = ("Salla", "Piilo", "salla.piilo", "Strand", "040 1234567", "24Z")
    for address in ("/staff/offerings", f"/staff/offerings/{FY4}/{P3}", f"/staff/offerings/{FY4}/{P3}/participants.csv"):
        page = coordinator.client.get(address).get_data(as_text=True)
        assert not [word for word in hidden if word in page], address
    shown = coordinator.client.get(f"/staff/offerings/{FY4}/{P3}").get_data(as_text=True)
    assert f"Opiskelija {office.enrolment(1).alias}" in shown
    assert "Turvakielto" in shown
    for mail in (*post.mails(SARI), *post.mails("fysiikka@kuusikko.example")):
        assert not [word for word in hidden if word in mail.as_string()]
