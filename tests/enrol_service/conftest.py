"""Fixtures of the service's tests. No test may send mail out: only a server that the test itself has started may be spoken to."""

from __future__ import annotations

import shutil
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from enrol_service.database import Database, migrate, open_database
from tests.enrol_service.cast import Office


@pytest.fixture(autouse=True)
def _no_mail_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = smtplib.SMTP.connect

    def only_loopback(self: smtplib.SMTP, host: str = "localhost", port: int = 0, source_address: tuple[str, int] | None = None) -> object:
        if host != "127.0.0.1":
            pytest.fail(f"a test would have sent mail to {host}")
        return connect(self, host, port)

    monkeypatch.setattr(smtplib.SMTP, "connect", only_loopback)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file without rows, to be copied."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    database = open_database(f"sqlite:///{path}")
    migrate(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Iterator[Database]:
    """A database file of the test's own."""
    path = tmp_path / "tarjotin.db"
    shutil.copy(empty_database, path)
    opened = open_database(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)
