"""The page of keys: one is made, shown once, used and ended."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from enrol_service.tables import api_token
from tests.enrol_service.api.scene import Program
from tests.enrol_service.cast import ANNA, CAMILLA, Office
from tests.enrol_service.conftest import Post
from tests.enrol_service.reader import Reader
from tests.enrol_service.walk import sign_in

FORM = "/staff/school/tokens/new/kuusikko"


def test_a_key_is_made_shown_once_and_ended(app: Flask, reader: Reader, post: Post) -> None:
    sign_in(reader, post, ANNA)
    reader.open("/staff/school")
    reader.follow("Rajapinnan avaimet")
    reader.follow("Luo avain")
    reader.press("Luo avain", name="Opiskelijarekisteri", scope_decide="yes", days="30")
    made = reader.soup.select_one("#key")
    assert made is not None
    key = made.get_text()
    assert Program(app, key).get("/requests").status_code == 200
    reader.open("/staff/school/tokens")
    assert reader.says("Opiskelijarekisteri")
    assert key not in str(reader.soup)
    reader.follow("Päätä…")
    reader.press("Poista avain käytöstä")
    assert reader.says("Avain on päätetty")
    assert Program(app, key).get("/requests").status_code == 401


def test_the_same_form_again_makes_no_second_key(reader: Reader, post: Post, office: Office) -> None:
    sign_in(reader, post, ANNA)
    keys = []
    for _ in range(2):
        answer = reader.client.post(
            FORM, data={"name": "X", "scope_decide": "yes", "days": "30", "form": "one"}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        keys.append(answer.get_data(as_text=True).split('id="key"')[1].split("</textarea>")[0])
    assert keys[0] == keys[1]
    with office.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(api_token)).scalar_one() == 1


@pytest.mark.parametrize("changed", ["name", "scopes", "ended"])
def test_a_form_that_has_made_its_key_says_so_when_it_comes_again_otherwise(reader: Reader, post: Post, changed: str) -> None:
    sign_in(reader, post, ANNA)
    same = {"Sec-Fetch-Site": "same-origin"}
    first = {"name": "Rekisteri", "scope_decide": "yes", "days": "30", "form": "one"}
    reader.client.post(FORM, data=first, headers=same)
    if changed == "ended":
        reader.client.post("/staff/school/tokens/1/end", headers=same)
    other = {"name": {"name": "Muu"}, "scopes": {"scope_see_students": "yes"}, "ended": {}}[changed]
    reader.page = reader.client.post(FORM, data={**first, **other}, headers=same)
    assert reader.status == 409
    assert reader.says("luotu avain ”Rekisteri”")
    assert reader.soup.select_one("#key") is None


def test_what_must_be_mended_is_said_at_the_field(reader: Reader, post: Post) -> None:
    sign_in(reader, post, ANNA)
    reader.open(FORM)
    reader.press("Luo avain", name="", scope_decide="yes", scope_see_students="yes")
    assert (reader.status, [one["href"] for one in reader.soup.select(".error-summary a")]) == (422, ["#name"])
    assert len(reader.soup.select("input[type=checkbox][checked]")) == 2


def test_another_school_s_keys_are_not_there(reader: Reader, post: Post) -> None:
    sign_in(reader, post, CAMILLA)
    assert reader.client.get(FORM).status_code == 404
    assert reader.client.get("/staff/school/tokens/1/end").status_code == 404
