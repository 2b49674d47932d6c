"""The diary as a teacher without script fills it in: drafts, publishing, a pasted list, corrections, and what comes back."""

from __future__ import annotations

import re
from datetime import date

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import event

from enrol_service.completion.entry import Entry
from enrol_service.enrolment.participation import interrupt, start
from tests.enrol_service.cast import CATALOGUE, FY4, P3, SARI, Office, day, form
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader, text_of
from tests.enrol_service.walk import sign_in

DIARY = f"/staff/offerings/{FY4}/{P3}/diary"
TEACHER = "fysiikka@kuusikko.example"
NAMES = ("Aada Aho", "Veeti Korhonen", "Ville Åberg")


@pytest.fixture
def students(office: Office, watch: Watch) -> list[int]:
    """Three students with a place; the course has run for ten days, and the first two have begun."""
    office.now = day("2026-11-23")
    ids = [office.enrol(form(name=name, email=f"s{number}@strand.example")) for number, name in enumerate(NAMES)]
    for one in ids:
        office.give(one)
    office.now = watch.now = day("2026-12-10")
    actor = office.actor(SARI, "mark_participation")
    with office.database.write() as connection:
        for one in ids[:2]:
            start(connection, CATALOGUE, one, date(2026, 12, 1), actor, office.now)
    return ids


@pytest.fixture
def teacher(app: Flask, post: Post, students: list[int]) -> Reader:
    reader = Reader(app)
    sign_in(reader, post, TEACHER)
    reader.open(DIARY)
    return reader


def press(reader: Reader, do: str, publish: tuple[int, ...] = (), /, **typed: str) -> None:
    """Send the table with what is typed, by one of its buttons, with these students ticked."""
    table = reader.soup.select_one("form.diary")
    assert isinstance(table, Tag)
    values: list[tuple[str, str]] = [("do", do), *(("publish", str(one)) for one in publish)]
    names = set()
    for field in table.select("input[name]:not([type=checkbox]), select[name]"):
        name = str(field["name"])
        names.add(name)
        chosen = field.select_one("option[selected]") if field.name == "select" else None
        value = str(chosen["value"]) if chosen else "" if field.name == "select" else str(field.get("value", ""))
        values.append((name, typed.get(name, value)))
    assert set(typed) <= names, f"no fields {set(typed) - names}"
    data: dict[str, list[str]] = {}
    for name, value in values:
        data.setdefault(name, []).append(value)
    reader.page = reader.client.post(str(table["action"]), data=data, headers={"Sec-Fetch-Site": "same-origin"})
    reader._followed()


def value(reader: Reader, name: str) -> str:
    field = reader.soup.select_one(f'[name="{name}"]')
    assert field is not None, name
    if field.name == "select":
        chosen = field.select_one("option[selected]")
        return str(chosen["value"]) if chosen else ""
    return str(field.get("value", ""))


def error(reader: Reader, name: str) -> str:
    found = reader.soup.select_one(f"#{name}-error")
    return text_of(found)


def test_the_table_has_a_row_for_each_student_in_order_of_name(teacher: Reader) -> None:
    assert teacher.status == 200
    assert [text_of(row.select_one("th a")) for row in teacher.soup.select("tbody tr")] == list(NAMES)


def test_a_draft_is_kept_and_nobody_else_is_told(teacher: Reader, students: list[int], post: Post, office: Office) -> None:
    one = students[0]
    press(teacher, "save", **{f"FY-{one}": " s ", f"mark-{students[1]}": "T"})
    assert teacher.status == 200
    assert teacher.says("2 riviä tallennettiin. Muut eivät näe niitä, ennen kuin julkaiset.")
    assert value(teacher, f"FY-{one}") == "S"
    assert value(teacher, f"mark-{students[1]}") == "T"
    assert office.states(one) == ("active", "given")
    assert not [mail for mail in post.mails("camilla.holm@strand.example") if "arviointi" in str(mail["Subject"])]


def test_saving_what_has_not_changed_does_nothing(teacher: Reader, students: list[int]) -> None:
    press(teacher, "save", **{f"FY-{students[0]}": "8"})
    press(teacher, "save")
    assert teacher.says("Mikään ei ollut muuttunut, joten mitään ei tehty.")


def test_the_chosen_are_published_with_what_was_just_typed(teacher: Reader, students: list[int], office: Office) -> None:
    first, second, third = students
    press(teacher, "publish", (first, third), **{f"FY-{first}": "9", f"FY-{second}": "7", f"FY-{third}": "4"})
    assert teacher.says("2 merkintää julkaistiin.")
    assert [office.enrolment(one).state for one in students] == ["completed", "active", "failed"]
    assert value(teacher, f"FY-{second}") == "7"
    assert teacher.soup.select_one(f'[name="FY-{first}"]') is None


def test_all_that_are_complete_are_published_and_the_others_saved(teacher: Reader, students: list[int], office: Office) -> None:
    first, second, third = students
    press(teacher, "all", **{f"FY-{first}": "9", f"mark-{second}": "T", f"FY-{third}": ""})
    assert teacher.status == 200
    assert teacher.says("1 merkintä julkaistiin.")
    assert [office.enrolment(one).state for one in students] == ["completed", "active", "placed"]
    assert value(teacher, f"mark-{second}") == "T", "saved, though what is missing has not been said"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("FY", "11", "Merkitse 4–10, S, H, T tai K"),
        ("FY", "O", "Merkitse arvosana: O sopii vain oppilaitoksen omiin opintoihin, ei valtakunnallisiin moduuleihin"),
        ("on", "2026-12-11", "Päivä on vasta tulossa"),
        ("on", "eilen", "30.11.2026"),
        ("missing", "131052-308T", "Poista henkilötunnus"),
        ("mark", "X", "Valitse T, K tai tyhjä"),
    ],
)
def test_a_wrong_cell_comes_back_as_typed_and_the_others_are_saved(
    teacher: Reader, students: list[int], field: str, typed: str, said: str
) -> None:
    bad, good = students[0], students[1]
    press(teacher, "save", **{f"{field}-{bad}": typed, f"FY-{good}": "8"})
    assert teacher.status == 422
    assert said in error(teacher, f"{field}-{bad}")
    if field != "mark":
        assert value(teacher, f"{field}-{bad}") == typed
    assert teacher.says("1 rivi jäi tallentamatta. Kirjoittamasi on tallella.")
    assert teacher.says("1 rivi tallennettiin.")
    assert value(teacher, f"FY-{good}") == "8"
    press(teacher, "save", **{f"{field}-{bad}": "", f"FY-{bad}": "10"})
    assert teacher.status == 200
    assert value(teacher, f"FY-{bad}") == "10"


def test_publishing_what_is_not_complete_says_at_the_cell_what_is_missing(teacher: Reader, students: list[int]) -> None:
    first, second, _ = students
    press(teacher, "publish", (first, second), **{f"mark-{first}": "T"})
    assert teacher.status == 422
    assert "Kirjoita, mitä puuttuu" in error(teacher, f"missing-{first}")
    assert "Merkitse ensin arvosana, T tai K" in teacher.soup.get_text()
    assert {str(one["value"]) for one in teacher.soup.select('[name="publish"][checked]')} == {str(first), str(second)}


def test_publishing_nobody_says_so_and_keeps_what_was_typed(teacher: Reader, students: list[int]) -> None:
    press(teacher, "publish", **{f"FY-{students[0]}": "8"})
    assert teacher.status == 422
    assert teacher.says("Valitse ainakin yksi opiskelija")
    assert value(teacher, f"FY-{students[0]}") == "8"


def test_a_second_click_publishes_nothing_again(app: Flask, teacher: Reader, students: list[int], office: Office) -> None:
    before = teacher.page
    press(teacher, "all", **{f"FY-{students[0]}": "8"})
    teacher.page = before
    press(teacher, "all", **{f"FY-{students[0]}": "8"})
    assert teacher.status == 200
    assert teacher.says("Mikään ei ollut muuttunut, joten mitään ei tehty.")
    assert office.completion(students[0]).version == 1


def test_a_stale_table_is_told_and_changes_nothing(teacher: Reader, students: list[int], office: Office) -> None:
    first, second, _ = students
    office.grade(first, "5")
    office.draft(second, Entry({"FY": "6"}))
    press(teacher, "save", **{f"FY-{first}": "9", f"FY-{second}": "10"})
    assert teacher.status == 409
    assert teacher.says("Tämä on jo julkaistu. Korjaa se ja kerro syy.")
    assert teacher.says("Joku on muuttanut tätä riviä")
    assert teacher.says("Nyt tallessa: FY 6.")
    assert value(teacher, f"FY-{second}") == "10", "what was typed is still there"
    assert office.completion(first).grades[0].grade == "5"
    press(teacher, "save")
    assert teacher.status == 200
    assert value(teacher, f"FY-{second}") == "10", "pressed again, the later one holds"


def test_an_untouched_row_is_never_stale(teacher: Reader, students: list[int], office: Office) -> None:
    office.grade(students[0], "5")
    press(teacher, "save", **{f"FY-{students[1]}": "10"})
    assert teacher.status == 200


def test_first_contact_and_no_show_are_marked_here_too(teacher: Reader, students: list[int], office: Office) -> None:
    third = students[2]
    assert teacher.soup.select_one(f'[name="start-{students[0]}"]') is None
    press(teacher, "save", **{f"start-{third}": "2026-12-03"})
    assert (office.enrolment(third).state, office.enrolment(third).first_contact_on) == ("active", date(2026, 12, 3))


def test_a_no_show_takes_effect_when_saved(teacher: Reader, students: list[int], office: Office) -> None:
    third = students[2]
    press(teacher, "save", **{f"mark-{third}": "-"})
    assert office.states(third) == ("no_show", "charged")
    assert teacher.soup.select_one(f'[name="FY-{third}"]') is None


def test_a_student_marked_as_dropped_out_says_so_and_is_not_graded(teacher: Reader, students: list[int], office: Office) -> None:
    first = students[0]
    actor = office.actor(SARI, "mark_participation")
    with office.database.write() as connection:
        interrupt(connection, CATALOGUE, first, date(2026, 12, 9), actor, office.now)
    teacher.open(DIARY)
    assert "Keskeytti 9.12." in text_of(teacher.soup.select_one(f"#row-{first}"))
    press(teacher, "publish", (first,), **{f"FY-{first}": "8"})
    assert teacher.status == 409
    assert "Peru ensin merkintä osallistujien sivulla." in text_of(teacher.soup.select_one(f"#row-{first}"))
    assert office.enrolment(first).state == "interrupted"


def test_a_day_in_the_future_for_first_contact_comes_back(teacher: Reader, students: list[int], office: Office) -> None:
    third = students[2]
    press(teacher, "save", **{f"start-{third}": "2026-12-24"})
    assert teacher.status == 422
    assert teacher.says("Päivä on vasta tulossa")
    assert value(teacher, f"start-{third}") == "2026-12-24"
    assert office.enrolment(third).state == "placed"


# A pasted list.


def test_a_pasted_list_is_shown_before_it_is_taken(teacher: Reader, students: list[int], office: Office) -> None:
    teacher.open(f"{DIARY}/list")
    teacher.press("Katso, ketä lista tarkoittaa", list="Nimi\tArvosana\nKORHONEN Veeti\t8\ns2@strand.example\t9\nMatti Meikäläinen\t7")
    assert teacher.status == 200
    assert teacher.says("2 opiskelijaa löytyi. Mitään ei ole vielä tallennettu.")
    assert teacher.says("Matti Meikäläinen 7")
    press(teacher, "save")
    assert teacher.says("2 riviä tallennettiin.")
    assert [value(teacher, f"FY-{one}") for one in students] == ["", "8", "9"]
    assert office.enrolment(students[1]).state == "active"


def test_a_list_with_a_wrong_grade_comes_back_at_the_cell(teacher: Reader, students: list[int]) -> None:
    teacher.open(f"{DIARY}/list")
    teacher.press("Katso, ketä lista tarkoittaa", list="Veeti Korhonen\t11\nVille Åberg\t9")
    press(teacher, "save")
    assert teacher.status == 422
    assert "Merkitse 4–10" in error(teacher, f"FY-{students[1]}")
    assert value(teacher, f"FY-{students[1]}") == "11"
    assert value(teacher, f"FY-{students[2]}") == "9"


def test_an_empty_list_is_asked_for(teacher: Reader) -> None:
    teacher.open(f"{DIARY}/list")
    teacher.press("Katso, ketä lista tarkoittaa", list="  ")
    assert teacher.status == 422
    assert teacher.says("Liitä ensin lista")


# One student's entry.


def test_a_correction_needs_a_reason_and_keeps_what_was_typed(teacher: Reader, students: list[int], office: Office) -> None:
    one = students[0]
    office.grade(one, "7")
    teacher.open(f"{DIARY}/{one}")
    teacher.press("Julkaise korjaus", FY="9", text="uusi koe")
    assert teacher.status == 422
    assert teacher.says("Valitse, miksi korjaat")
    assert (value(teacher, "FY"), text_of(teacher.soup.select_one("#text"))) == ("9", "uusi koe")
    teacher.press("Julkaise korjaus", reason="retake")
    assert teacher.status == 200
    assert teacher.says("Korjattu: Opiskelija on uusinut.")
    assert teacher.says("1 aiempi merkintä")
    assert [grade.grade for grade in office.completion(one).grades] == ["9"]


def test_a_retake_that_would_lower_the_grade_is_explained(teacher: Reader, students: list[int], office: Office) -> None:
    one = students[0]
    office.grade(one, "7")
    teacher.open(f"{DIARY}/{one}")
    teacher.press("Julkaise korjaus", FY="6", reason="retake")
    assert teacher.status == 422
    assert teacher.says("uusinta ei koskaan laske arvosanaa")


def test_another_schools_student_is_not_found(app: Flask, post: Post, teacher: Reader, students: list[int]) -> None:
    other = Reader(app)
    sign_in(other, post, "camilla.holm@strand.example")
    for address in (DIARY, f"{DIARY}/list", f"{DIARY}/{students[0]}"):
        assert other.client.get(address).status_code == 404
    assert teacher.client.get(f"{DIARY}/{students[0] + 999}").status_code == 404
    assert teacher.client.post(DIARY, data={"do": "burn"}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 400


def test_a_protected_student_is_an_alias_without_a_school(app: Flask, post: Post, office: Office, watch: Watch) -> None:
    one = office.enrol(form(name="Tero Turvakielto", email="tero@strand.example", protected=True))
    office.give(one)
    reader = Reader(app)
    sign_in(reader, post, TEACHER)
    for address in (DIARY, f"{DIARY}/list", f"{DIARY}/{one}"):
        reader.open(address)
        text = reader.soup.get_text() + str(reader.soup)
        assert not re.search(r"Tero|Turvakielto,|tero@|Strand", text), address
        assert office.enrolment(one).alias in text


def test_the_table_is_read_with_few_queries(teacher: Reader, app: Flask, office: Office, watch: Watch) -> None:
    counts: list[int] = []
    engine = app.extensions["tarjotin"].database.engine
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
    for many in (3, 8):
        office.now = day("2026-11-23")
        for number in range(3, many):
            office.give(office.enrol(form(name=f"Oppilas {number}", email=f"s{number}@strand.example")))
        seen.clear()
        teacher.open(DIARY)
        counts.append(len(seen))
    assert counts[0] == counts[1] < 25
