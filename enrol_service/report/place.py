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
STATE = commitment.c.state.label("commitment_state")  # beside the enrolment's own
NOT_OWED = ("released", "refused", "expired")  # states of a commitment of which nothing is left to pay


@dataclass(frozen=True, slots=True)
class Place:
    """`charged_cents`: owed; None until something is charged. A commitment that was released promises nothing any more."""

    enrolment: Enrolment
    decided_at: datetime | None
    price_cents: int
    charged_cents: int | None
    currency: str
    price_rule_id: str
    commitment_state: str

    @property
    def promised_cents(self) -> int | None:
        """What is promised now; None where nothing is."""
        return None if self.commitment_state in NOT_OWED else self.price_cents

    @property
    def owed_cents(self) -> int | None:
        """What is to be paid: nothing of a commitment that was released; None while it is still open."""
        return 0 if self.commitment_state in NOT_OWED else self.charged_cents


def places(connection: Connection, *conditions: Any, after: int = 0, most: int | None = None) -> tuple[Place, ...]:
    """Confirmed seats in the order of asking. `after`: an enrolment's number, the next ones come; `most`: so many at the most."""
    both = select(*ENROLMENT_COLUMNS, *SUMS, STATE).join_from(rows, commitment)
    found = both.where(rows.c.id > after, has_had_seat(), *conditions).order_by(rows.c.id).limit(most)
    cut = len(ENROLMENT_COLUMNS)
    return tuple(Place(Enrolment(*row[:cut]), *row[cut:]) for row in connection.execute(found))
