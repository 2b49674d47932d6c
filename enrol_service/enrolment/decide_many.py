"""Many requests answered at once, each by the command that answers one; what was not done is told, with why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from course_catalogue.model import Catalogue, RefusalReason, SchoolId
from enrol_service.enrolment.decide import Answer, give, refuse
from enrol_service.enrolment.enrolments import Commitment, Enrolment, read_commitment, read_enrolment
from enrol_service.enrolment.promised import promised_reasons
from enrol_service.enrolment.recheck import refuse_changed, refuse_gone
from enrol_service.events import Actor
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.change import NothingChosen
from enrol_service.refusals.deciding import DeadlinePassed, ReasonMissing, RunCancelled
from enrol_service.speech import Speech

# What became of one request: done; decided before; too late; the run was cancelled; the student left; refused for another reason.
Result = Literal["done", "decided", "late", "cancelled", "left", "changed"]

Pair = tuple[Enrolment, Commitment]
Decide = Callable[[Pair, Actor], Answer]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request. `commitment` is as it stands now; `refusal` is what a rule said, of `changed`."""

    enrolment: Enrolment
    commitment: Commitment
    result: Result
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The requests that a person answers, and what the page before showed of each: recheck.digest_of its changes."""

    shown: Mapping[int, str]  # enrolment's number → digest; empty for nothing changed
    actors: Mapping[SchoolId, Actor]  # the person in each of the schools
    speech: Speech  # of the page


def give_many(connection: Connection, catalogue: Catalogue, chosen: Chosen, now: datetime) -> tuple[Outcome, ...]:
    """Give the commitments that can be given, in the order shown.

    Refuses with NothingChosen. Call inside a write transaction.
    """

    def decide(pair: Pair, actor: Actor) -> Answer:
        refuse_gone(catalogue, *pair)
        return give(connection, catalogue, pair[0].id, actor, now)

    return _each(connection, catalogue, chosen, decide)


def refuse_many(connection: Connection, catalogue: Catalogue, chosen: Chosen, reason_id: str, now: datetime) -> tuple[Outcome, ...]:
    """Refuse the requests that can be refused, all for one reason of the agreement's closed list.

    Refuses with NothingChosen and ReasonMissing, and then nothing is refused. Call inside a write transaction.
    """
    common = common_reasons(connection, catalogue, [read_commitment(connection, one) for one in chosen.shown])
    if chosen.shown and reason_id not in {one.id for one in common}:
        raise ReasonMissing
    return _each(connection, catalogue, chosen, lambda pair, actor: refuse(connection, catalogue, pair[0].id, reason_id, actor, now))


def common_reasons(connection: Connection, catalogue: Catalogue, commitments: Sequence[Commitment]) -> tuple[RefusalReason, ...]:
    """The reasons that every agreement under which these were asked knows, in the order and the words of the first."""
    agreements = {one.agreement_digest: one for one in commitments}
    lists = [promised_reasons(connection, catalogue, one) for one in agreements.values()]
    others = [{one.id for one in reasons} for reasons in lists]
    return tuple(one for one in lists[0] if all(one.id in ids for ids in others)) if lists else ()


def _each(connection: Connection, catalogue: Catalogue, chosen: Chosen, decide: Decide) -> tuple[Outcome, ...]:
    if not chosen.shown:
        raise NothingChosen
    return tuple(_one(connection, catalogue, chosen, one, decide) for one in chosen.shown)


def _one(connection: Connection, catalogue: Catalogue, chosen: Chosen, enrolment_id: int, decide: Decide) -> Outcome:
    """Decide one request. A rule that says no undoes what was begun for this one, and nothing of the others."""
    pair = (read_enrolment(connection, enrolment_id), read_commitment(connection, enrolment_id))
    refusal: Refusal | None = None
    changed = False
    savepoint = connection.begin_nested()
    try:
        refuse_changed(connection, catalogue, *pair, chosen.speech, chosen.shown[enrolment_id])
        changed = decide(pair, chosen.actors[pair[0].home_school_id]).changed
        savepoint.commit()
    except Refusal as said:
        savepoint.rollback()
        refusal = said
    enrolment, commitment = read_enrolment(connection, enrolment_id), read_commitment(connection, enrolment_id)
    result: Result = "done" if changed else _why_not(enrolment, commitment, refusal)
    return Outcome(enrolment, commitment, result, refusal if result == "changed" else None)


def _why_not(enrolment: Enrolment, commitment: Commitment, refusal: Refusal | None) -> Result:
    if isinstance(refusal, RunCancelled) or enrolment.state == "cancelled":
        return "cancelled"
    if isinstance(refusal, DeadlinePassed) or commitment.state == "expired":
        return "late"
    if refusal is not None:
        return "changed"
    return "left" if commitment.decided_at is None else "decided"
