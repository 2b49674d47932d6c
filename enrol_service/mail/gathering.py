"""What staff are written is gathered: the first mail leaves at once, what comes in the next hours waits for one digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from enrol_service.mail import outbox
from enrol_service.tables import outbox as outbox_table

WINDOW = timedelta(hours=4)
SPARE = timedelta(hours=2)  # a digest leaves so long before the earliest deadline it tells of
DIGEST = "digest"
# Kinds of mail to staff that are gathered; what a digest says instead of them is in digest.py. Those that a deadline sends leave at once.
GATHERED = frozenset(
    {
        "decide",
        "student_left",
        "course_cancelled",
        "course_confirmed",
        "course_lapsed",
        "not_started",
        "interrupted",
        "mark_undone",
        "change_asked",
        "change_answered",
        "completion_published",
        "completion_corrected",
        "completion_queried",
    }
)


def tell(
    connection: Connection,
    kind: str,
    email: str,
    language: str,
    now: datetime,
    *,
    due_at: datetime | None = None,
    enrolment_id: int | None = None,
    link_id: str | None = None,
    facts: Mapping[str, int | str] | None = None,
) -> None:
    """Post a mail to staff; one of a gathered kind waits for the digest when another has left in the last hours.

    `due_at`: the deadline it tells of. Call inside the transaction that causes it.
    """
    last = _left_last(connection, email) if kind in GATHERED else None
    if last is None or last + WINDOW <= now:
        outbox.post(connection, kind, email, language, now, enrolment_id=enrolment_id, link_id=link_id, facts=facts)
        return
    at = last + WINDOW if due_at is None else min(last + WINDOW, due_at - SPARE)
    gather(connection, email, language, max(at, now), now)


def tell_on_time(connection: Connection, kind: str, email: str, language: str, now: datetime, *, enrolment_id: int, link_id: str) -> None:
    """Post a mail that a deadline sends. It leaves at once; of several of one moment, the first by itself and the rest as a digest."""
    same = (outbox_table.c.to_email == email) & (outbox_table.c.kind == kind) & (outbox_table.c.created_at == now)
    if connection.execute(select(outbox_table.c.id).where(same)).first() is None:
        outbox.post(connection, kind, email, language, now, enrolment_id=enrolment_id, link_id=link_id)
    else:
        gather(connection, email, language, now, now)


def gather(connection: Connection, email: str, language: str, at: datetime, now: datetime) -> None:
    """See to it that a digest leaves for the address at a moment, or before.

    One waits at a time. One that a worker has taken up does not wait any more: it may have been written already.
    """
    mine = (outbox_table.c.to_email == email) & (outbox_table.c.kind == DIGEST) & outbox.WAITING & (outbox_table.c.attempts == 0)
    columns = (outbox_table.c.id, outbox_table.c.next_attempt_at, outbox_table.c.created_at)
    waiting = connection.execute(select(*columns).where(mine)).first()
    if waiting is None:
        outbox.post(connection, DIGEST, email, language, now, not_before=at)
        return
    # A digest tells what has happened since it was made; another process's clock may be behind.
    values = {"next_attempt_at": min(at, waiting.next_attempt_at), "created_at": min(now, waiting.created_at)}
    connection.execute(outbox_table.update().where(outbox_table.c.id == waiting.id).values(**values))


def _left_last(connection: Connection, email: str) -> datetime | None:
    """When the newest gathered mail to the address left, or will leave. One that was given up has told nobody anything."""
    kinds = outbox_table.c.kind.in_((*sorted(GATHERED), DIGEST))
    mine = (outbox_table.c.to_email == email) & kinds & outbox_table.c.parked_at.is_(None)
    left: datetime | None = connection.execute(select(func.max(outbox_table.c.next_attempt_at)).where(mine)).scalar()
    return left
