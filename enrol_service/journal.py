"""What has been done, for those who look after the network: steps of enrolments and other acts, without anybody's personal data.

Also mail that did not arrive, so that somebody can act on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, literal, select, true, tuple_, union_all

from enrol_service.mail.outbox import NO_LONGER_TRUE
from enrol_service.tables import account, act, enrolment, event, outbox

ENTRIES = 50
MARK = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)_(event|act)_(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Entry:
    """A step (noun, from and to state) or an act. `who` is staff's name; students and the service have none."""

    source: str  # event, act
    id: int
    at: datetime
    noun: str
    step: str
    from_state: str
    to_state: str
    school_id: str  # for whom it was done; of a step, the home school
    enrolment_id: int | None
    actor_kind: str
    who: str | None
    by_api: bool
    facts: Mapping[str, Any]

    @property
    def mark(self) -> str:
        """The entry's place in the order of time, for an address."""
        return f"{self.at.astimezone(UTC).isoformat().replace('+00:00', 'Z')}_{self.source}_{self.id}"


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A mail that was given up. The address of a protected student is not told."""

    id: int
    kind: str
    to_email: str
    enrolment_id: int | None
    created_at: datetime
    parked_at: datetime
    error: str


def journal(connection: Connection, *, before: str = "", school_id: str = "", limit: int = ENTRIES) -> tuple[Entry, ...]:
    """The newest entries, or those before a mark; of one school, those of its own students and its own acts."""
    steps = (
        select(
            literal("event").label("source"),
            event.c.id.label("id"),
            event.c.at.label("at"),
            event.c.noun.label("noun"),
            event.c.step.label("step"),
            event.c.from_state.label("from_state"),
            event.c.to_state.label("to_state"),
            enrolment.c.home_school_id.label("school_id"),
            event.c.enrolment_id.label("enrolment_id"),
            event.c.actor_kind.label("actor_kind"),
            event.c.actor_id.label("actor_id"),
            event.c.token_id.label("token_id"),
        )
        .join(enrolment, enrolment.c.id == event.c.enrolment_id)
        .where(enrolment.c.home_school_id == school_id if school_id else true())
    )
    acts = select(
        literal("act"),
        act.c.id,
        act.c.at,
        literal("act"),
        act.c.name,
        literal(""),
        literal(""),
        act.c.school_id,
        literal(None),
        literal("service"),
        act.c.account_id,
        act.c.token_id,
    ).where(act.c.school_id == school_id if school_id else true())
    both = union_all(steps, acts).subquery()
    found = select(both, account.c.name.label("who")).outerjoin(account, account.c.id == both.c.actor_id)
    if match := MARK.fullmatch(before):
        seen = (datetime.fromisoformat(match[1]), match[2], int(match[3]))
        found = found.where(tuple_(both.c.at, both.c.source, both.c.id) < seen)
    rows = connection.execute(found.order_by(both.c.at.desc(), both.c.source.desc(), both.c.id.desc()).limit(limit)).all()
    facts = _facts(connection, rows)
    return tuple(
        Entry(
            row.source,
            row.id,
            row.at,
            row.noun,
            row.step,
            row.from_state,
            row.to_state,
            row.school_id,
            row.enrolment_id,
            row.actor_kind,
            row.who,
            row.token_id is not None,
            facts[row.source, row.id],
        )
        for row in rows
    )


def undelivered(connection: Connection) -> tuple[Undelivered, ...]:
    """Mails that were refused by the receiver's server or given up, newest first."""
    hidden = enrolment.c.protected.is_(True) & (outbox.c.to_email == enrolment.c.email)
    columns = (outbox.c.id, outbox.c.kind, outbox.c.to_email, outbox.c.enrolment_id, outbox.c.created_at, outbox.c.parked_at)
    found = select(*columns, outbox.c.last_error, hidden.label("hidden")).outerjoin(enrolment, enrolment.c.id == outbox.c.enrolment_id)
    given_up = outbox.c.parked_at.is_not(None) & (outbox.c.last_error != NO_LONGER_TRUE)
    rows = connection.execute(found.where(given_up).order_by(outbox.c.id.desc()).limit(200))
    return tuple(
        Undelivered(
            row.id, row.kind, "" if row.hidden else row.to_email, row.enrolment_id, row.created_at, row.parked_at, row.last_error or ""
        )
        for row in rows
    )


def _facts(connection: Connection, rows: Any) -> dict[tuple[str, int], Mapping[str, Any]]:
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    for name, table in (("event", event), ("act", act)):
        ids = [row.id for row in rows if row.source == name]
        for number, facts in connection.execute(select(table.c.id, table.c.facts).where(table.c.id.in_(ids))):
            found[name, number] = facts
    return found
