"""A payer lets requests commit by themselves: seen by the school's people, given and ended by payers alone."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from enrol_service.tables import authorisation
from tests.enrol_service.cast import ANNA, CAMILLA, HENRIK, KARI, Office, form, prices
from tests.enrol_service.conftest import Post
from tests.enrol_service.reader import Reader, values_of
from tests.enrol_service.walk import sign_in

PAGE = "/staff/school/authorisations"
NEW = f"{PAGE}/new/strand"
SAME = {"Sec-Fetch-Site": "same-origin"}
TYPED = {"budget": "1 500", "per_student": "2", "from_on": "2026-11-23", "until_on": "2027-05-31"}


def reader_of(app: Flask, post: Post, email: str) -> Reader:
    reader = Reader(app)
    sign_in(reader, post, email)
    return reader


@pytest.fixture
def henrik(app: Flask, post: Post) -> Reader:
    return reader_of(app, post, HENRIK)


def count(office: Office) -> int:
    with office.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(authorisation)).scalar_one())


def test_a_payer_gives_one_after_reading_what_it_means(henrik: Reader, office: Office) -> None:
    henrik.open(PAGE)
    henrik.follow("Anna valtuutus…")
    henrik.press("Katso, mitä se tarkoittaa", None, **TYPED)
    assert henrik.says("yhteensä enintään 1 500 €")
    assert henrik.says("enintään 2 kurssia")
    assert count(office) == 0
    sent = {**values_of(henrik._form_of("Anna valtuutus")), "confirmed": "yes"}
    for _ in range(2):
        assert henrik.client.post(NEW, data=sent, headers=SAME).status_code == 303
    assert count(office) == 1
    assert office.states(office.enrol()) == ("placed", "given")
    henrik.open(PAGE)
    assert henrik.says("150 € / 1 500 € käytetty")
    assert henrik.says("1 350 € jäljellä")
    bar = henrik.soup.select_one(".budget__used")
    assert bar is not None
    assert bar["width"] == "10"


def test_what_was_typed_comes_back(henrik: Reader, office: Office) -> None:
    henrik.open(NEW)
    henrik.press("Katso", None, **{**TYPED, "budget": "1.500", "until_on": "2026-01-01"})
    assert henrik.status == 422
    assert values_of(henrik._form_of("Katso"))["budget"] == "1.500"
    assert next(one.get_text(" ", strip=True) for one in henrik.soup.select(".field__error")).endswith("esimerkiksi 1500 tai 1500,00")
    henrik.press("Katso", None, **TYPED)
    henrik.client.post(NEW, data={**TYPED, "again": "yes"}, headers=SAME)
    assert count(office) == 0


def test_ending_one_keeps_what_was_committed_and_a_second_click_says_since_when(henrik: Reader, office: Office) -> None:
    number = office.authorise()
    enrolled = office.enrol()
    henrik.open(f"{PAGE}/{number}")
    assert henrik.says("Veeti Korhonen")
    henrik.follow("Lopeta valtuutus…")
    henrik.press("Lopeta valtuutus")
    assert henrik.says("Annetut maksusitoumukset pysyvät voimassa.")
    assert office.states(enrolled) == ("placed", "given")
    again = henrik.client.post(f"{PAGE}/{number}/end", headers=SAME)
    assert again.headers["Location"].endswith(f"{PAGE}/{number}")
    henrik.open(f"{PAGE}/{number}/end")
    assert henrik.says("Se päätettiin")
    assert office.commitment(office.enrol(form(email="b@strand.example"))).state == "asked"


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "pysyvällä valtuutuksella"), ("/sv", "med stående fullmakt"), ("/en", "under a standing authorisation")]
)
def test_the_lists_say_what_an_authorisation_has_decided(henrik: Reader, office: Office, prefix: str, words: str) -> None:
    by_hand = office.enrol(form(email="b@strand.example"))
    office.give(by_hand)
    office.authorise()
    by_itself = office.enrol()
    for path in ("requests", "students"):
        henrik.open(f"{prefix}/staff/{path}")
        said = [row.get_text() for row in henrik.soup.select("tbody tr") if words in row.get_text()]
        assert len(said) == 1, path
    for number, count in ((by_itself, 2), (by_hand, 0)):
        henrik.open(f"{prefix}/staff/students/{number}")
        assert henrik.soup.get_text().count(words) == count, "beside the commitment, and where it is told what has happened"
    henrik.open(f"{prefix}/staff/students/{by_itself}")
    assert henrik.says(f"Henrik Sandell, {words}")


def test_others_of_the_school_see_and_change_nothing(app: Flask, post: Post, office: Office) -> None:
    number = office.authorise()
    office.enrol()
    camilla = reader_of(app, post, CAMILLA)
    camilla.open(PAGE)
    assert not camilla.soup.select(".btn--primary")
    camilla.open(f"{PAGE}/{number}")
    assert not camilla.says("Lopeta valtuutus")
    assert [camilla.client.get(one).status_code for one in (NEW, f"{PAGE}/{number}/end")] == [403, 403]
    assert camilla.client.post(f"{PAGE}/{number}/end", headers=SAME).status_code == 403


def test_a_teacher_sees_no_student(app: Flask, post: Post, office: Office) -> None:
    reader = reader_of(app, post, "fysiikka@kuusikko.example")
    number = office.authorise(KARI, cents=90000)
    office.enrol(form(school_id="kuusikko", course_id="strand/fy1-fysik", prices_shown=prices("strand/fy1-fysik")))
    reader.open(f"{PAGE}/{number}")
    assert reader.says("T-2026-00001")
    assert not reader.says("Veeti")


def test_another_school_s_is_as_one_that_does_not_exist(app: Flask, post: Post, office: Office) -> None:
    number = office.authorise()
    kari = reader_of(app, post, KARI)
    for path in (f"{PAGE}/{number}", f"{PAGE}/{number}/end", NEW, f"{PAGE}/999", f"{PAGE}/new/olematon"):
        assert kari.client.get(path).status_code == 404, path
    assert kari.client.post(f"{PAGE}/{number}/end", headers=SAME).status_code == 404
    assert kari.client.post(NEW, data={**TYPED, "confirmed": "yes"}, headers=SAME).status_code == 404
    assert reader_of(app, post, ANNA).open(PAGE).select(f'a[href="{PAGE}/{number}"]') == []


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "Pysyvät valtuutukset"), ("/sv", "Stående fullmakter"), ("/en", "Standing authorisations")]
)
def test_every_language_has_its_own_words(henrik: Reader, office: Office, prefix: str, words: str) -> None:
    number = office.authorise()
    office.enrol()
    henrik.open(f"{prefix}{PAGE}")
    assert henrik.heading == words
    for path in (f"{PAGE}/{number}", f"{PAGE}/{number}/end", NEW):
        henrik.open(prefix + path)
        assert henrik.status == 200
