"""Events: written with the step, never changed, enough to find the present state."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError

from enrol_service.events import THE_SERVICE, advance_enrolment, history
from enrol_service.refusals.base import IllegalStep
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


def test_events_replay_to_the_present_state(office: Office) -> None:
    enrolled = office.enrol()
    office.give(enrolled)
    office.withdraw(enrolled)
    with office.database.read() as connection:
        events = history(connection, enrolled)
    assert replay(events) == {"enrolment": "withdrawn", "commitment": "released"}
    with pytest.raises(ValueError, match="but it was"):
        replay(events[1:])
