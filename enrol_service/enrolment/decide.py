"""The home school's answer: giving or refusing its payment commitment. A second answer changes nothing and says who and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from course_catalogue.model import Catalogue
from enrol_service.enrolment.cancel import is_cancelled
from enrol_service.enrolment.enrolments import Commitment, Enrolment, read_commitment, read_enrolment
from enrol_service.enrolment.promised import promised_reasons
from enrol_service.enrolment.waiting_list import promote
from enrol_service.events import Actor, advance_commitment, advance_enrolment
from enrol_service.mail.notices import tell_student
from enrol_service.refusals.deciding import DeadlinePassed, ReasonMissing, RunCancelled


@dataclass(frozen=True, slots=True)
class Answer:
    """What holds after an answer. `changed`: this answer was the one that counted."""

    commitment: Commitment
    changed: bool


def give(connection: Connection, catalogue: Catalogue, enrolment_id: int, actor: Actor, now: datetime) -> Answer:
    """Give the commitment: who holds a seat is placed, who waits in line will be as soon as a seat is free.

    Refuses with RunCancelled and DeadlinePassed. Call inside a write transaction.
    """
    enrolment, commitment = read_enrolment(connection, enrolment_id), read_commitment(connection, enrolment_id)
    if commitment.state != "asked":
        return Answer(commitment, changed=False)
    _refuse_too_late(enrolment, commitment, catalogue, now)
    advance_commitment(connection, enrolment_id, "asked", "give", actor, now, decided_at=now, decided_by_id=actor.account_id)
    if enrolment.state == "requested":
        advance_enrolment(connection, enrolment_id, "requested", "place", actor, now)
        tell_student(connection, "placed", enrolment, now)
    else:
        tell_student(connection, "approved", enrolment, now)
    return Answer(read_commitment(connection, enrolment_id), changed=True)


def refuse(connection: Connection, catalogue: Catalogue, enrolment_id: int, reason_id: str, actor: Actor, now: datetime) -> Answer:
    """Refuse the commitment for one of the reasons of the agreement as it was; the seat goes to the first in line.

    Refuses with RunCancelled, DeadlinePassed and ReasonMissing. Call inside a write transaction.
    """
    enrolment, commitment = read_enrolment(connection, enrolment_id), read_commitment(connection, enrolment_id)
    if commitment.state != "asked":
        return Answer(commitment, changed=False)
    _refuse_too_late(enrolment, commitment, catalogue, now)
    if reason_id not in {reason.id for reason in promised_reasons(connection, catalogue, commitment)}:
        raise ReasonMissing
    decided = {"decided_at": now, "decided_by_id": actor.account_id, "refusal_reason_id": reason_id}
    advance_commitment(connection, enrolment_id, "asked", "refuse", actor, now, **decided)
    advance_enrolment(connection, enrolment_id, enrolment.state, "refuse", actor, now)
    tell_student(connection, "refused", enrolment, now)
    promote(connection, catalogue, enrolment.course_id, enrolment.offering_id, now)
    return Answer(read_commitment(connection, enrolment_id), changed=True)


def _refuse_too_late(enrolment: Enrolment, commitment: Commitment, catalogue: Catalogue, now: datetime) -> None:
    if is_cancelled(enrolment, catalogue):
        raise RunCancelled
    if now >= commitment.answer_by_at:
        raise DeadlinePassed(answer_by_at=commitment.answer_by_at)
