"""Late changes: what the home school or the student asks once leaving costs, and what the offering school answers.

At most one is open for an enrolment. A request whose enrolment has ended meanwhile counts as withdrawn, whoever reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, select

from course_catalogue.model import Catalogue
from enrol_service import tables
from enrol_service.enrolment.cancel import is_cancelled
from enrol_service.enrolment.enrolments import Commitment, Enrolment, read_commitment, read_enrolment
from enrol_service.enrolment.transfer import run_to_move_to, transfer
from enrol_service.enrolment.waiting_list import promote
from enrol_service.enrolment.withdraw import price_of_leaving
from enrol_service.events import Actor, advance_commitment, advance_enrolment
from enrol_service.mail.notices import tell_about_change, tell_home_school, tell_of_answer, tell_student
from enrol_service.refusals.base import sentence
from enrol_service.refusals.change import (
    AnswerReasonMissing,
    ChangeAlreadyAsked,
    ChangeKindMissing,
    ChangeReasonMissing,
    LeavingIsFree,
    NothingToChange,
)
from enrol_service.refusals.web import NotFound, NotYours
from enrol_service.school.acting import record_act
from enrol_service.states import HAS_PLACE

ChangeKind = Literal["leave_free", "move"]

# What each kind asks for.
KIND_WORDS: Mapping[str, str] = {
    "leave_free": sentence("To leave free of charge"),
    "move": sentence("To move to another run of the course"),
}
CHANGEABLE = tuple(sorted(HAS_PLACE))  # states of an enrolment for which something may be asked
LONGEST_TEXT = 1000  # characters


@dataclass(frozen=True, slots=True)
class Change:
    """A row of `change`; see tables.py for each column. Its state is `withdrawn` once the enrolment has ended without an answer."""

    id: int
    enrolment_id: int
    kind: str
    state: str
    to_offering_id: str | None
    text: str
    asked_at: datetime
    asked_by_kind: str
    asked_by_id: int | None
    answered_at: datetime | None
    answered_by_id: int | None
    answer: str


COLUMNS = tuple(tables.change.c[field.name] for field in fields(Change))


def changes(connection: Connection, *conditions: Any) -> tuple[Change, ...]:
    """The late changes for which the conditions hold, oldest first. Conditions may name columns of `change` and `enrolment`."""
    both = select(*COLUMNS, tables.enrolment.c.state).join_from(tables.change, tables.enrolment)
    rows = connection.execute(both.where(*conditions).order_by(tables.change.c.id))
    found = ((Change(*row[:-1]), row[-1]) for row in rows)
    return tuple(replace(one, state="withdrawn") if one.state == "asked" and state not in CHANGEABLE else one for one, state in found)


def open_changes() -> ColumnElement[bool]:
    """The condition that a change awaits its answer. For `changes`."""
    return (tables.change.c.state == "asked") & tables.enrolment.c.state.in_(CHANGEABLE)


def ask_change(
    connection: Connection,
    catalogue: Catalogue,
    enrolment_id: int,
    kind: str,
    text: str,
    actor: Actor,
    now: datetime,
    to_offering_id: str | None = None,
) -> int:
    """Ask the offering school for a late change; the request's number. `text` is tidy: see free_text.py.

    1. Only the home school, or the student to leave free of charge; only with a confirmed place; one open request at a time.
    2. The request is stored, and the home school's act is in the journal.
    3. Everybody who coordinates for the offering school is written to.

    Refuses with NotYours, ChangeKindMissing, ChangeReasonMissing, NothingToChange, ChangeAlreadyAsked, LeavingIsFree and, for a
    move, with whatever `run_to_move_to` refuses one. Call inside a write transaction.
    """
    if kind not in KIND_WORDS:
        raise ChangeKindMissing
    if actor.kind != "home_school" and (actor.kind, kind) != ("student", "leave_free"):
        raise NotYours
    enrolment, commitment = read_enrolment(connection, enrolment_id), read_commitment(connection, enrolment_id)
    close_changes(connection, enrolment_id, now)
    _refuse_unchangeable(enrolment, commitment, catalogue)
    if changes(connection, tables.change.c.enrolment_id == enrolment_id, tables.change.c.state == "asked"):
        raise ChangeAlreadyAsked
    if kind == "leave_free":
        to_offering_id = None
        price = price_of_leaving(enrolment, commitment, catalogue, now)
        if price is None or price.cents == 0:
            raise LeavingIsFree
    else:
        run_to_move_to(connection, catalogue, enrolment, to_offering_id, now)
    if not text:
        raise ChangeReasonMissing
    row = tables.change.insert().values(
        enrolment_id=enrolment_id,
        kind=kind,
        state="asked",
        to_offering_id=to_offering_id,
        text=text,
        asked_at=now,
        asked_by_kind=actor.kind,
        asked_by_id=actor.account_id,
    )
    change_id = int(connection.execute(row.returning(tables.change.c.id)).scalar_one())
    if actor.kind == "home_school":
        record_act(connection, "ask_changes", enrolment.home_school_id, actor, now, change_id=change_id, kind=kind)
    tell_about_change(connection, catalogue, change_id, enrolment, now)
    return change_id


def answer_change(
    connection: Connection, catalogue: Catalogue, change_id: int, accepted: bool, text: str, actor: Actor, now: datetime
) -> bool:
    """Answer a late change for the offering school; False when it had been answered or withdrawn. `text` is tidy.

    Accepted, leaving free of charge: the enrolment ends, the commitment is released, the seat goes to the first in line.
    Accepted, a move: the enrolment is on the other run; the price stays as promised, the days of the price of leaving are those of
    the new run; the old seat goes to the first in line. Whoever asked is written to, and the student of a move.

    Refuses with AnswerReasonMissing and, for a move, with whatever `ask_change` refuses one. Call inside a write transaction.
    """
    change = read_change(connection, change_id)
    if change.state != "asked":
        close_changes(connection, change.enrolment_id, now)
        return False
    if not accepted and not text:
        raise AnswerReasonMissing
    enrolment = read_enrolment(connection, change.enrolment_id)
    if accepted and change.kind == "move":
        transfer(connection, catalogue, enrolment, change.to_offering_id, actor, now)
    elif accepted:
        _let_leave(connection, enrolment, actor, now)
    _close(connection, change_id, "accepted" if accepted else "refused", actor.account_id, now, text)
    record_act(connection, "answer_changes", enrolment.offering_school_id, actor, now, change_id=change_id, accepted=accepted)
    tell_of_answer(connection, catalogue, change_id, enrolment, now)
    if accepted:
        _tell_the_other(connection, catalogue, enrolment, change, now)
        promote(connection, catalogue, enrolment.course_id, enrolment.offering_id, now)
    return True


def take_back(connection: Connection, change_id: int, actor: Actor, now: datetime) -> bool:
    """Withdraw an open request by the side that asked; False when it had been answered or withdrawn. Call inside a write transaction."""
    change = read_change(connection, change_id)
    if change.asked_by_kind != actor.kind:
        raise NotYours
    if change.state != "asked":
        return False
    _close(connection, change_id, "withdrawn", actor.account_id, now)
    if actor.kind == "home_school":
        school_id = read_enrolment(connection, change.enrolment_id).home_school_id
        record_act(connection, "ask_changes", school_id, actor, now, change_id=change_id, kind="withdrawn")
    return True


def close_changes(connection: Connection, enrolment_id: int, now: datetime) -> int:
    """Withdraw the open request of an enrolment that has ended; how many. Call inside a write transaction."""
    if read_enrolment(connection, enrolment_id).state in CHANGEABLE:
        return 0
    here = (tables.change.c.enrolment_id == enrolment_id) & (tables.change.c.state == "asked")
    return connection.execute(tables.change.update().where(here).values(state="withdrawn", answered_at=now)).rowcount


def is_stale() -> ColumnElement[bool]:
    """The condition that the enrolment of an open request has ended."""
    changeable = select(tables.enrolment.c.id).where(tables.enrolment.c.state.in_(CHANGEABLE))
    return (tables.change.c.state == "asked") & tables.change.c.enrolment_id.not_in(changeable)


def close_stale_changes(connection: Connection, now: datetime) -> int:
    """Withdraw every open request whose enrolment has ended; how many. Call inside a write transaction."""
    return connection.execute(tables.change.update().where(is_stale()).values(state="withdrawn", answered_at=now)).rowcount


def read_change(connection: Connection, change_id: int) -> Change:
    """One late change. Refuses with NotFound."""
    found = changes(connection, tables.change.c.id == change_id)
    if not found:
        raise NotFound
    return found[0]


def _refuse_unchangeable(enrolment: Enrolment, commitment: Commitment, catalogue: Catalogue) -> None:
    if enrolment.state not in CHANGEABLE or commitment.state != "given" or is_cancelled(enrolment, catalogue):
        raise NothingToChange


def _let_leave(connection: Connection, enrolment: Enrolment, actor: Actor, now: datetime) -> None:
    advance_enrolment(connection, enrolment.id, enrolment.state, "withdraw", actor, now)
    advance_commitment(connection, enrolment.id, read_commitment(connection, enrolment.id).state, "release", actor, now)


def _tell_the_other(connection: Connection, catalogue: Catalogue, enrolment: Enrolment, change: Change, now: datetime) -> None:
    """Write to the one who did not ask: whoever asked has got the answer."""
    if change.kind == "move":
        tell_student(connection, "moved", enrolment, now)
    elif change.asked_by_kind == "student":
        tell_home_school(connection, catalogue, "student_left", enrolment, now)
    else:
        tell_student(connection, "withdrawn", enrolment, now)


def _close(connection: Connection, change_id: int, state: str, answered_by_id: int | None, now: datetime, answer: str = "") -> None:
    values = {"state": state, "answered_at": now, "answered_by_id": answered_by_id, "answer": answer}
    connection.execute(tables.change.update().where(tables.change.c.id == change_id).values(**values))
