"""What the end of a course costs the home school: its commitment is charged or released by what was promised, or put right again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from course_catalogue.agreement_file import WHOLE_PRICE
from enrol_service.enrolment.authorisation import keep_within_budget
from enrol_service.enrolment.enrolments import Commitment, read_commitment
from enrol_service.enrolment.promised import promised_agreement
from enrol_service.events import Actor, advance_commitment
from enrol_service.refusals.deciding import CommitmentSettled

Ending = Literal["completed", "failed", "no_show", "interrupted"]

NOTHING_CHARGED = {"charged_cents": None, "charged_step_id": None}


def charge_ending(connection: Connection, enrolment_id: int, ending: Ending | None, on: date, actor: Actor, now: datetime) -> None:
    """Bring the commitment to what an ending on a day costs; None = the studies go on, so nothing is charged yet.

    Refuses with CommitmentSettled once the sum has been invoiced. Call inside a write transaction.
    """
    commitment = read_commitment(connection, enrolment_id)
    if commitment.state in ("settled", "credited"):
        raise CommitmentSettled
    _bring(connection, commitment, ending, on, actor, now)
    keep_within_budget(connection, enrolment_id, now)


def price_of_ending(connection: Connection, commitment: Commitment, ending: Ending, on: date) -> tuple[int, str]:
    """Cents, and what charges them: the outcome's own name, or the step of the price of leaving that holds on the day."""
    share = promised_outcomes(connection, commitment).get(ending)
    if share is not None:
        return (commitment.price_cents * share + 50) // 100, ending
    row = commitment.leaving_on(on)
    return row.cents, row.step_id or ending


def promised_outcomes(connection: Connection, commitment: Commitment) -> Mapping[str, int]:
    """Outcome → percent of the price, as the agreement said when the commitment was asked."""
    outcomes: Mapping[str, int] = promised_agreement(connection, commitment).get("outcomes", WHOLE_PRICE)
    return outcomes


def _bring(connection: Connection, commitment: Commitment, ending: Ending | None, on: date, actor: Actor, now: datetime) -> None:
    if ending is None:
        _reopen(connection, commitment, actor, now)
        return
    cents, step_id = price_of_ending(connection, commitment, ending, on)
    charged = {"charged_cents": cents, "charged_step_id": step_id}
    if commitment.state == "charged" and cents > 0:
        if cents != commitment.charged_cents or step_id != commitment.charged_step_id:
            advance_commitment(connection, commitment.enrolment_id, "charged", "correct", actor, now, **charged)
        return
    _reopen(connection, commitment, actor, now)
    if cents > 0:
        advance_commitment(connection, commitment.enrolment_id, "given", "charge", actor, now, **charged)
    else:
        advance_commitment(connection, commitment.enrolment_id, "given", "release", actor, now)


def _reopen(connection: Connection, commitment: Commitment, actor: Actor, now: datetime) -> None:
    if commitment.state in ("charged", "released"):
        advance_commitment(connection, commitment.enrolment_id, commitment.state, "reopen", actor, now, **NOTHING_CHARGED)
