"""Runs: what is decided about one as a whole. It is confirmed or lapses on its day, once; its school may cancel it; all or none stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Connection, func, select

from course_catalogue.model import Catalogue, Course, CourseId, Offering, OfferingId
from enrol_service import tables
from enrol_service.enrolment.deadline import seats_close_at
from enrol_service.enrolment.enrolments import Commitment, Enrolment, on_run, pairs
from enrol_service.enrolment.free_text import free_text
from enrol_service.events import THE_SERVICE, Actor, advance_commitment, advance_enrolment
from enrol_service.mail.notices import tell_home_school, tell_home_schools_of_run, tell_of_run, tell_student
from enrol_service.refusals.queue import RunOver
from enrol_service.refusals.run import CancelReasonMissing
from enrol_service.refusals.web import NotFound
from enrol_service.school.acting import record_act
from enrol_service.states import HAS_PLACE, LIVE

RunState = Literal["confirmed", "lapsed", "cancelled"]

MOST_REASON = 500  # characters of the reason that everybody reads
LEFT = ("interrupted", "no_show", "withdrawn")  # states of an enrolment that ended, perhaps at a cost, without the course being over


@dataclass(frozen=True, slots=True)
class Run:
    """A row of `run`: what has been decided about an offering beside the content."""

    state: RunState
    at: datetime
    by_id: int | None  # null = the service, on the day of decision
    reason: str

    @property
    def is_off(self) -> bool:
        """Whether nobody studies on it."""
        return self.state in ("lapsed", "cancelled")


def run_of(connection: Connection, course_id: CourseId, offering_id: OfferingId) -> Run | None:
    """What has been decided about a run; None = nothing yet."""
    row = connection.execute(select(*_COLUMNS).where(_is(course_id, offering_id))).first()
    return Run(*row) if row else None


def all_runs(connection: Connection) -> Mapping[tuple[CourseId, OfferingId], Run]:
    """Every run about which something has been decided."""
    rows = connection.execute(select(tables.run.c.course_id, tables.run.c.offering_id, *_COLUMNS))
    return {(course_id, offering_id): Run(*row) for course_id, offering_id, *row in rows}


def to_go(connection: Connection, course_id: CourseId, offering: Offering) -> int | None:
    """How many commitments are missing to the minimum; None without a minimum, or once something has been decided."""
    if offering.minimum is None or run_of(connection, course_id, offering.id) is not None:
        return None
    return max(0, offering.minimum - _committed(connection, course_id, offering.id))


def is_over(offering: Offering, today: date) -> bool:
    """Whether a run has been held to its last day, so that nobody can cancel it any more."""
    return offering.ends_on is not None and today > offering.ends_on


def decision_at(offering: Offering, catalogue: Catalogue) -> datetime | None:
    """When it is decided whether the run is held: the midnight that ends its day of decision. None = it is held in any case."""
    if offering.minimum is None or offering.decided_on is None:
        return None
    return datetime.combine(offering.decided_on + timedelta(days=1), time(0), tzinfo=catalogue.network.time_zone).astimezone(UTC)


def undecided_runs(connection: Connection, catalogue: Catalogue, now: datetime) -> tuple[tuple[Course, Offering], ...]:
    """The runs whose day of decision has ended and about which nothing is decided; of those that have begun, the ones with students."""
    zone = catalogue.network.time_zone
    due = [
        (course, offering)
        for course in catalogue.courses.values()
        if course.status == "published"
        for offering in course.offerings
        if not offering.cancelled and (moment := decision_at(offering, catalogue)) is not None and moment <= now
    ]
    decided = all_runs(connection)
    left = [pair for pair in due if (pair[0].id, pair[1].id) not in decided]
    return tuple(
        (course, offering)
        for course, offering in left
        if now < seats_close_at(offering, zone) or _is_anybody_on(connection, course.id, offering.id)
    )


def decide_runs(connection: Connection, catalogue: Catalogue, now: datetime) -> int:
    """Decide each run whose day has come, once; how many. Call inside a write transaction.

    1. As many commitments as the minimum, given for students who have a place: confirmed; participants, home schools and
       coordinators are told.
    2. Fewer: lapsed; every live enrolment ends and every commitment is released, together, and everybody is told. Whoever had left
       at a cost owes nothing either.
    3. A run that is being taught is held, however late this is decided. First contact before its start is not teaching it yet.
    """
    today = catalogue.network.day_of(now)
    found = undecided_runs(connection, catalogue, now)
    for course, offering in found:
        there = _live(connection, course.id, offering.id)
        has_begun = offering.starts_on is None or today >= offering.starts_on
        taught = has_begun and any(one.state == "active" for one, _ in there)
        if taught or _committed(connection, course.id, offering.id) >= (offering.minimum or 0):
            _decide(connection, course.id, offering.id, "confirmed", now)
            held = [one for one, promised in there if one.state in HAS_PLACE and promised.state == "given"]
            tell_of_run(connection, catalogue, course.id, offering.id, "confirmed", len(held), now)
            for one in held:
                tell_student(connection, "run_confirmed", one, now)
            tell_home_schools_of_run(connection, catalogue, "course_confirmed", held, now)
        else:
            _decide(connection, course.id, offering.id, "lapsed", now)
            tell_of_run(connection, catalogue, course.id, offering.id, "lapsed", len(there), now)
            for pair in there:
                let_go(connection, pair, THE_SERVICE, "run_lapsed", now)
            tell_home_schools_of_run(connection, catalogue, "course_lapsed", [one for one, _ in there], now)
            for pair in _charged(connection, course.id, offering.id):
                free_of_charge(connection, catalogue, pair, THE_SERVICE, now)
    return len(found)


def cancel_run(
    connection: Connection, catalogue: Catalogue, course_id: CourseId, offering_id: OfferingId, reason: str, actor: Actor, now: datetime
) -> int:
    """Cancel a run for everybody; how many were let go. Call inside a write transaction.

    1. A second time changes nothing. Refuses with NotFound, RunOver, CancelReasonMissing and what is wrong with a text.
    2. The row says so, with the reason that everybody may read; the journal says who.
    3. Every live enrolment ends and every commitment is released, whatever the day. Whoever had left at a cost owes nothing either.
    4. Students and home schools are written to, with the reason.
    """
    course = catalogue.courses.get(course_id)
    offering = course.offering(offering_id) if course else None
    if course is None or offering is None:
        raise NotFound
    before = run_of(connection, course_id, offering_id)
    if before is not None and before.is_off:
        return 0
    if offering.ends_on is not None and is_over(offering, catalogue.network.day_of(now)):
        raise RunOver(ended_on=offering.ends_on)
    told = free_text(reason, MOST_REASON)
    if not told:
        raise CancelReasonMissing
    _decide(connection, course_id, offering_id, "cancelled", now, by_id=actor.account_id, reason=told)
    there = _live(connection, course_id, offering_id)
    record_act(connection, "cancel_run", course.school_id, actor, now, course_id=course_id, offering_id=offering_id, students=len(there))
    for pair in there:
        let_go(connection, pair, actor, "cancelled", now)
    tell_home_schools_of_run(connection, catalogue, "course_cancelled", [one for one, _ in there], now)
    for pair in _charged(connection, course_id, offering_id):
        free_of_charge(connection, catalogue, pair, actor, now)
    return len(there)


def let_go(connection: Connection, pair: tuple[Enrolment, Commitment], actor: Actor, kind: str, now: datetime) -> None:
    """End a live enrolment at no cost and say so to the student by a kind of mail; home schools are told of the run as a whole."""
    one, promised = pair
    advance_enrolment(connection, one.id, one.state, "cancel", actor, now)
    advance_commitment(connection, one.id, promised.state, "release", actor, now)
    tell_student(connection, kind, one, now)


def free_of_charge(connection: Connection, catalogue: Catalogue, pair: tuple[Enrolment, Commitment], actor: Actor, now: datetime) -> None:
    """Release what the leaving or absence of somebody was charged: nothing is owed for a course that is not held. Say so."""
    one, _ = pair
    advance_commitment(connection, one.id, "charged", "reopen", actor, now, charged_cents=None, charged_step_id=None)
    advance_commitment(connection, one.id, "given", "release", actor, now)
    tell_home_school(connection, catalogue, "charge_released", one, now)


def is_charged_for_leaving() -> ColumnElement[bool]:
    """The condition that an enrolment ended before its course, at a cost that has not been invoiced."""
    charged = select(tables.commitment.c.enrolment_id).where(tables.commitment.c.state == "charged")
    return tables.enrolment.c.state.in_(LEFT) & tables.enrolment.c.id.in_(charged)


_COLUMNS = (tables.run.c.state, tables.run.c.at, tables.run.c.by_id, tables.run.c.reason)


def _is(course_id: CourseId, offering_id: OfferingId) -> ColumnElement[bool]:
    return (tables.run.c.course_id == course_id) & (tables.run.c.offering_id == offering_id)


def _live(connection: Connection, course_id: CourseId, offering_id: OfferingId) -> tuple[tuple[Enrolment, Commitment], ...]:
    return pairs(connection, on_run(course_id, offering_id), tables.enrolment.c.state.in_(sorted(LIVE)))


def _charged(connection: Connection, course_id: CourseId, offering_id: OfferingId) -> tuple[tuple[Enrolment, Commitment], ...]:
    return pairs(connection, on_run(course_id, offering_id), is_charged_for_leaving())


def _is_anybody_on(connection: Connection, course_id: CourseId, offering_id: OfferingId) -> bool:
    live = on_run(course_id, offering_id) & tables.enrolment.c.state.in_(sorted(LIVE))
    return connection.execute(select(tables.enrolment.c.id).where(live).limit(1)).first() is not None


def _committed(connection: Connection, course_id: CourseId, offering_id: OfferingId) -> int:
    """How many have a place with a commitment given."""
    given = select(func.count()).select_from(tables.enrolment).join(tables.commitment)
    there = on_run(course_id, offering_id) & tables.enrolment.c.state.in_(sorted(HAS_PLACE)) & (tables.commitment.c.state == "given")
    return int(connection.execute(given.where(there)).scalar_one())


def _decide(
    connection: Connection,
    course_id: CourseId,
    offering_id: OfferingId,
    state: RunState,
    now: datetime,
    *,
    by_id: int | None = None,
    reason: str = "",
) -> None:
    """Write the row; a confirmed run may still be cancelled."""
    values = {"state": state, "at": now, "by_id": by_id, "reason": reason}
    if connection.execute(tables.run.update().where(_is(course_id, offering_id)).values(**values)).rowcount == 0:
        connection.execute(tables.run.insert().values(course_id=course_id, offering_id=offering_id, **values))
