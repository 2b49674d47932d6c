"""A confirmed seat, present or past, with the sums of its commitment: what both reports read, in pieces or whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from enrol_service.enrolment.enrolments import ENROLMENT_COLUMNS, Enrolment
from enrol_service.enrolment.participant import has_had_seat
from enrol_service.tables import commitment
from enrol_service.tables import enrolment as rows

SUMS = tuple(commitment.c[name] for name in ("decided_at", "price_cents", "charged_cents", "currency", "price_rule_id"))


@dataclass(frozen=True, slots=True)
class Place:
    """`charged_cents`: owed; None until something is charged."""

    enrolment: Enrolment
    decided_at: datetime | None
    price_cents: int
    charged_cents: int | None
    currency: str
    price_rule_id: str


def places(connection: Connection, *conditions: Any, after: int = 0, most: int | None = None) -> tuple[Place, ...]:
    """Confirmed seats in the order of asking. `after`: an enrolment's number, the next ones come; `most`: so many at the most."""
    both = select(*ENROLMENT_COLUMNS, *SUMS).join_from(rows, commitment)
    found = both.where(rows.c.id > after, has_had_seat(), *conditions).order_by(rows.c.id).limit(most)
    cut = len(ENROLMENT_COLUMNS)
    return tuple(Place(Enrolment(*row[:cut]), *row[cut:]) for row in connection.execute(found))
