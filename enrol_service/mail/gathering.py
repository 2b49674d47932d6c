"""What staff are written is gathered: the first mail leaves at once, what comes in the next hours waits for one digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from enrol_service.mail import outbox
from enrol_service.tables import event
from enrol_service.tables import outbox as outbox_table

WINDOW = timedelta(hours=4)
SPARE = timedelta(hours=2)  # a digest leaves so long before the earliest deadline it tells of
DIGEST = "digest"
# Kinds of mail to staff that are gathered. Those that a deadline sends, and answers to what the reader asked, leave at once.
GATHERED = frozenset(
    {
        "decide",
        "student_left",
        "course_cancelled",
        "not_started",
        "interrupted",
        "change_asked",
        "completion_published",
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
    facts: Mapping[str, int] | None = None,
) -> None:
    """Post a mail of a gathered kind, or let it wait for the digest when another has left in the last hours.

    `due_at`: the deadline it tells of. Call inside the transaction that causes it.
    """
    last = _left_last(connection, email)
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
    """See to it that a digest leaves for the address at a moment, or before; one waits at a time."""
    mine = (outbox_table.c.to_email == email) & (outbox_table.c.kind == DIGEST) & outbox.WAITING
    waiting = connection.execute(select(outbox_table.c.id, outbox_table.c.next_attempt_at).where(mine)).first()
    if waiting is None:
        before = connection.execute(select(func.max(event.c.id)).where(event.c.at < now)).scalar() or 0
        outbox.post(connection, DIGEST, email, language, now, facts={"after_event": before}, not_before=at)
    elif at < waiting.next_attempt_at:
        connection.execute(outbox_table.update().where(outbox_table.c.id == waiting.id).values(next_attempt_at=at))


def _left_last(connection: Connection, email: str) -> datetime | None:
    """When the newest gathered mail to the address left, or will leave."""
    kinds = outbox_table.c.kind.in_((*sorted(GATHERED), DIGEST))
    left: datetime | None = connection.execute(
        select(func.max(outbox_table.c.next_attempt_at)).where(outbox_table.c.to_email == email, kinds)
    ).scalar()
    return left
