"""Takes steps: the new state and its event row, in the transaction of the caller. Nothing else changes a state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from course_catalogue.model import SchoolId
from enrol_service.refusals.base import IllegalStep
from enrol_service.refusals.web import NotYours
from enrol_service.school.role import Role
from enrol_service.states import COMMITMENT, ENROLMENT, ActorKind, State, StepName, StepTable
from enrol_service.tables import commitment, enrolment, event


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step. `account_id` is a row of `account`; students and the service have none. `token_id`: it came by the API."""

    kind: ActorKind
    account_id: int | None = None
    roles: frozenset[Role] = frozenset()  # of the person in the school for which the step is taken
    token_id: int | None = None
    school_id: SchoolId | None = None  # for which the step is taken; students and the service have none


THE_STUDENT = Actor("student")
THE_SERVICE = Actor("service")


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    noun: str
    step: StepName
    from_state: State
    to_state: State
    actor_kind: ActorKind
    actor_id: int | None
    facts: Mapping[str, Any]


def record(
    connection: Connection, table: StepTable, enrolment_id: int, state: State, step: StepName, actor: Actor, now: datetime, **facts: object
) -> State:
    """Write the event of a step and return the state after it. Refuses with IllegalStep and NotYours, and writes nothing."""
    to_state = table.after(state, step, actor.kind, actor.roles)
    _refuse_other_school(connection, enrolment_id, actor)
    connection.execute(
        event.insert().values(
            at=now,
            enrolment_id=enrolment_id,
            noun=table.noun,
            step=step,
            from_state=state,
            to_state=to_state,
            actor_kind=actor.kind,
            actor_id=actor.account_id,
            token_id=actor.token_id,
            facts=facts,
        )
    )
    return to_state


def advance_enrolment(
    connection: Connection, enrolment_id: int, state: State, step: StepName, actor: Actor, now: datetime, **facts: object
) -> State:
    """Take a step of an enrolment that is in `state`."""
    to_state = record(connection, ENROLMENT, enrolment_id, state, step, actor, now, **facts)
    here = (enrolment.c.id == enrolment_id) & (enrolment.c.state == state)
    changed = connection.execute(enrolment.update().where(here).values(state=to_state, state_at=now))
    if changed.rowcount != 1:
        raise IllegalStep(noun="enrolment", state=state, step=step, actor=actor.kind)
    return to_state


def advance_commitment(
    connection: Connection, enrolment_id: int, state: State, step: StepName, actor: Actor, now: datetime, **columns: object
) -> State:
    """Take a step of the commitment of an enrolment, and set further columns of its row in the same statement."""
    facts = {name: value for name, value in columns.items() if not isinstance(value, datetime)}
    to_state = record(connection, COMMITMENT, enrolment_id, state, step, actor, now, **facts)
    here = (commitment.c.enrolment_id == enrolment_id) & (commitment.c.state == state)
    changed = connection.execute(commitment.update().where(here).values(state=to_state, **columns))
    if changed.rowcount != 1:
        raise IllegalStep(noun="commitment", state=state, step=step, actor=actor.kind)
    return to_state


def history(connection: Connection, enrolment_id: int) -> tuple[Event, ...]:
    """All events of an enrolment and its commitment, oldest first."""
    columns = [event.c[name] for name in Event.__slots__]
    rows = connection.execute(select(*columns).where(event.c.enrolment_id == enrolment_id).order_by(event.c.id))
    return tuple(Event(*row) for row in rows)


def came_from(connection: Connection, enrolment_id: int) -> State:
    """The state of an enrolment before its present one."""
    mine = (event.c.enrolment_id == enrolment_id) & (event.c.noun == "enrolment")
    last = select(event.c.from_state).where(mine).order_by(event.c.id.desc()).limit(1)
    return str(connection.execute(last).scalar_one())


def _refuse_other_school(connection: Connection, enrolment_id: int, actor: Actor) -> None:
    """Refuse with NotYours a person of a school that is not, on the side for which they act, the enrolment's."""
    if actor.kind in ("student", "service"):
        return
    school_id = enrolment.c.home_school_id if actor.kind == "home_school" else enrolment.c.offering_school_id
    if connection.execute(select(school_id).where(enrolment.c.id == enrolment_id)).scalar_one() != actor.school_id:
        raise NotYours
