"""Fixtures of the service's tests. No test may send mail out: only a server that the test itself has started may be spoken to."""

from __future__ import annotations

import os
import re
import shutil
import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.engine import URL

from enrol_service.database import Database, migrate, open_database
from enrol_service.holder import Holder
from enrol_service.links import Signer
from enrol_service.mail.sender import MailboxSender
from enrol_service.service import Service
from enrol_service.settings import Settings
from enrol_service.worker import drain
from tests.enrol_service import postgres as postgres_server
from tests.enrol_service.apps import app_over
from tests.enrol_service.cast import NOW, SMALL, Office
from tests.enrol_service.reader import Reader


@pytest.fixture(autouse=True)
def _no_mail_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = smtplib.SMTP.connect

    def only_loopback(self: smtplib.SMTP, host: str = "localhost", port: int = 0, source_address: tuple[str, int] | None = None) -> object:
        if host != "127.0.0.1":
            pytest.fail(f"a test would have sent mail to {host}")
        return connect(self, host, port)

    monkeypatch.setattr(smtplib.SMTP, "connect", only_loopback)


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A PostgreSQL of this test process; the address of its migrated template."""
    with postgres_server.server() as empty:
        yield empty


@pytest.fixture
def postgres_database(postgres: URL) -> Iterator[Database]:
    """A PostgreSQL database of the test's own."""
    with postgres_server.fresh(postgres) as url:
        opened = open_database(url.render_as_string())
        yield opened
        opened.close()


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
def database(request: pytest.FixtureRequest, empty_database: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own: a file, or, where TARJOTIN_TEST_DATABASE is postgresql, one of a real PostgreSQL."""
    if os.environ.get("TARJOTIN_TEST_DATABASE") == "postgresql":
        yield request.getfixturevalue("postgres_database")
        return
    path = tmp_path / "tarjotin.db"
    shutil.copy(empty_database, path)
    opened = open_database(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def holder(tmp_path_factory: pytest.TempPathFactory) -> Holder:
    """The small network's catalogue and its templates, loaded once: no test changes them."""
    return Holder(SMALL, tmp_path_factory.mktemp("no-site"))


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def settings(tmp_path: Path, database: Database) -> Settings:
    site = tmp_path / "site"
    site.mkdir()
    return Settings(
        development=True,
        content=SMALL,
        site=site,
        data=tmp_path,
        service_url="http://localhost",
        secret=b"a secret of the tests, long enough to be one",
        database_url=database.engine.url.render_as_string(),
    )


@pytest.fixture
def app(settings: Settings, watch: Watch, holder: Holder) -> Iterator[Flask]:
    """The application on a migrated database of the small network, with a clock that stands still."""
    opened = Service(settings, open_database(settings.database_url), holder, Signer(settings.secret), watch)
    yield app_over(opened)
    opened.database.close()


@pytest.fixture
def service(app: Flask) -> Service:
    found: Service = app.extensions["tarjotin"]
    return found


@pytest.fixture
def reader(app: Flask) -> Reader:
    return Reader(app)


@pytest.fixture
def post(service: Service, app: Flask) -> Post:
    return Post(service)


class Post:
    """The post office: delivers what lies in the outbox to the mailbox folder, and finds links in it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.sender = MailboxSender(service.settings.data / "mailbox")

    def deliver(self) -> int:
        return drain(self.service, self.sender)

    def mails(self, to: str) -> list[EmailMessage]:
        """What somebody has got, oldest first."""
        self.deliver()
        files = sorted((self.service.settings.data / "mailbox").glob("*.eml"))
        found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [one for one in found if isinstance(one, EmailMessage) and one["To"] == to]

    def link(self, to: str) -> str:
        """The link in somebody's newest mail that has one."""
        for mail in reversed(self.mails(to)):
            body = mail.get_body(("plain",))
            assert body is not None
            if match := re.search(r"http://localhost(/\S+)", body.get_content()):
                return match[1]
        raise AssertionError(f"{to} has got no link")
