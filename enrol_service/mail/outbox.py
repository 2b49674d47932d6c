"""The outbox: mails decided in the transaction that caused them. A worker leases a row, sends it, and marks it; never the other way round.

A crash after sending and before marking sends one mail twice, with the same Message-ID; no mail is ever lost.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from enrol_service.tables import outbox

LEASE = timedelta(minutes=2)  # longer than the slowest honest sending
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)  # longer ones delay mail by hours once the mail server is back
GIVE_UP = timedelta(days=7)
ERROR_LENGTH = 300
NO_LONGER_TRUE = "no longer true"  # why a mail is parked that nobody needs any more

WAITING = outbox.c.sent_at.is_(None) & outbox.c.parked_at.is_(None)


@dataclass(frozen=True, slots=True)
class Message:
    """A row to be sent."""

    id: int
    kind: str
    to_email: str
    language: str
    enrolment_id: int | None
    link_id: str | None
    facts: dict[str, Any]
    message_id: str
    created_at: datetime
    attempts: int
    leased_until_at: datetime | None = None  # by whoever sends it now


COLUMNS = tuple(outbox.c[name] for name in Message.__slots__)


def post(
    connection: Connection,
    kind: str,
    to_email: str,
    language: str,
    now: datetime,
    *,
    enrolment_id: int | None = None,
    link_id: str | None = None,
    facts: Mapping[str, int | str] | None = None,
    not_before: datetime | None = None,
) -> None:
    """Put a mail into the outbox, in the transaction that causes it. `facts`: what further it tells of; nothing personal."""
    connection.execute(
        outbox.insert().values(
            kind=kind,
            to_email=to_email,
            language=language,
            enrolment_id=enrolment_id,
            link_id=link_id,
            facts=dict(facts or {}),
            message_id=secrets.token_hex(16),
            created_at=now,
            next_attempt_at=not_before or now,
        )
    )


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether `lease` would find a row. Needs no write lock."""
    return connection.execute(select(outbox.c.id).where(_free(now)).limit(1)).first() is not None


def lease(connection: Connection, now: datetime) -> Message | None:
    """Take the row that has waited longest, for LEASE. Another worker does not see it until then."""
    row = connection.execute(select(*COLUMNS).where(_free(now)).order_by(outbox.c.next_attempt_at, outbox.c.id).limit(1)).first()
    if row is None:
        return None
    values = {"leased_until_at": now + LEASE, "attempts": outbox.c.attempts + 1}
    connection.execute(outbox.update().where(outbox.c.id == row.id).values(**values))
    return replace(Message(*row), leased_until_at=now + LEASE)


def _free(now: datetime) -> ColumnElement[bool]:
    return WAITING & (outbox.c.next_attempt_at <= now) & (outbox.c.leased_until_at.is_(None) | (outbox.c.leased_until_at <= now))


def _is_own(message: Message) -> ColumnElement[bool]:
    """The condition that nobody else has taken the row since: whoever was too slow says nothing more about it."""
    return WAITING & (outbox.c.id == message.id) & (outbox.c.leased_until_at == message.leased_until_at)


def mark_sent(connection: Connection, message: Message, now: datetime) -> None:
    """Write that a mail has been handed over."""
    connection.execute(outbox.update().where(_is_own(message)).values(sent_at=now, leased_until_at=None, last_error=None))


def mark_failed(connection: Connection, message: Message, now: datetime, error: str) -> None:
    """Try again later: 15 s, 30 s, 1 min … up to 15 min apart, for seven days."""
    if now - message.created_at >= GIVE_UP:
        park(connection, message, now, f"given up after seven days: {error}")
        return
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(message.attempts, 10))
    values = {"next_attempt_at": now + wait, "leased_until_at": None, "last_error": error[:ERROR_LENGTH]}
    connection.execute(outbox.update().where(_is_own(message)).values(**values))


def park(connection: Connection, message: Message, now: datetime, reason: str) -> None:
    """Take a mail out of the way for good: refused by the receiver's server, given up, or no longer true."""
    values = {"parked_at": now, "leased_until_at": None, "last_error": reason[:ERROR_LENGTH]}
    connection.execute(outbox.update().where(_is_own(message)).values(**values))


def lag(connection: Connection, now: datetime) -> tuple[int, timedelta]:
    """How many mails wait, and for how long the oldest has waited."""
    count, oldest = connection.execute(select(func.count(), func.min(outbox.c.created_at)).where(WAITING)).one()
    return int(count), (now - oldest if oldest else timedelta(0))
