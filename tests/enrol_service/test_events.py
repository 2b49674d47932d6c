"""Events: written with the step, never changed, enough to find the present state."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError

from enrol_service.events import THE_SERVICE, Actor, advance_enrolment, history, record
from enrol_service.refusals.base import IllegalStep
from enrol_service.refusals.web import NotYours
from enrol_service.school.acting import record_act
from enrol_service.school.role import ROLES
from enrol_service.states import COMMITMENT, ENROLMENT, ActorKind, State, StepName, StepTable
from enrol_service.tables import enrolment, event
from tests.enrol_service.cast import NOW, Office
from tests.enrol_service.oracle import replay


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_an_event_is_never_changed(office: Office, verb: str) -> None:
    office.enrol()
    statement = event.update().values(step="forged") if verb == "update" else event.delete()
    with pytest.raises(DatabaseError, match="never changed"), office.database.write() as connection:
        connection.execute(statement)


def test_the_database_itself_refuses_an_invented_state(office: Office) -> None:
    office.enrol()
    with pytest.raises(IntegrityError), office.database.write() as connection:
        connection.execute(enrolment.update().values(state="invented"))


def test_an_illegal_step_writes_nothing(office: Office) -> None:
    enrolled = office.enrol()
    with pytest.raises(IllegalStep), office.database.write() as connection:
        advance_enrolment(connection, enrolled, "placed", "expire", THE_SERVICE, NOW)
    with pytest.raises(IllegalStep), office.database.write() as connection:
        advance_enrolment(connection, enrolled, "queued", "promote", THE_SERVICE, NOW)  # it is requested, not queued
    with office.database.read() as connection:
        assert [one.step for one in history(connection, enrolled)] == ["enrol", "ask"]
    assert office.states(enrolled) == ("requested", "asked")


PEOPLES_STEPS = [
    pytest.param(table, state, step, kind, id=f"{table.noun} {state} {step} {kind}")
    for table in (ENROLMENT, COMMITMENT)
    for state, row in table.steps.items()
    for step, found in row.items()
    for kind in found.by
    if kind in ("home_school", "offering_school")
]


@pytest.mark.parametrize(("table", "state", "step", "kind"), PEOPLES_STEPS)
@pytest.mark.parametrize("school_id", ["rantakyla", "the other side", None])
def test_a_step_is_taken_only_for_the_school_of_its_own_side(
    office: Office, table: StepTable, state: State, step: StepName, kind: ActorKind, school_id: str | None
) -> None:
    enrolled = office.enrol()  # Kuusikko offers, Strand is the home school
    own, other = ("strand", "kuusikko") if kind == "home_school" else ("kuusikko", "strand")
    foreign = Actor(kind, roles=frozenset(ROLES), school_id=other if school_id == "the other side" else school_id)
    with pytest.raises(NotYours), office.database.write() as connection:
        record(connection, table, enrolled, state, step, foreign, NOW)
    with office.database.write() as connection:
        assert len(history(connection, enrolled)) == 2, "to enrol and to ask"
        record(connection, table, enrolled, state, step, Actor(kind, roles=frozenset(ROLES), school_id=own), NOW)


def test_the_journal_takes_no_act_for_another_school(office: Office) -> None:
    with pytest.raises(NotYours), office.database.write() as connection:
        record_act(connection, "cancel_run", "strand", Actor("offering_school", school_id="kuusikko"), NOW)


def test_events_replay_to_the_present_state(office: Office) -> None:
    enrolled = office.enrol()
    office.give(enrolled)
    office.withdraw(enrolled)
    with office.database.read() as connection:
        events = history(connection, enrolled)
    assert replay(events) == {"enrolment": "withdrawn", "commitment": "released"}
    with pytest.raises(ValueError, match="but it was"):
        replay(events[1:])
