"""Standing authorisations: what commits by itself, what does not, and that the budget holds whatever comes."""

from __future__ import annotations

import contextlib
import dataclasses
import sqlite3
import threading
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.pool import StaticPool

from enrol_service.database import Database
from enrol_service.enrolment.authorisation import Terms, commit_by_authorisation, read_euros, read_terms
from enrol_service.enrolment.charge import Ending, charge_ending
from enrol_service.enrolment.enrol import enrol
from enrol_service.enrolment.enrolments import read_commitment
from enrol_service.events import history
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.enrolling import FormRefused
from enrol_service.refusals.staff_enrolling import (
    BudgetMissing,
    BudgetTooLarge,
    DayMissing,
    DayPast,
    DaysBackwards,
    DaysTooMany,
    PerStudentMissing,
)
from enrol_service.school.accounts import end, staff_of
from enrol_service.tables import act, commitment, enrolment, outbox
from tests.enrol_service.cast import CAMILLA, CATALOGUE, FY4, HENRIK, NOW, P3, P4, Office, form, with_course

VEETI = "veeti.korhonen@kuusikko.example"
TODAY = date(2026, 11, 23)


def kinds(office: Office) -> list[str]:
    """The mails that have been decided, oldest first."""
    with office.database.read() as connection:
        return list(connection.execute(select(outbox.c.kind).order_by(outbox.c.id)).scalars())


def test_a_request_commits_by_itself_and_the_school_is_not_asked(office: Office) -> None:
    number = office.authorise(cents=30000)
    enrolled = office.enrol()
    assert office.states(enrolled) == ("placed", "given")
    assert kinds(office) == ["placed"]
    given = office.commitment(enrolled)
    assert (given.authorisation_id, given.decided_at) == (number, office.now)
    assert given.decided_by_id == office.authorisation(number).given_by_id
    with office.database.read() as connection:
        steps = [(one.step, one.actor_kind, one.facts.get("authorisation_id")) for one in history(connection, enrolled)]
    assert steps == [("enrol", "student", None), ("ask", "student", None), ("give", "service", number), ("place", "service", number)]
    assert (office.authorisation(number).used_cents, office.authorisation(number).left_cents) == (15000, 15000)


def test_what_the_budget_does_not_hold_is_asked_of_the_school(office: Office) -> None:
    number = office.authorise(cents=29999)
    first, second = office.enrol(form(email="a@strand.example")), office.enrol(form(email="b@strand.example"))
    assert (office.states(first), office.states(second)) == (("placed", "given"), ("requested", "asked"))
    assert office.authorisation(number).used_cents == 15000
    assert "decide" in kinds(office)


def test_a_student_gets_so_many_courses_and_no_more(office: Office) -> None:
    office.authorise(cents=100000, per_student=1)
    first, second = office.enrol(), office.enrol(form(offering_id=P4))
    assert (office.commitment(first).state, office.commitment(second).state) == ("given", "asked")
    other = office.enrol(form(offering_id=P4, email="siiri@strand.example"))
    assert office.commitment(other).state == "given"


def test_who_leaves_gives_the_money_and_the_course_back(office: Office) -> None:
    number = office.authorise(cents=15000, per_student=1)
    office.withdraw(office.enrol())
    assert office.authorisation(number).used_cents == 0
    assert office.commitment(office.enrol(form(offering_id=P4))).state == "given"


@pytest.mark.parametrize(
    ("days", "state"), [(-1, "asked"), (0, "given"), (10, "given"), (11, "asked")], ids=["before", "first", "last", "after"]
)
def test_only_on_the_days_it_was_given_for(office: Office, days: int, state: str) -> None:
    office.authorise(days=10)
    office.now += timedelta(days=days)
    assert office.commitment(office.enrol(form(offering_id=P4))).state == state


def test_ending_leaves_what_was_committed_and_commits_no_more(office: Office) -> None:
    number = office.authorise()
    first = office.enrol()
    assert office.end_authorisation(number)
    assert not office.end_authorisation(number)
    second = office.enrol(form(email="b@strand.example"))
    assert (office.commitment(first).state, office.commitment(second).state) == ("given", "asked")
    with office.database.read() as connection:
        journal = [(row.name, row.school_id, row.facts["step"]) for row in connection.execute(act.select().order_by(act.c.id))]
    assert journal == [("authorise", "strand", "give"), ("authorise", "strand", "end")]


def test_another_school_s_budget_is_not_touched(office: Office) -> None:
    number = office.authorise()
    office.enrol(form(school_id="rantakyla"))
    assert office.authorisation(number).used_cents == 0


def test_the_next_one_is_used_when_the_first_does_not_reach(office: Office) -> None:
    first, second = office.authorise(cents=10000), office.authorise(cents=20000)
    assert office.commitment(office.enrol()).authorisation_id == second
    assert office.authorisation(first).used_cents == 0


def test_giving_the_same_twice_is_giving_it_once(office: Office) -> None:
    assert office.authorise() == office.authorise()
    assert office.authorise() != office.authorise(cents=1)


def test_one_who_waits_in_line_is_committed_for_too(office: Office) -> None:
    office.fill(2, offering_id=P4)
    office.authorise()
    waiting = office.enrol(form(offering_id=P4))
    assert office.states(waiting) == ("queued", "given")
    assert kinds(office)[-1] == "approved"


def test_a_mark_that_is_undone_may_leave_the_authorisation_but_never_exceeds_it(office: Office) -> None:
    """What was released for one student has been used for another when the mark turns out to be a mistake."""
    number = office.authorise(cents=15000)
    first = office.enrol(form(email="a@strand.example"))
    actor = office.actor("fysiikka@kuusikko.example", "grade")
    with office.database.write() as connection:
        charge_ending(connection, first, "interrupted", TODAY, actor, office.now)
    second = office.enrol(form(email="b@strand.example"))
    with office.database.write() as connection:
        charge_ending(connection, first, None, TODAY, actor, office.now)
    assert (office.commitment(first).state, office.commitment(second).state) == ("given", "given")
    assert (office.commitment(first).authorisation_id, office.commitment(second).authorisation_id) == (None, number)
    assert office.authorisation(number).used_cents == 15000
    with office.database.read() as connection:
        last = connection.execute(act.select().order_by(act.c.id.desc())).first()
    assert last is not None
    assert (last.account_id, last.facts) == (None, {"authorisation_id": number, "step": "outgrown", "enrolment_id": first})


ENDINGS: Mapping[str, Ending | None] = {"interrupt": "interrupted", "complete": "completed", "undo": None}
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("enrol"), st.integers(0, 5), st.sampled_from([P3, P4])),
        st.tuples(st.sampled_from(["withdraw", "interrupt", "complete", "undo", "give"]), st.integers(0, 9), st.integers(0, 20)),
        st.tuples(st.sampled_from(["authorise", "end"]), st.integers(0, 45000), st.integers(1, 2)),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_comes_no_budget_is_exceeded(empty_database: Path, steps: list[tuple[Any, ...]]) -> None:
    office = Office(_in_memory(empty_database))
    made: list[int] = []
    given_out: list[int] = []
    for name, first, second in steps:
        with contextlib.suppress(Refusal):
            _take(office, name, first, second, made, given_out)
        for number in given_out:
            found = office.authorisation(number)
            assert 0 <= found.used_cents <= found.terms.budget_cents
            assert _courses(office, number) <= found.terms.per_student
    office.database.close()


def _take(office: Office, name: str, first: int, second: Any, made: list[int], given_out: list[int]) -> None:
    if name == "enrol":
        made.append(office.enrol(form(email=f"s{first}@strand.example", offering_id=second)))
    elif name == "authorise":
        given_out.append(office.authorise(cents=first, per_student=second))
    elif name == "end" and given_out:
        office.end_authorisation(given_out[first % len(given_out)])
    elif made and name in ("withdraw", "give"):
        one = made[first % len(made)]
        office.withdraw(one) if name == "withdraw" else office.give(one)
    elif made and name in ENDINGS:
        one, ending = made[first % len(made)], ENDINGS[name]
        actor = office.actor("fysiikka@kuusikko.example", "grade")
        with office.database.write() as connection:
            charge_ending(connection, one, ending, TODAY + timedelta(days=second), actor, office.now)


def _in_memory(empty: Path) -> Database:
    """A database of the example's own."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    raw: Any = engine.raw_connection().driver_connection
    with sqlite3.connect(empty) as source:
        source.backup(raw)
    source.close()
    raw.isolation_level = None
    return Database(engine)


def _courses(office: Office, number: int) -> int:
    """The most courses that one student has under an authorisation."""
    with office.database.read() as connection:
        live = (commitment.c.authorisation_id == number) & enrolment.c.state.in_(("requested", "queued", "offered", "placed", "active"))
        joined = select(enrolment.c.email).join_from(enrolment, commitment).where(live)
        emails = list(connection.execute(joined).scalars())
    return max((emails.count(one) for one in emails), default=0)


def test_twenty_at_once_do_not_exceed_the_budget(office: Office) -> None:
    number = office.authorise(cents=70000)
    start = threading.Barrier(20)
    failed: list[BaseException] = []

    def ask(one: int) -> None:
        made = form(email=f"s{one}@strand.example", offering_id=P3)
        start.wait()
        try:
            with office.database.write() as connection:
                enrol(connection, CATALOGUE, made, "sv", NOW)
        except BaseException as broken:
            failed.append(broken)

    threads = [threading.Thread(target=ask, args=(one,)) for one in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    found = office.authorisation(number)
    assert found.used_cents == 60000
    with office.database.read() as connection:
        ids = connection.execute(select(enrolment.c.id).where(enrolment.c.course_id == FY4)).scalars().all()
        states = [read_commitment(connection, one).state for one in ids]
    assert (states.count("given"), states.count("asked")) == (4, 16)


RIGHT = {"budget": "1 500", "per_student": "2", "from_on": "2026-11-23", "until_on": "31.5.2027"}


def test_terms_are_read_as_people_write_them() -> None:
    assert read_terms(RIGHT, "EUR", TODAY) == Terms(150000, "EUR", 2, TODAY, date(2027, 5, 31))


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"budget": ""}, {"budget": BudgetMissing}),
        ({"budget": "1.500"}, {"budget": BudgetMissing}),
        ({"budget": "-5"}, {"budget": BudgetMissing}),
        ({"budget": "1e5"}, {"budget": BudgetMissing}),
        ({"budget": "1 000 001"}, {"budget": BudgetTooLarge}),
        ({"budget": "9" * 60}, {"budget": BudgetMissing}),
        ({"per_student": "0"}, {"per_student": PerStudentMissing}),
        ({"per_student": "kaksi"}, {"per_student": PerStudentMissing}),
        ({"per_student": "51"}, {"per_student": PerStudentMissing}),
        ({"from_on": "huomenna"}, {"from_on": DayMissing}),
        ({"until_on": "30.2.2027"}, {"until_on": DayMissing}),
        ({"until_on": "2026-11-22"}, {"until_on": DaysBackwards}),
        ({"from_on": "2026-01-01", "until_on": "2026-11-22"}, {"until_on": DayPast}),
        ({"until_on": "2036-11-22"}, {"until_on": DaysTooMany}),
        ({"budget": "x", "per_student": "x", "from_on": ""}, dict.fromkeys(("budget", "per_student"), None) | {"from_on": None}),
    ],
)
def test_terms_that_make_no_sense_are_refused_at_the_field(changed: dict[str, str], refused: Mapping[str, type[Refusal] | None]) -> None:
    with pytest.raises(FormRefused) as caught:
        read_terms({**RIGHT, **changed}, "EUR", TODAY)
    found = dict(caught.value.fields)
    assert set(found) == set(refused)
    assert all(wanted is None or type(found[name]) is wanted for name, wanted in refused.items())


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1500", 150000),
        ("1 500", 150000),
        ("1\u00a0500,00 €", 150000),
        ("1\u202f500,5", 150050),
        ("€1500.25", 150025),
        ("1500 euroa", 150000),
        ("0", 0),
        ("15 00", None),
        ("1,500.00", None),
        ("1500,123", None),
        ("٣", None),
        ("", None),
    ],
)
def test_euros_are_read_as_people_write_them(typed: str, cents: int | None) -> None:
    assert read_euros(typed) == cents


def test_only_a_payer_may_authorise(office: Office) -> None:
    with pytest.raises(IndexError):
        office.authorise(CAMILLA)


def test_the_student_is_told_once(office: Office) -> None:
    office.authorise()
    office.enrol(form(email=VEETI))
    assert kinds(office) == ["placed"]


def test_who_may_not_authorise_any_more_binds_the_school_to_nothing(office: Office) -> None:
    number = office.authorise()
    first = office.enrol()
    with office.database.write() as connection:
        henrik = staff_of(connection, office.catalogue, HENRIK, office.now)
        assert henrik is not None
        end(connection, henrik, "strand", office.now)
    second = office.enrol(form(email="b@strand.example"))
    assert (office.commitment(first).state, office.commitment(second).state) == ("given", "asked")
    assert office.authorisation(number).ended_at is None


@pytest.mark.parametrize("gone", [True, False])
def test_what_has_changed_while_one_waited_is_asked_of_the_school(office: Office, gone: bool) -> None:
    first, _ = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    office.authorise(cents=100000)
    course = dataclasses.replace(CATALOGUE.courses[FY4], teacher="Joku toinen")
    office.catalogue = with_course(CATALOGUE, course)
    if gone:
        with office.database.write() as connection:
            hidden = with_course(CATALOGUE, dataclasses.replace(course, status="draft"))
            assert not commit_by_authorisation(connection, hidden, waiting, office.now)
        return
    office.withdraw(first)
    assert office.states(waiting) == ("requested", "asked")
    assert "decide" in kinds(office)
