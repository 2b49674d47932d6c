"""Leaving: the student gives up a request, a place in line, a seat or a course that runs, at the price that was promised."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from course_catalogue.leaving import LeavingRow
from course_catalogue.model import Catalogue
from enrol_service.enrolment.cancel import is_cancelled
from enrol_service.enrolment.enrolments import Commitment, Enrolment, read_commitment, read_enrolment
from enrol_service.enrolment.held_run import is_over
from enrol_service.enrolment.waiting_list import promote
from enrol_service.events import THE_STUDENT, Actor, advance_commitment, advance_enrolment
from enrol_service.mail.notices import tell_home_school, tell_student
from enrol_service.refusals.deciding import LeavingPriceChanged
from enrol_service.speech import Money
from enrol_service.states import ENROLMENT

LEAVING = ("withdraw", "interrupt")  # who has begun to study interrupts


def leaving_step(enrolment: Enrolment, catalogue: Catalogue, now: datetime, actor: Actor = THE_STUDENT) -> str | None:
    """The step by which the actor leaves, or None where there is nothing to leave: the course is over, or the enrolment has ended."""
    if is_over(enrolment, catalogue, now):
        return None
    steps = ENROLMENT.steps[enrolment.state]
    return next((name for name in LEAVING if name in steps and steps[name].allows(actor.kind, actor.roles)), None)


def price_of_leaving(enrolment: Enrolment, commitment: Commitment, catalogue: Catalogue, now: datetime) -> LeavingRow | None:
    """What the home school owes if the student leaves now; None where nothing is promised, no seat is held or the run is cancelled."""
    if commitment.state != "given" or enrolment.state not in ("placed", "active") or is_cancelled(enrolment, catalogue):
        return None
    return commitment.leaving_on(catalogue.network.day_of(now))


def withdraw(connection: Connection, catalogue: Catalogue, enrolment_id: int, actor: Actor, now: datetime, *, price_shown: int) -> bool:
    """Leave; False when there was nothing to leave any more. Call inside a write transaction.

    `price_shown`: cents, what whoever leaves has been told that it costs. Refuses with LeavingPriceChanged when it costs anything else.

    1. The enrolment ends.
    2. The commitment is released, or charged with the price of leaving that was promised for this day.
    3. Student and home school are written to.
    4. The seat goes to the first in line.
    """
    enrolment, commitment = read_enrolment(connection, enrolment_id), read_commitment(connection, enrolment_id)
    step = leaving_step(enrolment, catalogue, now, actor)
    if step is None:
        return False
    row = price_of_leaving(enrolment, commitment, catalogue, now)
    cents = row.cents if row is not None else 0
    if cents != price_shown:
        raise LeavingPriceChanged(old=Money(price_shown, commitment.currency), new=Money(cents, commitment.currency))
    advance_enrolment(connection, enrolment_id, enrolment.state, step, actor, now)
    if row is not None and row.cents > 0:
        charged = {"charged_cents": row.cents, "charged_step_id": row.step_id}
        advance_commitment(connection, enrolment_id, "given", "charge", actor, now, **charged)
    else:
        advance_commitment(connection, enrolment_id, commitment.state, "release", actor, now)
    tell_student(connection, "withdrawn", enrolment, now)
    tell_home_school(connection, catalogue, "student_left", enrolment, now)
    promote(connection, catalogue, enrolment.course_id, enrolment.offering_id, now)
    return True
