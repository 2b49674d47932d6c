"""What the offering school is told of whom: names of confirmed students alone, no sums of protected ones, less to teachers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask

from enrol_service.tick import tick
from tests.enrol_service.cast import CATALOGUE, FY4, P3, P4, SARI, Office, form, prices
from tests.enrol_service.conftest import Post
from tests.enrol_service.reader import Reader
from tests.enrol_service.walk import sign_in

TEACHER = "fysiikka@kuusikko.example"
PERSONAL = ("Veeti", "Korhonen", "veeti.korhonen", "24B", "Strand", "terveisin V")
SAME = {"Sec-Fetch-Site": "same-origin"}


def expire(office: Office, enrolled: int) -> None:
    office.later(days=4)
    tick(office.database, CATALOGUE, office.now)


def leave_after_seat(office: Office, enrolled: int) -> None:
    office.give(enrolled)
    office.withdraw(enrolled)


ROADS: dict[str, tuple[Callable[[Office, int], object], str, bool]] = {
    "requested": (lambda office, one: None, "requested", False),
    "refused": (lambda office, one: office.refuse(one), "refused", False),
    "expired": (expire, "expired", False),
    "withdrawn before the seat": (lambda office, one: office.withdraw(one), "withdrawn", False),
    "withdrawn after the seat": (leave_after_seat, "withdrawn", True),
    "placed": (lambda office, one: office.give(one), "placed", True),
}


@pytest.mark.parametrize("road", ROADS)
def test_a_student_is_named_only_when_a_seat_has_been_confirmed(app: Flask, post: Post, office: Office, road: str) -> None:
    walk, state, named = ROADS[road]
    enrolled = office.enrol(form(message="terveisin V"))
    walk(office, enrolled)
    assert office.enrolment(enrolled).state == state
    reader = Reader(app)
    sign_in(reader, post, SARI)
    for address in (
        f"/staff/offerings/{FY4}/{P3}",
        f"/staff/offerings/{FY4}/{P3}/participants.csv",
        "/staff/participants.csv?school=kuusikko",
    ):
        text = reader.client.get(address).get_data(as_text=True)
        assert [word in text for word in PERSONAL] == [named] * len(PERSONAL), address


def test_those_without_a_seat_are_counted(app: Flask, post: Post, office: Office) -> None:
    office.fill(3, offering_id=P4)  # two seats and one in line
    office.refuse(office.enrol())
    office.enrol()
    reader = Reader(app)
    sign_in(reader, post, SARI)
    reader.open(f"/staff/offerings/{FY4}/{P4}")
    assert reader.says("2 odottaa kotioppilaitoksen päätöstä. 1 on jonossa. Näet opiskelijan tiedot, kun paikka on vahvistettu.")
    reader.open(f"/staff/offerings/{FY4}/{P3}")
    assert reader.says("1 odottaa kotioppilaitoksen päätöstä. 1 pyyntö ei johtanut paikkaan.")
    assert reader.says("Kenenkään paikka ei ole vielä vahvistunut.")


def rows(reader: Reader) -> list[dict[str, str]]:
    text = reader.client.get(f"/staff/offerings/{FY4}/{P3}/participants.csv").get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


@pytest.mark.parametrize("school_id", ["strand", "rantakyla"])
def test_the_file_does_not_tell_by_a_sum_which_school_a_protected_student_comes_from(
    app: Flask, post: Post, office: Office, school_id: str
) -> None:
    enrolled = office.enrol(form(school_id=school_id, protected=True))
    office.give(enrolled, {"strand": "camilla.holm@strand.example", "rantakyla": "pia.ranta@rantakyla.example"}[school_id])
    reader = Reader(app)
    sign_in(reader, post, SARI)
    (row,) = rows(reader)
    assert row["Turvakielto"] == "kyllä"
    assert {row[name] for name in ("Hinta", "Maksettavaa", "Valuutta", "Hintasääntö", "Kotioppilaitos")} == {""}
    text = reader.client.get(f"/staff/offerings/{FY4}/{P3}").get_data(as_text=True)
    assert not [sum_ for sum_ in ("150,00", "200,00") if sum_ in text]


def test_a_teacher_sees_what_teaching_needs(app: Flask, post: Post, office: Office) -> None:
    office.give(office.enrol(form(message="terveisin V")))
    coordinator, teacher = Reader(app), Reader(app)
    sign_in(coordinator, post, SARI)
    sign_in(teacher, post, TEACHER)
    (full,), (less,) = rows(coordinator), rows(teacher)
    assert set(full) - set(less) == {"Oppijanumero", "Päätetty", "Hinta", "Maksettavaa", "Valuutta", "Hintasääntö"}
    assert less.items() <= full.items()
    assert (less["Opiskelija"], less["Sähköposti"], less["Viesti"]) == ("Veeti Korhonen", "veeti.korhonen@kuusikko.example", "terveisin V")


@pytest.mark.parametrize(("first", "heading"), [("refuse", "Begäran är avslagen"), ("give", "Begäran är godkänd")])
def test_approving_in_a_stale_list_leads_to_who_decided_and_when(app: Flask, post: Post, office: Office, first: str, heading: str) -> None:
    enrolled = office.enrol()
    reader = Reader(app)
    sign_in(reader, post, "camilla.holm@strand.example")
    assert reader.heading == "1 begäran väntar på ditt beslut"
    getattr(office, first)(enrolled)
    reader.press("Godkänn")
    assert reader.address == f"/sv/staff/requests/{enrolled}" if "/sv/" in reader.address else f"/staff/requests/{enrolled}"
    assert reader.heading == heading
    assert reader.says("Camilla Holm")
    assert reader.says("mån 23.11 kl. 9.52")


def test_the_green_notice_is_only_for_what_the_reader_gave(app: Flask, post: Post, office: Office) -> None:
    of_strand = {"course_id": "strand/fy1-fysik", "school_id": "kuusikko", "prices_shown": prices("strand/fy1-fysik")}
    refused, given = (office.enrol(form(email=email, **of_strand)) for email in ("a@kuusikko.example", "b@kuusikko.example"))  # type: ignore[arg-type]
    office.refuse(refused, email="anna.laine@kuusikko.example")
    office.give(given, "kari.metso@kuusikko.example")
    for email, enrolled, shown in (
        ("anna.laine@kuusikko.example", refused, False),
        ("anna.laine@kuusikko.example", given, False),
        ("kari.metso@kuusikko.example", given, True),
    ):
        reader = Reader(app)
        sign_in(reader, post, email)
        reader.open(f"/staff/requests?approved={enrolled}")
        assert (reader.soup.select_one(".notice--ok") is not None) is shown


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "null"}, 403),
        ({"Origin": "null"}, 303),
        ({}, 303),
        ({"Origin": "http://localhost"}, 303),
        (SAME, 303),
    ],
)
def test_no_change_of_staff_is_taken_from_another_sites_page(
    app: Flask, post: Post, office: Office, headers: dict[str, str], status: int
) -> None:
    office.enrol()
    reader = Reader(app)
    decide = post.link("camilla.holm@strand.example")
    assert reader.client.post("/staff/sign-in", data={"email": SARI}, headers=headers).status_code == status
    reader.client.post("/staff/sign-in", data={"email": SARI}, headers=SAME)
    assert reader.client.post(post.link(SARI), headers=headers).status_code == status
    assert reader.client.post(f"{decide}/refuse", data={"reason": "esitiedot"}, headers=headers).status_code == status
    assert reader.client.post(f"{decide}/give", headers=headers).status_code == status
