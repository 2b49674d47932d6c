"""Mails: what they say, and how they leave through a real SMTP server that is well, unwell or away."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from enrol_service import outbox
from enrol_service.mails import KINDS, render
from enrol_service.outbox import Message
from enrol_service.sender import SmtpSender, Temporary
from enrol_service.service import Service
from enrol_service.tables import outbox as table
from enrol_service.worker import drain
from tests.enrol_service.cast import CAMILLA, P4, SARI, Office
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader
from tests.enrol_service.test_walk import STUDENT, enrol


class Server:
    """An SMTP server on this machine. `answer` decides what it says to a mail: "250 OK" when it is well."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.receivers: list[str] = []
        self.answer: Callable[[], str] = lambda: "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        said = self.answer()
        if said.startswith("250"):
            self.got.append(envelope.content if isinstance(envelope.content, bytes) else b"")
            self.receivers += envelope.rcpt_tos
        return said

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        if address.startswith("unknown"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def smtp() -> Iterator[tuple[Server, str]]:
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield server, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rows(service: Service) -> list[tuple[str, bool, bool, int, str | None]]:
    """Each row: to whom, sent, parked, attempts, last error."""
    columns = (table.c.to_email, table.c.sent_at, table.c.parked_at, table.c.attempts, table.c.last_error)
    with service.database.read() as connection:
        found = connection.execute(select(*columns).order_by(table.c.id)).all()
    return [(to, sent is not None, parked is not None, attempts, error) for to, sent, parked, attempts, error in found]


def test_mails_leave_once_with_a_message_id_of_their_own(service: Service, office: Office, smtp: tuple[Server, str]) -> None:
    server, url = smtp
    office.enrol()
    sender = SmtpSender(url)
    assert drain(service, sender) == 3
    assert drain(service, sender) == 0
    sender.close()
    mails = [message_from_bytes(one, policy=policy.default) for one in server.got]
    assert server.receivers == ["veeti.korhonen@kuusikko.example", CAMILLA, "henrik.sandell@strand.example"]
    assert len({mail["Message-ID"] for mail in mails}) == 3
    assert all(re.fullmatch(r"<[0-9a-f]{32}@localhost>", mail["Message-ID"]) for mail in mails)
    assert all(mail["Auto-Submitted"] == "auto-generated" for mail in mails)
    assert [row[1] for row in rows(service)] == [True, True, True]


@pytest.mark.parametrize("said", ["451 try later", "421 closing", "450 greylisted"])
def test_a_server_that_asks_to_wait_is_asked_again(
    service: Service, office: Office, smtp: tuple[Server, str], watch: Watch, said: str
) -> None:
    server, url = smtp
    server.answer = lambda: said
    office.enrol()
    sender = SmtpSender(url)
    drain(service, sender)
    assert [row[1:3] for row in rows(service)] == [(False, False)] * 3
    server.answer = lambda: "250 OK"
    assert drain(service, sender) == 0, "not before the wait is over"
    watch.later(minutes=1)
    assert drain(service, sender) == 3
    sender.close()
    assert [row[1] for row in rows(service)] == [True, True, True]


def test_a_mail_that_is_refused_for_good_is_put_aside_with_the_reason_and_no_address(
    service: Service, office: Office, smtp: tuple[Server, str]
) -> None:
    _, url = smtp
    with service.database.write() as connection:
        outbox.post(connection, "sign_in", "unknown@kuusikko.example", "fi", office.now)
        outbox.post(connection, "sign_in", SARI, "fi", office.now)
    sender = SmtpSender(url)
    drain(service, sender)
    sender.close()
    assert rows(service) == [
        ("unknown@kuusikko.example", False, True, 1, "the receiver was refused: SMTP 550"),
        (SARI, True, False, 1, None),
    ]


def test_a_server_that_is_away_loses_nothing(service: Service, office: Office, watch: Watch) -> None:
    office.enrol()
    sender = SmtpSender(f"smtp://127.0.0.1:{free_port()}")
    waits = []
    for _ in range(12):
        drain(service, sender)
        with service.database.read() as connection:
            following = connection.execute(select(table.c.next_attempt_at).order_by(table.c.id)).scalars().first()
        assert following is not None
        waits.append(following - watch.now)
        watch.now = following
    assert waits[:3] == [timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60)]
    assert max(waits) == timedelta(minutes=15)
    assert all(not sent and not parked for _, sent, parked, _, _ in rows(service))
    watch.later(days=8)
    drain(service, sender)
    assert all(parked and "given up after seven days" in str(error) for _, _, parked, _, error in rows(service))


def test_a_server_that_cannot_be_reached_is_temporary() -> None:
    with pytest.raises(Temporary):
        SmtpSender(f"smtp://127.0.0.1:{free_port()}").send(1, EmailMessage())


def test_a_worker_that_died_gives_its_row_back_and_no_other_takes_it_before(service: Service, office: Office, watch: Watch) -> None:
    office.enrol()
    with service.database.write() as connection:
        leased = [outbox.lease(connection, watch.now) for _ in range(4)]
    assert [message is not None for message in leased] == [True, True, True, False]
    watch.later(seconds=119)
    with service.database.write() as connection:
        assert outbox.lease(connection, watch.now) is None
    watch.later(seconds=1)
    with service.database.write() as connection:
        again = outbox.lease(connection, watch.now)
    assert again is not None
    assert leased[0] is not None
    assert (again.id, again.message_id, again.attempts) == (leased[0].id, leased[0].message_id, 1)


def test_a_request_that_was_withdrawn_is_no_longer_mailed(service: Service, office: Office, post: Post) -> None:
    enrolled = office.enrol()
    office.withdraw(enrolled)
    assert [str(mail["Subject"]) for mail in post.mails(CAMILLA)] == ["En studerande hos er har avbokat en anmälan"]
    assert ("no longer true", True) in [(error, parked) for _, _, parked, _, error in rows(service)]


def test_every_kind_of_mail_is_written_in_every_language(service: Service, office: Office) -> None:
    """No name of a student and no course in a subject; the link in both forms; nothing left untranslated or unfilled."""
    office.fill(1, offering_id=P4)
    seated = office.fill_one("veeti.korhonen@strand.example", P4)
    queued = office.fill_one("siiri@strand.example", P4)
    refused = office.fill_one("otso@strand.example", P4)
    office.refuse(refused)
    for kind, about in KINDS.items():
        for enrolment_id in (seated, queued, refused):
            if not about.still_true(office.enrolment(enrolment_id), office.commitment(enrolment_id)):
                continue
            texts = {}
            for language in ("fi", "sv", "en"):
                link = "AbCdEfGh01234567" if about.opens else None
                message = Message(1, kind, "a@b.fi", language, enrolment_id if about.opens != "sign_in" else None, link, "m", office.now, 0)
                with service.database.read() as connection:
                    mail = render(connection, service, message)
                assert mail is not None
                bodies = [str(part.get_content()) for form in ("plain", "html") if (part := mail.get_body((form,)))]
                texts[language] = str(mail["Subject"]) + bodies[0]
                assert not re.search(r"Korhonen|FY4|Voima", str(mail["Subject"]))
                assert "Korhonen" not in "".join(bodies)
                assert all(("http://localhost" in body) == bool(about.opens) for body in bodies)
                assert not re.search(r"%\(|\{\{|None", texts[language])
                assert "<" not in bodies[0]
                assert len(bodies[0].split()) < 130
            assert len(set(texts.values())) == 3, kind


def test_a_mail_speaks_the_language_of_its_reader(reader: Reader, post: Post) -> None:
    enrol(reader, "/en")
    assert str(post.mails(STUDENT)[0]["Subject"]).startswith("We got your enrolment")
    assert str(post.mails(CAMILLA)[0]["Subject"]).startswith("Beslut begärs senast tors 26.11")


def test_the_worker_opens_tls_where_the_address_says_so(service: Service) -> None:
    """A server without TLS is told nothing, not even a mail."""
    for scheme in ("smtps", "smtp+starttls"):
        server = Server()
        controller = Controller(server, hostname="127.0.0.1", port=free_port())
        controller.start()
        with pytest.raises(Temporary):
            SmtpSender(f"{scheme}://127.0.0.1:{controller.port}").send(1, EmailMessage())
        controller.stop()
        assert server.got == []


def test_the_same_row_can_be_rendered_again_and_again(service: Service, office: Office) -> None:
    office.enrol()
    with service.database.read() as connection:
        row = connection.execute(select(*outbox.COLUMNS).limit(1)).one()
        first, second = (render(connection, service, Message(*row)) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first["Message-ID"] == second["Message-ID"]
