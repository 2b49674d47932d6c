"""Mails: what they say, and how they leave through a real SMTP server that is well, unwell or away."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from enrol_service.enrolment.withdraw import withdraw
from enrol_service.events import THE_SERVICE, advance_commitment, advance_enrolment
from enrol_service.mail import outbox
from enrol_service.mail.mails import KINDS, render
from enrol_service.mail.notices import send_link_again
from enrol_service.mail.outbox import Message
from enrol_service.mail.sender import SmtpSender, Temporary
from enrol_service.service import Service
from enrol_service.tables import outbox as table
from enrol_service.worker import drain, run
from tests.enrol_service.cast import CAMILLA, P3, P4, SARI, Office, day
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader
from tests.enrol_service.walk import STUDENT, enrol


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
    assert drain(service, sender) == 2
    assert drain(service, sender) == 0
    sender.close()
    mails = [message_from_bytes(one, policy=policy.default) for one in server.got]
    assert server.receivers == ["veeti.korhonen@kuusikko.example", CAMILLA]
    assert len({mail["Message-ID"] for mail in mails}) == 2
    assert all(re.fullmatch(r"<[0-9a-f]{32}@localhost>", mail["Message-ID"]) for mail in mails)
    assert all(mail["Auto-Submitted"] == "auto-generated" for mail in mails)
    assert [row[1] for row in rows(service)] == [True, True]


@pytest.mark.parametrize("said", ["451 try later", "421 closing", "450 greylisted"])
def test_a_server_that_asks_to_wait_is_asked_again(
    service: Service, office: Office, smtp: tuple[Server, str], watch: Watch, said: str
) -> None:
    server, url = smtp
    server.answer = lambda: said
    office.enrol()
    sender = SmtpSender(url)
    drain(service, sender)
    assert [row[1:3] for row in rows(service)] == [(False, False)] * 2
    server.answer = lambda: "250 OK"
    assert drain(service, sender) == 0, "not before the wait is over"
    watch.later(minutes=1)
    assert drain(service, sender) == 2
    sender.close()
    assert [row[1] for row in rows(service)] == [True, True]


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


def test_a_mail_says_its_language(service: Service, post: Post, office: Office) -> None:
    office.enrol(language="sv")
    mail = post.mails("veeti.korhonen@kuusikko.example")[0]
    assert (mail["Content-Language"], mail.get_content_type()) == ("sv", "multipart/alternative")


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("veeti.korhonen@kuusikko.example", "Sinulle 0 €. Strandgymnasiet maksaa 150,00 €."),
        (CAMILLA, "150,00 €, betalas av Strandgymnasiet"),
    ],
    ids=["student", "home school"],
)
def test_a_student_reads_first_that_it_costs_them_nothing(service: Service, post: Post, office: Office, to: str, words: str) -> None:
    office.enrol()
    body = post.mails(to)[0].get_body(("plain",))
    assert body is not None
    assert words in " ".join(body.get_content().split())


def test_a_server_that_is_away_loses_nothing(service: Service, office: Office, watch: Watch) -> None:
    enrolled = office.enrol()
    with office.database.write() as connection:
        send_link_again(connection, office.enrolment(enrolled), office.now)
    sender = SmtpSender(f"smtp://127.0.0.1:{free_port()}")
    waits = []
    for _ in range(12):
        drain(service, sender)
        with service.database.read() as connection:
            following = connection.execute(select(table.c.next_attempt_at).order_by(table.c.id.desc())).scalars().first()
        assert following is not None
        waits.append(following - watch.now)
        watch.now = following
    assert waits[:3] == [timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60)]
    assert max(waits) == timedelta(minutes=15)
    assert all(not sent and not parked for _, sent, parked, _, _ in rows(service))
    watch.later(days=8)
    drain(service, sender)
    assert all(parked for _, _, parked, _, _ in rows(service))
    assert [str(error).partition(":")[0] for *_, error in rows(service)] == ["no longer true"] * 2 + ["given up after seven days"]


def test_a_server_that_cannot_be_reached_is_temporary() -> None:
    with pytest.raises(Temporary):
        SmtpSender(f"smtp://127.0.0.1:{free_port()}").send(1, EmailMessage())


def test_a_worker_that_died_gives_its_row_back_and_no_other_takes_it_before(service: Service, office: Office, watch: Watch) -> None:
    office.enrol()
    with service.database.write() as connection:
        leased = [outbox.lease(connection, watch.now) for _ in range(3)]
    assert [message is not None for message in leased] == [True, True, False]
    watch.later(seconds=119)
    with service.database.write() as connection:
        assert outbox.lease(connection, watch.now) is None
    watch.later(seconds=1)
    with service.database.write() as connection:
        again = outbox.lease(connection, watch.now)
    assert again is not None
    assert leased[0] is not None
    assert (again.id, again.message_id, again.attempts) == (leased[0].id, leased[0].message_id, 1)


def test_who_was_too_slow_says_nothing_more_about_a_mail_that_another_has_taken(service: Service, office: Office, watch: Watch) -> None:
    office.enrol()
    with service.database.write() as connection:
        slow = outbox.lease(connection, watch.now)
        watch.later(minutes=2)
        quick = outbox.lease(connection, watch.now)
        assert slow is not None
        assert quick is not None
        assert slow.id == quick.id
        outbox.park(connection, slow, watch.now, "the receiver was refused")
        outbox.mark_failed(connection, slow, watch.now, "TimeoutError")
        outbox.mark_sent(connection, quick, watch.now)
        outbox.mark_failed(connection, slow, watch.now, "TimeoutError")
    assert rows(service)[0][1:] == (True, False, 2, None)


def test_deadlines_act_between_two_mails_of_a_server_that_hangs(
    service: Service, office: Office, watch: Watch, smtp: tuple[Server, str]
) -> None:
    server, url = smtp
    expired, *_ = office.fill(4, offering_id=P3)
    stop, states = threading.Event(), []

    def hang() -> str:
        states.append(office.states(expired)[0])
        watch.later(days=2)
        if len(states) == 4:
            stop.set()
        return "451 try later"

    server.answer = hang
    run(replace(service, settings=replace(service.settings, smtp_url=url)), stop)
    assert states[0] == "requested"
    assert states[3] == "expired", "and not only when the outbox is empty"


def test_a_request_that_was_withdrawn_is_no_longer_mailed(service: Service, office: Office, post: Post) -> None:
    enrolled = office.enrol()
    office.withdraw(enrolled)
    assert post.mails(CAMILLA) == []
    assert ("no longer true", True) in [(error, parked) for _, _, parked, _, error in rows(service)]


EVERYBODY = {
    *("requested", "placed", "refused", "expired", "withdrawn", "left_at_a_price", "cancelled"),
    *("no_show", "interrupted", "offered", "queued", "approved"),
}


def every_state(office: Office) -> list[int]:
    """Enrolments in every state that a mail may speak of."""
    made = {}
    for name in ("requested", "placed", "refused", "expired", "withdrawn", "left_at_a_price", "cancelled", "no_show", "interrupted"):
        made[name] = office.fill_one(f"{name}@strand.example", P3)
    office.give(made["placed"])
    office.refuse(made["refused"])
    office.withdraw(made["withdrawn"])
    office.give(made["left_at_a_price"])
    office.give(made["no_show"])
    office.give(made["interrupted"])
    first, _ = office.fill(2, offering_id=P4)
    made["offered"] = office.fill_one("offered@strand.example", P4)
    office.give(made["offered"])
    office.withdraw(first)
    made["queued"], made["approved"] = (office.fill_one(f"{name}@strand.example", P4) for name in ("queued", "approved"))
    office.give(made["approved"])
    with office.database.write() as connection:
        advance_commitment(connection, made["expired"], "asked", "expire", THE_SERVICE, office.now)
        advance_enrolment(connection, made["expired"], "requested", "expire", THE_SERVICE, office.now)
        advance_commitment(connection, made["cancelled"], "asked", "release", THE_SERVICE, office.now)
        advance_enrolment(connection, made["cancelled"], "requested", "cancel", THE_SERVICE, office.now)
    now, office.now = office.now, day("2026-12-02")
    office.withdraw(made["left_at_a_price"])
    office.miss(made["no_show"])
    office.start(made["interrupted"], "2026-12-01")
    office.interrupt(made["interrupted"], "2026-12-02")
    office.now = now
    return list(made.values())


def test_every_kind_of_mail_is_written_in_every_language(service: Service, office: Office) -> None:
    """No name of a student and no course in a subject; the link in both forms; nothing left untranslated or unfilled."""
    every = every_state(office)
    for kind, about in KINDS.items():
        if about.more is not None:
            continue  # tested where the rows it tells of are made
        rendered = 0
        for enrolment_id in every if kind != "sign_in" else every[:1]:
            texts = {}
            for language in ("fi", "sv", "en"):
                link = "AbCdEfGh01234567" if about.opens else None
                whom = enrolment_id if kind != "sign_in" else None
                message = Message(1, kind, "a@b.fi", language, whom, link, {}, "m", office.now, 0)
                with service.database.read() as connection:
                    mail = render(connection, service, message, office.now)
                if mail is None:
                    continue
                bodies = [str(part.get_content()) for form in ("plain", "html") if (part := mail.get_body((form,)))]
                texts[language] = str(mail["Subject"]) + bodies[0]
                assert not re.search(r"Korhonen|FY4|Voima", str(mail["Subject"]))
                assert "Korhonen" not in "".join(bodies)
                assert all(("http://localhost" in body) == bool(about.opens) for body in bodies)
                assert not re.search(r"%\(|\{\{|None", texts[language])
                assert "<" not in bodies[0]
                assert len(bodies[0].split()) < 130
            assert len(set(texts.values())) in (0, 3), kind
            rendered += bool(texts)
        assert rendered > 0, f"{kind} is never sent"
        assert rendered < len(every) or kind == "link_again", f"{kind} is always sent"


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        ("receipt", {"requested", "queued"}),
        ("placed", {"placed"}),
        ("approved", {"approved"}),
        ("promoted", {"requested"}),
        ("refused", {"refused"}),
        ("expired", {"expired"}),
        ("withdrawn", {"withdrawn", "left_at_a_price", "interrupted"}),
        ("cancelled", {"cancelled"}),
        ("link_again", EVERYBODY),
        ("decide", {"requested", "queued"}),
        ("student_left", {"withdrawn", "left_at_a_price", "interrupted"}),
        ("course_cancelled", {"cancelled"}),
        ("offer", {"offered"}),
        ("remind", {"requested"}),
        ("escalate", {"requested"}),
        ("run_confirmed", {"placed"}),
        ("run_lapsed", {"cancelled"}),
        ("course_lapsed", {"cancelled"}),
    ],
)
def test_a_mail_is_sent_only_while_it_is_true(office: Office, kind: str, states: set[str]) -> None:
    every = [(office.enrolment(one), office.commitment(one)) for one in every_state(office)]
    assert {one.email.partition("@")[0] for one, promised in every if KINDS[kind].still_true(one, promised, office.now)} == states
    late = {one.email.partition("@")[0] for one, promised in every if KINDS[kind].still_true(one, promised, promised.answer_by_at)}
    assert late == (set() if kind in ("receipt", "promoted", "decide", "remind", "escalate") else states)


@pytest.mark.parametrize(
    ("language", "by_school", "by_student"),
    [
        ("fi", "Camilla Holm perui opiskelijasi ilmoittautumisen", "Opiskelijasi on perunut"),
        ("sv", "Camilla Holm avbokade anmälan för en studerande hos er", "En studerande hos er har avbokat"),
        ("en", "Camilla Holm cancelled the enrolment of a student of yours", "A student of yours has cancelled"),
    ],
)
def test_the_home_school_reads_who_ended_an_enrolment(
    service: Service, office: Office, language: str, by_school: str, by_student: str
) -> None:
    one, other = office.fill(2)
    office.withdraw(other)
    actor = office.actor(CAMILLA)
    said = []
    with office.database.write() as connection:
        withdraw(connection, office.catalogue, one, actor, office.now, price_shown=0)
        for enrolment_id in (one, other):
            message = Message(1, "student_left", CAMILLA, language, enrolment_id, None, {}, "m", office.now, 0)
            mail = render(connection, service, message, office.now)
            assert mail is not None
            assert "Camilla" not in str(mail["Subject"])
            body = mail.get_body(("plain",))
            assert body is not None
            said.append(" ".join(str(body.get_content()).split()))
    assert by_school in said[0]
    assert by_student in said[1]
    assert "Camilla" not in said[1]


def test_a_sign_in_mail_that_comes_too_late_to_be_used_is_not_sent(service: Service, office: Office, watch: Watch, post: Post) -> None:
    with office.database.write() as connection:
        outbox.post(connection, "sign_in", SARI, "fi", office.now)
    watch.later(minutes=30)
    assert post.mails(SARI) == []


def poison(service: Service, watch: Watch) -> None:
    """Rows that cannot be rendered: a forged address, a kind that nobody knows, an address that no header takes."""
    with service.database.write() as connection:
        for kind, to in (("sign_in", "=?utf-8?q?a=0d=0ab?=@x.fi"), ("unknown", SARI), ("sign_in", "ä@x.fi"), ("sign_in", "a@b.fi, c@d.fi")):
            outbox.post(connection, kind, to, "fi", watch.now - timedelta(minutes=1))
        outbox.post(connection, "sign_in", SARI, "fi", watch.now)


def test_a_mail_that_cannot_be_made_holds_back_no_other(
    service: Service, watch: Watch, smtp: tuple[Server, str], caplog: pytest.LogCaptureFixture
) -> None:
    server, url = smtp
    poison(service, watch)
    sender = SmtpSender(url)
    assert drain(service, sender) == 5
    sender.close()
    assert server.receivers == [SARI]
    assert [row[1:4] for row in rows(service)] == [(False, False, 1)] * 4 + [(True, False, 1)]
    assert all(re.fullmatch(r"[A-Za-z]+ at \w+\.py:\d+", error or "") for *_, error in rows(service)[:4])
    assert "x.fi" not in caplog.text
    assert drain(service, sender) == 0, "not before the wait is over"


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
        first, second = (render(connection, service, Message(*row), office.now) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first["Message-ID"] == second["Message-ID"]
