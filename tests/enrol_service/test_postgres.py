"""The same rules on PostgreSQL: tables, append-only events, and forty students at once from several connections."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from enrol_service.database import MIGRATION_LOCK_TIMEOUT, Database, migrate, open_database
from enrol_service.enrolment.enrol import enrol
from enrol_service.enrolment.seats import Seats, seats_of
from enrol_service.tables import enrolment, event, metadata
from tests.enrol_service.cast import CATALOGUE, FY4, NOW, P3, Office, form

THREADS, SEATS = 40, 10


def test_the_migrations_make_the_tables(postgres_database: Database) -> None:
    with postgres_database.engine.connect() as connection:
        options = {"target_metadata": metadata, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


@pytest.mark.parametrize("statement", ["UPDATE event SET step = 'x'", "DELETE FROM event", "TRUNCATE event", "TRUNCATE act"])
def test_what_was_done_stays_done(postgres_database: Database, statement: str) -> None:
    Office(postgres_database).enrol()
    with pytest.raises(DatabaseError, match="never changed or deleted"), postgres_database.write() as connection:
        connection.execute(text(statement))
    with postgres_database.read() as connection:
        assert connection.execute(select(event.c.step)).scalars().all() == ["enrol", "ask"]


def test_forty_at_once_for_ten_seats_are_ten_seats_and_thirty_in_line(postgres_database: Database) -> None:
    """From four pools, as from four processes."""
    doors = [open_database(postgres_database.engine.url.render_as_string()) for _ in range(4)]
    ready = threading.Barrier(THREADS)

    def one(number: int) -> None:
        made = form(email=f"student{number}@strand.example")
        ready.wait()
        with doors[number % len(doors)].write() as connection:
            enrol(connection, CATALOGUE, made, "fi", NOW)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, range(THREADS)))
    for door in doors:
        door.close()
    with postgres_database.read() as connection:
        assert seats_of(connection, FY4, P3) == Seats(taken=SEATS, queued=THREADS - SEATS)
        queued = select(enrolment.c.queue_number).where(enrolment.c.state == "queued").order_by(enrolment.c.id)
        assert sorted(connection.execute(queued).scalars()) == list(range(1, THREADS - SEATS + 1))


def test_a_reader_sees_one_moment(postgres_database: Database) -> None:
    office = Office(postgres_database)
    office.enrol()
    with postgres_database.read() as connection:
        before = connection.execute(select(enrolment.c.id)).scalars().all()
        office.enrol(form(email="another@strand.example"))
        assert connection.execute(select(enrolment.c.id)).scalars().all() == before
    with postgres_database.read() as connection:
        assert len(connection.execute(select(enrolment.c.id)).all()) == 2


def test_a_migration_waits_for_a_table_in_moments_and_holds_up_nobody(postgres_database: Database) -> None:
    """While somebody uses the table for long, others still come to it; the migration comes through in the end."""
    with postgres_database.engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_enrolment_state, ix_commitment_authorisation, ix_outbox_receiver"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    with ThreadPoolExecutor(1) as pool, postgres_database.engine.connect() as busy:
        busy.execute(text("LOCK TABLE enrolment IN ROW EXCLUSIVE MODE"))
        migrating = pool.submit(migrate, postgres_database)
        with pytest.raises(TimeoutError):
            migrating.result(timeout=MIGRATION_LOCK_TIMEOUT + 0.5)
        with postgres_database.engine.begin() as other:
            other.execute(text("SET LOCAL lock_timeout = '5s'"))
            other.execute(text("LOCK TABLE enrolment IN ROW EXCLUSIVE MODE"))
        busy.rollback()
        migrating.result(timeout=20)
    with postgres_database.read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() >= "0005"
