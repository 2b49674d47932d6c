"""Deadlines that act: reminders, the second address, and a tick that may run twice, late and on two hosts."""

from __future__ import annotations

import dataclasses
import re
import threading
from datetime import timedelta

import pytest
import sqlalchemy
from sqlalchemy import select

from enrol_service.database import Database, open_database
from enrol_service.enrolment.enrolments import pairs
from enrol_service.events import history
from enrol_service.refusals.deciding import DeadlinePassed
from enrol_service.service import Service
from enrol_service.tables import event as event_table
from enrol_service.tables import link, outbox
from enrol_service.tick import tick
from tests.enrol_service.cast import CAMILLA, CATALOGUE, P3, P4, PIA, Office, day, form
from tests.enrol_service.mail.every_language import texts
from tests.enrol_service.oracle import replay

HENRIK = "henrik.sandell@strand.example"  # pays for Strand
MONDAY = day("2026-11-23")


def asked(office: Office) -> list[tuple[str, str]]:
    """Every mail that asks a home school to decide: kind and receiver."""
    kinds = ("decide", "remind", "escalate")
    with office.database.read() as connection:
        rows = connection.execute(select(outbox.c.kind, outbox.c.to_email).where(outbox.c.kind.in_(kinds)).order_by(outbox.c.id))
        return [(kind, to) for kind, to in rows]


def test_contact_persons_are_asked_then_reminded_then_the_payer_is_asked(office: Office) -> None:
    enrolled = office.enrol()
    assert asked(office) == [("decide", CAMILLA)]
    office.now = day("2026-11-24", "08:59")
    assert office.tick() == 0
    office.now = day("2026-11-24", "09:00")
    assert (office.tick(), office.tick()) == (1, 0)
    assert asked(office)[1:] == [("remind", CAMILLA)]
    assert office.commitment(enrolled).reminded_at == office.now
    office.now = day("2026-11-25", "09:00")
    assert (office.tick(), office.tick()) == (1, 0)
    assert asked(office)[2:] == [("escalate", HENRIK)]
    assert office.commitment(enrolled).escalated_at == office.now
    assert office.give(enrolled, HENRIK)


def test_each_mail_that_asks_has_a_link_of_its_own(office: Office) -> None:
    enrolled = office.enrol()
    office.now = day("2026-11-25", "10:00")
    assert office.tick() == 2, "late: reminded and escalated at once"
    with office.database.read() as connection:
        links = connection.execute(select(link.c.id, link.c.email).where(link.c.enrolment_id == enrolled, link.c.purpose == "decide")).all()
        sent = set(connection.execute(select(outbox.c.link_id).where(outbox.c.kind.in_(("decide", "remind", "escalate")))).scalars())
    assert sorted(one.email for one in links) == [CAMILLA, CAMILLA, HENRIK]
    assert {one.id for one in links} == sent


def test_whoever_is_contact_person_and_payer_is_not_asked_twice_at_once(office: Office) -> None:
    enrolled = office.enrol(form(school_id="rantakyla"))
    office.now = day("2026-11-25", "10:00")
    office.tick()
    assert asked(office) == [("decide", PIA), ("remind", PIA)]
    assert office.commitment(enrolled).escalated_at == office.now


def test_a_school_without_contact_persons_has_its_payers_asked_first(office: Office) -> None:
    strand = CATALOGUE.schools["strand"]
    payers = dataclasses.replace(strand, contacts=tuple(one for one in strand.contacts if "payer" in one.roles))
    office.catalogue = dataclasses.replace(CATALOGUE, schools={**CATALOGUE.schools, "strand": payers})
    office.enrol()
    office.now = day("2026-11-25", "10:00")
    office.tick()
    assert asked(office) == [("decide", HENRIK), ("remind", HENRIK)]


@pytest.mark.parametrize(
    ("at", "reminded"),
    [
        ("2026-11-20T15:00", "2026-11-23T09:00"),  # Friday: the weekend does not count
        ("2026-11-21T12:00", "2026-11-23T09:00"),  # Saturday
        ("2026-11-22T23:30", "2026-11-23T09:00"),  # Sunday night
        ("2026-11-23T00:10", "2026-11-24T09:00"),
    ],
)
def test_reminders_come_in_the_morning_of_a_weekday(office: Office, at: str, reminded: str) -> None:
    office.now = day(*at.split("T"))
    enrolled = office.enrol()
    moment = day(*reminded.split("T"))
    office.now = moment - timedelta(minutes=1)
    office.tick()
    assert office.commitment(enrolled).reminded_at is None
    office.now = moment
    office.tick()
    assert office.commitment(enrolled).reminded_at == moment


def test_nobody_is_reminded_within_two_hours_of_asking_or_of_the_deadline(office: Office) -> None:
    soon = {name: dataclasses.replace(one, remind_after_days=0, escalate_after_days=3) for name, one in CATALOGUE.agreements.items()}
    office.catalogue = dataclasses.replace(CATALOGUE, agreements=soon)
    office.now = day("2026-11-23", "08:30")
    enrolled = office.enrol()
    office.now = day("2026-11-23", "10:29")
    assert office.tick() == 0
    office.now = day("2026-11-23", "10:30")
    assert office.tick() == 1
    office.now = day("2026-11-26", "14:01")  # the answer is due at 16.00
    assert office.tick() == 0
    assert office.commitment(enrolled).escalated_at is None


@pytest.mark.parametrize("answer", ["give", "refuse", "withdraw"])
def test_what_is_answered_is_not_asked_again(office: Office, answer: str) -> None:
    getattr(office, answer)(office.enrol())
    office.now = day("2026-11-25", "10:00")
    office.tick()
    assert asked(office) == [("decide", CAMILLA)]


def test_an_agreement_without_reminders_reminds_nobody(office: Office) -> None:
    none = {name: dataclasses.replace(one, remind_after_days=None, escalate_after_days=None) for name, one in CATALOGUE.agreements.items()}
    office.catalogue = dataclasses.replace(CATALOGUE, agreements=none)
    office.enrol()
    office.now = day("2026-11-25", "10:00")
    assert office.tick() == 0


def test_who_waits_in_line_is_asked_about_again_only_with_a_seat(office: Office) -> None:
    first, second = office.fill(2, offering_id=P4)
    waiting = office.fill_one("siiri@strand.example", P4)
    for one in (first, second):
        office.give(one)
    office.now = day("2026-11-26", "10:00")
    assert office.tick() == 0
    office.withdraw(first)
    office.now = day("2026-11-27", "09:00")
    office.tick()
    assert office.commitment(waiting).reminded_at == office.now
    assert [kind for kind, _ in asked(office)[1:]] == ["remind"], "that a seat was free came in the digest"


def test_the_payer_decides_by_the_link_of_the_second_mail_and_late_is_late(office: Office) -> None:
    enrolled = office.enrol()
    office.now = office.commitment(enrolled).answer_by_at
    with pytest.raises(DeadlinePassed):
        office.give(enrolled, HENRIK)


def test_the_mails_say_by_when_and_hold_while_there_is_time(service: Service, office: Office) -> None:
    enrolled = office.enrol()
    assert texts(service, office, "remind", enrolled)[0]["fi"] == "Muistutus: päätös pyydetään viimeistään to 26.11. klo 16.00"
    assert texts(service, office, "escalate", enrolled)[0]["en"].startswith("Nobody has decided yet: an answer is needed by Thu 26")
    assert "kontaktperson" in texts(service, office, "escalate", enrolled)[1]["sv"]
    office.give(enrolled)
    for kind in ("remind", "escalate"):
        assert texts(service, office, kind, enrolled) == ({}, {})
    other = office.fill_one("other@strand.example", P3)
    office.now = office.commitment(other).answer_by_at
    for kind in ("remind", "escalate"):
        assert texts(service, office, kind, other) == ({}, {})


# A moment at which every kind of work is due: the season below, one minute after the day of decision.
BUSY = day("2026-11-29", "00:01")


def busy_season(office: Office) -> None:
    """Requests to expire, to remind and to escalate, an offer that has lapsed, a line with a free seat, a run to lapse, one cancelled."""
    first, second = office.fill(2, offering_id=P4)
    waiting = [office.fill_one(f"waiting{number}@strand.example", P4) for number in range(4)]
    office.give(waiting[0])
    office.give(second)
    office.withdraw(first)  # offered to the first in line
    office.give(office.fill_one("alone@strand.example", P3))
    office.fill_one("silent@strand.example", P3)
    office.now = day("2026-11-25", "12:00")
    maa6 = "kuusikko/maa6-derivaatta"
    for number in range(3):
        made = form(course_id=maa6, offering_id="oma-tahti", email=f"s{number}@strand.example", prices_shown={"oma-tahti": (8000, 20000)})
        office.enrol(made)
    office.now = BUSY


def two_hosts(office: Office, hosts: int = 2) -> list[int]:
    """Tick on so many hosts at once, each with a pool of connections of its own; what each of them says it did."""
    url = office.database.engine.url.render_as_string(hide_password=False)
    databases = [open_database(url) for _ in range(hosts)]
    barrier = threading.Barrier(hosts)
    taken: list[int] = []

    def work(database: Database) -> None:
        barrier.wait()
        taken.append(tick(database, office.catalogue, office.now))

    threads = [threading.Thread(target=work, args=(one,)) for one in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.close()
    return taken


def what_happened(office: Office) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Every event and every mail, without what chance decides."""
    columns = (event_table.c.enrolment_id, event_table.c.noun, event_table.c.step, event_table.c.to_state)
    with office.database.read() as connection:
        events = [tuple(row) for row in connection.execute(select(*columns).order_by(event_table.c.id))]
        wanted = select(outbox.c.kind, outbox.c.to_email, outbox.c.enrolment_id).order_by(outbox.c.id)
        mails = [tuple(row) for row in connection.execute(wanted)]
        for one, promised in pairs(connection):
            assert replay(history(connection, one.id)) == {"enrolment": one.state, "commitment": promised.state}
    return events, mails


@pytest.mark.parametrize("hosts", [2, 4])
def test_hosts_that_tick_at_once_take_each_step_once(office: Office, database: Database, hosts: int) -> None:
    busy_season(office)
    taken = two_hosts(office, hosts)
    assert sorted(taken)[:-1] == [0] * (hosts - 1)
    assert max(taken) > 5
    events, mails = what_happened(office)
    kinds = [kind for kind, _, _ in mails]
    assert {"offer_lapsed", "promoted", "expired", "run_lapsed", "remind", "escalate"} <= set(kinds)
    once = [one for one in mails if one[0] != "decide"]  # who was promoted is asked about anew
    assert len(set(once)) == len(once)
    assert two_hosts(office, hosts) == [0] * hosts
    assert what_happened(office) == (events, mails)


def test_a_tick_with_nothing_to_do_takes_no_write_lock(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even while people wait in line and schools have time to answer."""
    office.fill(2, offering_id=P4)
    office.fill_one("siiri@strand.example", P4)
    office.later(minutes=5)
    monkeypatch.setattr(office.database, "write", lambda: pytest.fail("a write lock was taken"))
    assert office.tick() == 0


def test_a_late_tick_does_what_earlier_ones_would_have_done(office: Office) -> None:
    """Nobody is given a seat after the start, and nobody is reminded of what is over."""
    busy_season(office)
    _, before = what_happened(office)
    office.now = day("2027-03-01")
    assert office.tick() > 0
    assert office.tick() == 0
    _, mails = what_happened(office)
    assert {kind for kind, _, _ in mails[len(before) :]} == {"offer_lapsed", "expired", "run_lapsed", "run_decided", "course_lapsed"}


def test_a_tick_walks_no_whole_table(office: Office) -> None:
    """Every twenty seconds, over years of enrolments: SQLite's own plan of each statement."""
    if office.database.engine.dialect.name != "sqlite":
        pytest.skip("the plan is SQLite's")
    office.fill(3, offering_id=P4)
    statements: list[tuple[str, object]] = []

    def note(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        statements.append((statement, parameters))

    sqlalchemy.event.listen(office.database.engine, "before_cursor_execute", note)
    assert office.tick() == 0
    sqlalchemy.event.remove(office.database.engine, "before_cursor_execute", note)
    with office.database.read() as connection:
        for statement, parameters in [one for one in statements if one[0].startswith("SELECT")]:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()  # type: ignore[arg-type]
            steps = [row.detail for row in plan]
            assert not [step for step in steps if re.fullmatch(r"SCAN (enrolment|commitment|outbox|event)", step)], (statement, steps)
