"""The sample network's autumn."""

from __future__ import annotations

from enrol_service.database import Database
from enrol_service.enrolment.enrolments import pairs
from enrol_service.enrolment.seats import all_seats
from enrol_service.events import history
from enrol_service.sample import STUDENTS, fill_if_empty
from enrol_service.tables import outbox
from tests.enrol_service.cast import CATALOGUE, NOW, Office
from tests.enrol_service.oracle import replay


def test_an_empty_database_is_filled_with_a_living_network_once(database: Database) -> None:
    assert 30 <= fill_if_empty(database, CATALOGUE, NOW) <= STUDENTS
    assert fill_if_empty(database, CATALOGUE, NOW) == 0
    with database.read() as connection:
        every = pairs(connection)
        assert {"placed", "requested", "queued"} <= {one.state for one, _ in every}
        assert any(one.queued for one in all_seats(connection).values())
        for one, promised in every:
            assert replay(history(connection, one.id)) == {"enrolment": one.state, "commitment": promised.state}
        unsent = connection.execute(outbox.select().where(outbox.c.sent_at.is_(None))).all()
    assert unsent == []


def test_the_same_autumn_is_played_each_time(database: Database, office: Office) -> None:
    fill_if_empty(database, CATALOGUE, NOW)
    with database.read() as connection:
        first = [(one.name, one.course_id, one.state) for one, _ in pairs(connection)]
    assert first[0][0].count(" ") == 1
    assert len({name for name, _, _ in first}) > 25


def test_a_database_in_use_is_left_alone(office: Office) -> None:
    office.enrol()
    assert fill_if_empty(office.database, CATALOGUE, NOW) == 0
