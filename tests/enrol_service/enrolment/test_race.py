"""Forty students at once for the last ten seats, on a database file, with a control that shows what the write lock is for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import DatabaseError

from enrol_service.database import Database, open_database
from enrol_service.enrolment.enrol import enrol
from enrol_service.enrolment.seats import Seats, rank_of, seats_of
from enrol_service.tables import enrolment
from tests.enrol_service.cast import CATALOGUE, FY4, NOW, P3, form

THREADS, SEATS = 40, 10


class Unlocked(Database):
    """The same commands on connections that take no lock: each statement by itself."""

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection


class Deferred(Database):
    """The same commands in transactions that lock only when they first write."""

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN DEFERRED")
            yield connection
            connection.commit()


def rush(*databases: Database) -> list[Exception]:
    """All at once, spread over the databases; the errors, if any."""
    ready = threading.Barrier(THREADS)

    def one(number: int) -> Exception | None:
        made = form(email=f"student{number}@strand.example")
        ready.wait()
        try:
            with databases[number % len(databases)].write() as connection:
                enrol(connection, CATALOGUE, made, "fi", NOW)
        except DatabaseError as error:
            return error
        return None

    with ThreadPoolExecutor(THREADS) as pool:
        return [error for error in pool.map(one, range(THREADS)) if error is not None]


def breathe(connection: object, cursor: object, statement: str, *rest: object) -> None:
    """Between counting the seats and taking one, a breath: what a busy machine does by itself."""
    if statement.startswith("INSERT INTO enrolment"):
        time.sleep(0.005)


@pytest.fixture
def doors(database: Database) -> Iterator[list[Database]]:
    """Four ways into one database file, as four processes would have."""
    opened = [open_database(database.engine.url.render_as_string()) for _ in range(4)]
    for one in opened:
        event.listen(one.engine, "before_cursor_execute", breathe)
    yield opened
    for one in opened:
        one.close()


def test_forty_at_once_for_ten_seats_are_ten_seats_and_thirty_in_line(database: Database, doors: list[Database]) -> None:
    assert rush(*doors) == []
    with database.read() as connection:
        assert seats_of(connection, FY4, P3) == Seats(taken=SEATS, queued=THREADS - SEATS)
        queued = select(enrolment.c.queue_number).where(enrolment.c.state == "queued").order_by(enrolment.c.id)
        numbers = [number for (number,) in connection.execute(queued)]
        assert numbers == list(range(1, THREADS - SEATS + 1))
        assert [rank_of(connection, FY4, P3, number) for number in numbers] == numbers


@pytest.mark.sqlite
def test_without_the_lock_too_many_get_a_seat(database: Database, doors: list[Database]) -> None:
    """The control: were it to pass, the test above would prove nothing."""
    rush(Unlocked(doors[0].engine))
    with database.read() as connection:
        assert seats_of(connection, FY4, P3).taken > SEATS


@pytest.mark.sqlite
def test_a_lock_that_comes_only_with_the_first_write_loses_enrolments(doors: list[Database]) -> None:
    """The other control: whoever has read an older state is turned away by the database."""
    assert len(rush(Deferred(doors[0].engine))) > 0
