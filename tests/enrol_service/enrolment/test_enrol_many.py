"""Enrolling from a table: what becomes of each row, once and for all or none."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from enrol_service.enrolment.enrol_many import RowPlan, RowResult, enrol_many, find_run, plan
from enrol_service.enrolment.spreadsheet import HEADINGS, Row
from enrol_service.events import history
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.deciding import DeadlinePassed
from enrol_service.refusals.enrolling import (
    IdentityCodeFound,
    OfferingCancelled,
    OfferingClosed,
    OfferingNotOpen,
    PriceChanged,
    PriceNotShown,
    TextTooLong,
    TextUnprintable,
)
from enrol_service.refusals.staff_enrolling import (
    EnrolledElsewhere,
    NameDiffers,
    OwnCourse,
    RowTwice,
    RunLapsed,
    RunMissing,
    RunNotChosen,
    RunUnknown,
    StudentEmailIncomplete,
    StudentGroupMissing,
    StudentNameMissing,
    SyllabusUnknown,
)
from enrol_service.tables import act, event, outbox
from enrol_service.tables import run as run_table
from tests.enrol_service.cast import CAMILLA, CATALOGUE, FY4, NOW, P3, P4, Office, day, form, with_course

RIGHT = {"name": "Siiri Niemi", "email": "siiri@strand.example", "group": "24B", "syllabus": "nuorten", "run": f"{FY4} {P3}"}


def row(number: int = 2, price_cents: int | None = 15000, **changed: str) -> Row:
    return Row(number, {**RIGHT, **changed}, price_cents)


def rows(count: int, run: str = f"{FY4} {P4}") -> list[Row]:
    return [row(number + 2, email=f"s{number}@strand.example", run=run) for number in range(count)]


def planned(office: Office, *table: Row) -> tuple[RowPlan, ...]:
    with office.database.write() as connection:
        return plan(connection, office.catalogue, "strand", table, office.now)


def enrolled(office: Office, *table: Row, all_or_none: bool = False, key: str = "the page's key") -> tuple[RowResult, ...]:
    actor = office.actor(CAMILLA, "enrol_students")
    with office.database.write() as connection:
        return enrol_many(connection, office.catalogue, "strand", table, all_or_none, actor, "sv", office.now, key)


def count(office: Office, table: Any = event) -> int:
    with office.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_row_gets_a_seat_and_the_school_commits_in_the_same_act(office: Office) -> None:
    (done,) = enrolled(office, row())
    assert done.done
    assert done.enrolment_id is not None
    assert office.states(done.enrolment_id) == ("placed", "given")
    camilla = office.actor(CAMILLA).account_id
    made = office.enrolment(done.enrolment_id)
    assert (made.enrolled_by_id, made.language, made.syllabus) == (camilla, "sv", "nuoret")
    assert office.commitment(done.enrolment_id).decided_by_id == camilla
    with office.database.read() as connection:
        steps = [(one.step, one.actor_kind, one.actor_id) for one in history(connection, done.enrolment_id)]
        mails = connection.execute(select(outbox.c.kind, outbox.c.to_email)).all()
    assert steps == [(step, "home_school", camilla) for step in ("enrol", "ask", "give", "place")]
    assert mails == [("enrolled_by_school", "siiri@strand.example")]


def test_the_plan_says_what_the_act_does_and_changes_nothing(office: Office) -> None:
    table = rows(4)
    before = planned(office, *table)
    assert (count(office), count(office, outbox)) == (0, 0)
    assert [(one.state, one.rank) for one in before] == [("placed", 0), ("placed", 0), ("queued", 1), ("queued", 2)]
    after = [one.plan for one in enrolled(office, *table)]
    assert [(one.outcome, one.state, one.rank) for one in after] == [(one.outcome, one.state, one.rank) for one in before]
    assert {office.commitment(one.enrolment_id or 0).state for one in enrolled(office, *table)} == {"given"}


def test_the_same_table_twice_enrols_once(office: Office) -> None:
    first = enrolled(office, *rows(3))
    so_many = count(office), count(office, outbox)
    assert enrolled(office, *rows(3)) == first
    assert (count(office), count(office, outbox)) == so_many


def test_a_national_learner_id_that_comes_later_is_stored(office: Office) -> None:
    (first,) = enrolled(office, row())
    (second,) = enrolled(office, row(learner_id="1.2.246.562.24.00000000001"), key="another key")
    assert (first.enrolment_id, second.plan.outcome) == (second.enrolment_id, "updated")
    assert office.enrolment(second.enrolment_id or 0).learner_id == "1.2.246.562.24.00000000001"


@pytest.mark.parametrize(("name", "outcome"), [("siiri  NIEMI", "same"), ("Siiri Nieminen", "error")])
def test_another_name_is_told_at_its_cell_and_changes_nothing(office: Office, name: str, outcome: str) -> None:
    enrolled(office, row())
    (done,) = enrolled(office, row(name=name), key="another key")
    assert done.plan.outcome == outcome
    assert {field: type(one) for field, one in done.plan.errors.items()} == ({"name": NameDiffers} if outcome == "error" else {})


def test_a_request_on_a_course_that_has_changed_since_is_left_to_be_decided(office: Office) -> None:
    asked = office.enrol(form(name="Siiri Niemi", email="siiri@strand.example"))
    office.catalogue = with_course(CATALOGUE, dataclasses.replace(CATALOGUE.courses[FY4], teacher="Joku toinen"))
    (done,) = enrolled(office, row())
    assert (done.plan.outcome, done.plan.commits) == ("same", False)
    assert office.states(asked) == ("requested", "asked")


def test_the_same_students_in_another_table_stay_as_they_are(office: Office) -> None:
    enrolled(office, *rows(2))
    so_many = count(office), count(office, outbox), count(office, act)
    assert [one.plan.outcome for one in enrolled(office, *rows(2), key="another key")] == ["same", "same"]
    assert (count(office), count(office, outbox), count(office, act)) == so_many


def test_a_request_of_the_student_is_updated_and_committed(office: Office) -> None:
    asked = office.enrol(form(email=RIGHT["email"], name=RIGHT["name"]))
    changed = row(group="25C", syllabus="aikuiset", phone="040 123", message="", price_cents=None)
    assert [(one.outcome, one.commits, one.state) for one in planned(office, changed)] == [("updated", True, "placed")]
    assert office.states(asked) == ("requested", "asked")
    (done,) = enrolled(office, changed)
    assert (done.enrolment_id, done.plan.outcome) == (asked, "updated")
    assert office.states(asked) == ("placed", "given")
    now = office.enrolment(asked)
    assert (now.group_name, now.syllabus, now.phone, now.enrolled_by_id) == ("25C", "aikuiset", "040 123", None)
    with office.database.read() as connection:
        facts = connection.execute(select(act.c.name, act.c.facts)).all()
    assert facts == [("enrol_students", {"enrolment_id": asked, "changed": ["group_name", "phone", "syllabus"]})]


def test_empty_cells_of_who_is_enrolled_change_nothing_and_nobody_is_unprotected(office: Office) -> None:
    asked = office.enrol(form(email=RIGHT["email"], name=RIGHT["name"], message="Tärkeä", protected=True))
    enrolled(office, Row(2, {"name": "Siiri Niemi", "email": RIGHT["email"], "run": RIGHT["run"], "group": "", "protected": "ei"}))
    now = office.enrolment(asked)
    assert (now.group_name, now.message, now.protected) == ("24B", "Tärkeä", True)
    assert office.commitment(asked).state == "given"


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"name": "X"}, {"name": StudentNameMissing}),
        ({"email": "siiri@strand"}, {"email": StudentEmailIncomplete}),
        ({"group": ""}, {"group": StudentGroupMissing}),
        ({"syllabus": ""}, {"syllabus": SyllabusUnknown}),
        ({"syllabus": "lukio"}, {"syllabus": SyllabusUnknown}),
        ({"name": "x" * 101}, {"name": TextTooLong}),
        ({"message": "\x07"}, {"message": TextUnprintable}),
        ({"group": "010190-1235"}, {"group": IdentityCodeFound}),
        ({"message": "hetu 131052-308T"}, {"message": IdentityCodeFound}),
        ({"run": ""}, {"run": RunMissing}),
        ({"run": "kuusikko/olematon 2026-p3"}, {"run": RunUnknown}),
        ({"run": f"{FY4} 2040-p9"}, {"run": RunUnknown}),
        ({"run": "kuusikko/fy8-luonnos"}, {"run": RunUnknown}),
        ({"run": FY4}, {"run": RunNotChosen}),
        ({"run": f"{FY4} 2026-p2"}, {"run": OfferingClosed}),
        ({"run": "kuusikko/hi1 2027-p5"}, {"run": RunUnknown}),
        ({"run": "strand/fy1-fysik 2026-p3"}, {"run": OwnCourse}),
        ({"run": "kuusikko/yritysretki"}, {"run": OfferingCancelled}),
        ({"name": "", "email": "x", "run": "x"}, {"name": StudentNameMissing, "email": StudentEmailIncomplete, "run": RunUnknown}),
    ],
)
def test_a_wrong_row_says_so_at_its_cells(office: Office, changed: Mapping[str, str], wrong: Mapping[str, type[Refusal]]) -> None:
    if "131052" in changed.get("message", "") or "0101" in changed.get("group", ""):
        changed = {field: "131052-308T" for field in changed}
    (found,) = planned(office, Row(2, {**RIGHT, **changed}, 15000))
    assert found.outcome == "error"
    assert {field: type(one) for field, one in found.errors.items()} == wrong
    assert not enrolled(office, Row(2, {**RIGHT, **changed}, 15000))[0].done
    assert count(office) == 0


def test_a_run_that_is_not_open_yet_or_is_off_is_refused(office: Office) -> None:
    soon = next(one for one in CATALOGUE.courses.values() if one.id.startswith("kuusikko/hi"))
    assert isinstance(planned(office, row(run=soon.id))[0].errors["run"], OfferingNotOpen)
    for state, refusal in (("lapsed", RunLapsed), ("cancelled", OfferingCancelled)):
        with office.database.write() as connection:
            connection.execute(run_table.delete())
            connection.execute(run_table.insert().values(course_id=FY4, offering_id=P3, state=state, at=NOW, reason=""))
        assert isinstance(planned(office, row())[0].errors["run"], refusal)


def test_one_wrong_row_does_not_stop_the_others(office: Office) -> None:
    results = enrolled(office, row(2), row(3, email="bad"), row(4, email="b@strand.example"))
    assert [one.done for one in results] == [True, False, True]


def test_all_or_none_does_nothing_unless_every_row_is_right(office: Office) -> None:
    results = enrolled(office, row(2), row(3, email="bad"), all_or_none=True)
    assert [(one.done, one.enrolment_id) for one in results] == [(False, None), (False, None)]
    assert (count(office), count(office, outbox)) == (0, 0)
    assert all(one.done for one in enrolled(office, row(2), row(3, email="b@strand.example"), all_or_none=True))


def test_the_same_student_twice_is_told_of_the_first_row(office: Office) -> None:
    found = planned(office, row(2), row(3, email=" SIIRI@strand.example "), row(4, run=f"{FY4} {P4}"))
    assert [one.outcome for one in found] == ["created", "error", "created"]
    assert isinstance(found[1].errors["email"], RowTwice)
    assert found[1].errors["email"].facts == {"row": 2}


def test_a_student_of_another_school_is_neither_seen_nor_changed(office: Office) -> None:
    theirs = office.enrol(form(email=RIGHT["email"], school_id="rantakyla"))
    (done,) = enrolled(office, row(group="99X"))
    assert isinstance(done.plan.errors["email"], EnrolledElsewhere)
    assert (office.enrolment(theirs).group_name, office.commitment(theirs).state) == ("24B", "asked")
    assert "rantakyla" not in str(done.plan.errors["email"].facts)


@pytest.mark.parametrize(("cents", "refusal"), [(14000, PriceChanged), (None, PriceNotShown)])
def test_another_price_than_was_shown_is_refused(office: Office, cents: int | None, refusal: type[Refusal]) -> None:
    (done,) = enrolled(office, row(price_cents=cents))
    assert isinstance(done.plan.errors["price"], refusal)
    assert count(office) == 0


def test_a_request_whose_time_is_up_is_not_committed(office: Office) -> None:
    office.enrol(form(email=RIGHT["email"], name=RIGHT["name"]))
    office.now = day("2026-11-26", "17:00")
    assert isinstance(planned(office, row())[0].errors["run"], DeadlinePassed)


@pytest.mark.parametrize(
    ("text", "run"),
    [
        (f"{FY4} 2026-p3", P3),
        (f"  {FY4.upper()}   2026-P3 ", P3),
        (f"{FY4}/2026-p3", P3),
        (f"https://tarjotin.example/courses/{FY4}.html 2026-p3", P3),
        (f"https://tarjotin.example/sv/courses/{FY4}.html#2026-p3", P3),
        (f"/courses/{FY4}.html, 2027-p4", P4),
        ("https://tarjotin.example/courses/kuusikko/maa6-derivaatta.html", "oma-tahti"),
    ],
)
def test_a_run_is_found_by_name_or_by_the_page_s_address(text: str, run: str) -> None:
    course = next((one.id for one in CATALOGUE.courses.values() if one.subject_id == "MAA"), "")
    assert find_run(CATALOGUE, text.replace("kuusikko/maa6-derivaatta", course), NOW)[1].id == run


def test_two_hundred_rows_are_done_in_a_bearable_time(office: Office) -> None:
    """Others wait for the database meanwhile; a line that is long makes no row slower."""
    began = time.perf_counter()
    results = enrolled(office, *rows(200))
    assert sum(one.done for one in results) == 200
    assert time.perf_counter() - began < 15


CELLS = st.dictionaries(st.sampled_from([*HEADINGS, "key", "school"]), st.text(max_size=40), max_size=9)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(CELLS, max_size=5))
def test_any_cells_are_a_plan(office: Office, cells: list[dict[str, str]]) -> None:
    found = planned(office, *(Row(number, {**RIGHT, **one} if number % 2 else one) for number, one in enumerate(cells)))
    assert len(found) == len(cells)
    assert all(one.errors or one.outcome != "error" for one in found)
