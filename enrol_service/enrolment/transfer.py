"""Moving to another run of the course: the price stays as promised, its days are those of the new run, and nobody's turn is taken."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from course_catalogue.leaving import leaving_rows
from course_catalogue.model import Catalogue, Offering
from course_catalogue.offering import offering_state
from enrol_service.enrolment.deadline import student_link_until
from enrol_service.enrolment.enrolments import Enrolment, leaving_as_stored, on_run, read_commitment
from enrol_service.enrolment.promised import promised_steps
from enrol_service.enrolment.run import run_of
from enrol_service.enrolment.seats import has_room
from enrol_service.enrolment.waiting_list import can_be_answered, is_line, promote
from enrol_service.events import Actor, advance_enrolment
from enrol_service.refusals.change import OtherRunBegun, OtherRunFull, OtherRunMissing, OtherRunQueued, OtherRunTaken
from enrol_service.states import LIVE
from enrol_service.tables import commitment as commitment_table
from enrol_service.tables import enrolment as enrolment_table
from enrol_service.tables import link


def transfer(
    connection: Connection, catalogue: Catalogue, enrolment: Enrolment, to_offering_id: str | None, actor: Actor, now: datetime
) -> None:
    """Move somebody with a place to another run. Call inside a write transaction.

    1. Refuses with whatever `run_to_move_to` refuses.
    2. The enrolment is on the other run; the student's link opens as long as it would for that run.
    3. The price of leaving has the steps that were promised, by the days of the new run. What it costs stays.
    """
    offering = run_to_move_to(connection, catalogue, enrolment, to_offering_id, now)
    facts = {"from_offering_id": enrolment.offering_id, "to_offering_id": offering.id}
    advance_enrolment(connection, enrolment.id, enrolment.state, "transfer", actor, now, **facts)
    # The number in the old run's line could be another's in the new one.
    there = {"offering_id": offering.id, "starts_on": offering.starts_on, "ends_on": offering.ends_on, "queue_number": None}
    connection.execute(enrolment_table.update().where(enrolment_table.c.id == enrolment.id).values(**there))
    promised = read_commitment(connection, enrolment.id)
    steps = promised_steps(connection, catalogue, promised, nonstop=offering.nonstop)
    rows = leaving_rows(steps, offering, promised.price_cents, catalogue.network.day_of(enrolment.created_at))
    mine = commitment_table.c.enrolment_id == enrolment.id
    connection.execute(commitment_table.update().where(mine).values(leaving=leaving_as_stored(rows)))
    until = student_link_until(offering, catalogue.network.time_zone)
    own = (link.c.enrolment_id == enrolment.id) & (link.c.purpose == "student") & (link.c.expires_at < until)
    connection.execute(link.update().where(own).values(expires_at=until))


def run_to_move_to(
    connection: Connection, catalogue: Catalogue, enrolment: Enrolment, to_offering_id: str | None, now: datetime
) -> Offering:
    """The run, once those in its line have got its free seats. Call inside a write transaction.

    Refuses with OtherRunMissing, OtherRunBegun, OtherRunTaken, OtherRunQueued and OtherRunFull.
    """
    course = catalogue.courses.get(enrolment.course_id)
    offering = course.offering(to_offering_id) if course is not None and to_offering_id else None
    if offering is None or offering.id == enrolment.offering_id:
        raise OtherRunMissing
    if not _takes(connection, catalogue, enrolment, offering, now):
        raise OtherRunBegun
    one = enrolment_table.c
    mine = on_run(enrolment.course_id, offering.id) & (one.email == enrolment.email) & one.state.in_(sorted(LIVE))
    if connection.execute(select(one.id).where(mine).limit(1)).first() is not None:
        raise OtherRunTaken
    promote(connection, catalogue, enrolment.course_id, offering.id, now)
    # Who is passed over for want of time to answer keeps the turn.
    if is_line(connection, enrolment.course_id, offering.id) and not can_be_answered(catalogue, offering, now):
        raise OtherRunQueued
    if not has_room(connection, enrolment.course_id, offering, enrolment.home_school_id, catalogue.network.day_of(now)):
        raise OtherRunFull
    return offering


def runs_to_move_to(connection: Connection, catalogue: Catalogue, enrolment: Enrolment, now: datetime) -> tuple[Offering, ...]:
    """The other runs of the course that are open or have not begun; whether there is room, is asked when one is chosen."""
    course = catalogue.courses.get(enrolment.course_id)
    offerings = course.offerings if course is not None else ()
    return tuple(one for one in offerings if one.id != enrolment.offering_id and _takes(connection, catalogue, enrolment, one, now))


def _takes(connection: Connection, catalogue: Catalogue, enrolment: Enrolment, offering: Offering, now: datetime) -> bool:
    """Whether a run is open, or has not begun and is not cancelled."""
    course = catalogue.courses[enrolment.course_id]
    state = offering_state(course, offering, now)
    decided = run_of(connection, course.id, offering.id)
    if course.status != "published" or state in ("cancelled", "ended") or (decided is not None and decided.is_off):
        return False
    return state == "open" or (offering.starts_on is not None and catalogue.network.day_of(now) < offering.starts_on)
