"""The database: how it is opened, read and written. Every write is one transaction that has the write lock from its first statement.

SQLite by default (WAL, synchronous=FULL, BEGIN IMMEDIATE): what was answered is on the disk. PostgreSQL by DATABASE_URL.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import OperationalError

from enrol_service.settings import BadSettings

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK_TIMEOUT = 20  # seconds a writer waits for its turn
MIGRATION_LOCK_TIMEOUT, MIGRATION_PAUSE, MIGRATION_TRIES = 2.0, 1.0, 60  # seconds, seconds, times: PostgreSQL only
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's error code, appendix A
ADVISORY_LOCK = 7284001  # PostgreSQL: one writer at a time, so that counting seats and taking one is one act


class Database:
    """An engine and the two ways to use it: `read()` sees one moment, `write()` is alone with the database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # PostgreSQL's own READ COMMITTED sees a new moment with every statement: a page would add up what never was together.
        network = engine.dialect.name != "sqlite"
        self._reader = engine.execution_options(isolation_level="REPEATABLE READ") if network else engine
        # SQLite's own waiting lets an unlucky thread starve: writers of one process queue here, those of others wait there.
        self._turn = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees the database as it is at the first statement."""
        with self._reader.connect() as connection:
            if self.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction with the write lock. Committed at the end of the block, rolled back by any exception."""
        if not self._turn.acquire(timeout=LOCK_TIMEOUT):
            raise TimeoutError("no turn to write within 20 seconds")
        try:
            with self.engine.connect() as connection:
                self.begin_write(connection)
                yield connection
                connection.commit()
        finally:
            self._turn.release()

    def begin_write(self, connection: Connection) -> None:
        if self.engine.dialect.name == "sqlite":
            # Not DEFERRED: a transaction that first reads cannot then be overtaken by another writer.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open a database by its SQLAlchemy URL. It may be empty; `migrate` makes or updates its tables."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return Database(_network_engine(parsed))
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    arguments = {"timeout": LOCK_TIMEOUT, "check_same_thread": False}
    engine = create_engine(parsed, connect_args=arguments, pool_size=16, max_overflow=32, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return Database(_discreet(engine))


def _network_engine(url: URL) -> Engine:
    try:
        return _discreet(create_engine(url, pool_pre_ping=True, hide_parameters=True))
    except ModuleNotFoundError as missing:
        raise BadSettings(f'DATABASE_URL needs the package "{missing.name}". Install it: pip install "psycopg[binary]"') from None


def _discreet(engine: Engine) -> Engine:
    """An engine whose errors tell the statement and never its values, which are names and addresses: they end up in the log."""

    def cut(context: ExceptionContext) -> None:
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None:  # PostgreSQL adds "DETAIL:  Key (email)=(...) already exists."
                error.args = tuple(one.partition("\nDETAIL")[0] if isinstance(one, str) else one for one in error.args)

    event.listen(engine, "handle_error", cut)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={LOCK_TIMEOUT * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def migrate(database: Database) -> None:
    """Bring the tables up to the newest version. Runs as often as one likes; on a live database too.

    On PostgreSQL, whoever waits for the lock of a table holds up everybody behind, readers too: it waits for moments, and tries again.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    for left in reversed(range(MIGRATION_TRIES)):
        try:
            _upgrade(database, config)
            break
        except OperationalError as failed:
            if left == 0 or getattr(failed.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                raise
            time.sleep(MIGRATION_PAUSE)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")  # a planner that knows nothing of the tables chooses badly


def _upgrade(database: Database, config: Config) -> None:
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        database.begin_write(connection)  # two processes that start at once migrate one after the other
        if database.engine.dialect.name != "sqlite":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(MIGRATION_LOCK_TIMEOUT * 1000)}")
        command.upgrade(config, "head")
        connection.commit()
