"""What awaits a person: counted for their own schools and roles, and gone once it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert

from enrol_service import tables
from enrol_service.school.accounts import staff_of
from enrol_service.todo import todo
from tests.enrol_service.cast import ANNA, CAMILLA, FY4, P3, PIA, SARI, TEACHER, Office, day, form
from tests.enrol_service.conftest import Post
from tests.enrol_service.reader import Reader
from tests.enrol_service.walk import sign_in


def waiting(office: Office, email: str) -> dict[str, int]:
    with office.database.read() as connection:
        person = staff_of(connection, office.catalogue, email, office.now)
        assert person is not None
        return {one.kind: one.count for one in todo(connection, office.catalogue, person, office.now)}


def paths(office: Office, email: str) -> dict[str, str]:
    with office.database.read() as connection:
        person = staff_of(connection, office.catalogue, email, office.now)
        assert person is not None
        return {one.kind: one.path for one in todo(connection, office.catalogue, person, office.now)}


def publish(office: Office, enrolment_id: int, version: int = 1) -> int:
    """Write a published completion as the teacher's page does."""
    written = {"written_at": office.now, "written_by_id": office.actor(SARI, "grade").account_id, "published_at": office.now}
    row = insert(tables.completion).values(enrolment_id=enrolment_id, version=version, state="published", mark="T", **written)
    with office.database.write() as connection:
        return int(connection.execute(row.returning(tables.completion.c.id)).scalar_one())


def say(office: Office, completion_id: int, kind: str) -> None:
    by = office.actor(CAMILLA, "answer_completions").account_id
    with office.database.write() as connection:
        row = insert(tables.completion_answer).values(completion_id=completion_id, kind=kind, at=office.now, by_id=by)
        connection.execute(row)


def test_requests_await_those_who_decide_for_the_home_school(office: Office) -> None:
    office.fill(2)
    assert [waiting(office, one) for one in (CAMILLA, SARI, ANNA, PIA)] == [{"requests": 2}, {}, {}, {}]


def test_a_request_whose_time_is_up_awaits_nobody(office: Office) -> None:
    office.enrol()
    office.now += timedelta(days=10)
    assert waiting(office, CAMILLA) == {}


def test_a_late_change_awaits_the_coordinator_until_it_is_answered_or_the_student_has_left(office: Office) -> None:
    answered, left = office.fill(2)
    for one in (answered, left):
        office.give(one)
    office.now = day("2026-12-02")
    change = office.ask_change(answered, "leave_free")
    office.ask_change(left, "leave_free")
    assert (waiting(office, SARI), waiting(office, TEACHER)) == ({"changes": 2}, {})
    office.answer_change(change, accepted=True)
    office.withdraw(left)
    assert waiting(office, SARI) == {}


@pytest.mark.parametrize(
    ("said", "home", "offering"),
    [
        ((), {"completions": 1}, {}),
        (("acknowledged",), {}, {}),
        (("queried",), {}, {"queries": 1}),
        (("queried", "replied"), {"completions": 1}, {}),
    ],
)
def test_a_grade_awaits_whoever_speaks_next(office: Office, said: tuple[str, ...], home: dict[str, int], offering: dict[str, int]) -> None:
    enrolled = office.enrol()
    office.give(enrolled)
    published = publish(office, enrolled)
    for kind in said:
        say(office, published, kind)
    assert (waiting(office, CAMILLA), waiting(office, SARI)) == (home, offering)


def queried(office: Office, email: str) -> int:
    """A published completion of a student of Strand, and a question about it; the completion's number."""
    enrolled = office.enrol(form(email=email))
    office.give(enrolled)
    published = publish(office, enrolled)
    say(office, published, "queried")
    return published


def test_questions_lead_to_where_they_are_answered(office: Office) -> None:
    first = queried(office, "a@strand.example")
    assert paths(office, SARI) == {"queries": f"diary/{first}"}
    queried(office, "b@strand.example")
    assert paths(office, SARI) == {"queries": "offerings"}


def test_a_teacher_is_asked_about_the_courses_that_the_teacher_sees(office: Office) -> None:
    queried(office, "a@strand.example")
    assert waiting(office, TEACHER) == {"queries": 1}
    given = insert(tables.course_teacher).values(course_id=FY4, email="other@kuusikko.example", school_id="kuusikko")
    with office.database.write() as connection:
        connection.execute(given)
    assert (waiting(office, TEACHER), waiting(office, SARI)) == ({}, {"queries": 1})


def test_those_who_decide_nothing_see_on_their_courses_what_awaits_them(app: Flask, post: Post, office: Office) -> None:
    enrolled = office.enrol()
    office.give(enrolled)
    queried(office, "b@strand.example")
    office.now = day("2026-12-02")
    office.ask_change(enrolled, "leave_free")
    reader = Reader(app)
    sign_in(reader, post, SARI)
    reader.open("/staff/offerings")
    assert [(one.get_text(), one["href"]) for one in reader.soup.select(".todo a")] == [("1 muutospyyntö vastattavana", "/staff/changes")]
    link = reader.soup.select_one(f'a[href="/staff/offerings/{FY4}/{P3}/diary"]')
    assert link is not None
    assert link.get_text() == "1 kysymys arvosanasta"


def test_only_the_newest_version_of_a_grade_awaits(office: Office) -> None:
    enrolled = office.enrol()
    office.give(enrolled)
    say(office, publish(office, enrolled), "queried")
    publish(office, enrolled, version=2)
    assert (waiting(office, CAMILLA), waiting(office, SARI)) == ({"completions": 1}, {})
