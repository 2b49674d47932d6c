"""The queue of a run, where a coordinator may move somebody, with a reason; and the log of every move that was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from course_catalogue.model import SchoolId
from enrol_service import tables
from enrol_service.enrolment.enrolments import read_enrolment
from enrol_service.enrolment.waiting_list import MOVE_REASONS, move
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.queue import MoveReasonMissing, NotInLine, RankUnknown
from enrol_service.refusals.web import NotFound
from enrol_service.school.accounts import name_of
from enrol_service.school.acting import actor_for
from enrol_service.web.access import me, staff
from enrol_service.web.offering.own_run import OwnRun, own_run
from enrol_service.web.offering.participants_page import line_of
from enrol_service.web.page import STAFF_PAGE, here, page, private, service

pages = Blueprint("queue", __name__)

JUST_NOW = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class LoggedMove:
    """A move that a coordinator made, in words."""

    at: datetime
    number: str  # who was moved
    from_rank: int
    to_rank: int
    reason: str
    by: str


@pages.get("/staff/offerings/<school_id>/<course_name>/<offering_id>/queue")
@staff("order_queue")
def show(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        run = own_run(connection, "order_queue", school_id, course_name, offering_id)
        return _page(connection, run)


@pages.post("/staff/offerings/<school_id>/<course_name>/<offering_id>/queue")
@staff("order_queue")
def move_one(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    private(STAFF_PAGE)
    at = here()
    values = {name: request.form.get(name, "")[:40] for name in ("enrolment", "rank", "reason")}
    with service().database.write() as connection:
        run = own_run(connection, "order_queue", school_id, course_name, offering_id)
        if run.is_off:
            return redirect(run.address, 303)
        enrolment_id = _enrolment_of(connection, run, values["enrolment"])
        if enrolment_id is None:
            raise NotFound
        typed = values["rank"].strip()
        rank = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 0
        actor = actor_for(connection, me(), "order_queue", school_id, at.now)
        try:
            move(connection, at.catalogue, enrolment_id, rank, values["reason"], actor, at.now)
        except (RankUnknown, MoveReasonMissing, NotInLine) as refusal:
            return _page(connection, run, refusal, values)
    return redirect(f"{run.address}/queue?moved={enrolment_id}", 303)


def _enrolment_of(connection: Connection, run: OwnRun, typed: str) -> int | None:
    """The number of an enrolment of the run, or None."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        return None
    one = tables.enrolment.c
    return connection.execute(select(one.id).where(*run.condition, one.id == int(typed))).scalar()


def _page(connection: Connection, run: OwnRun, refusal: Refusal | None = None, values: dict[str, str] | None = None) -> Response:
    at = here()
    fields = {RankUnknown: "rank", MoveReasonMissing: "reason", NotInLine: "enrolment"}
    errors = {fields[type(refusal)]: at.speech.say(refusal)} if refusal is not None else {}
    log = _log(connection, run)
    moved = log[0] if log and request.args.get("moved") and log[0].at > at.now - JUST_NOW else None
    return page(
        "offering/queue.html",
        refusal.status if refusal is not None else 200,
        run=run,
        line=line_of(connection, run),
        reasons=[(None, [(reason_id, at.speech.gettext(words)) for reason_id, words in MOVE_REASONS.items()])],
        log=log,
        moved=moved,
        values=values or {"enrolment": request.args.get("enrolment", "")},
        errors=errors,
        nav_current="offerings",
    )


def _log(connection: Connection, run: OwnRun) -> list[LoggedMove]:
    """What coordinators moved, newest first: a row for the one who was moved, not for those who made way."""
    at, event = here(), tables.event.c
    columns = (event.at, event.enrolment_id, event.actor_id, event.facts)
    moves = select(*columns).join_from(tables.event, tables.enrolment).where(*run.condition, event.step == "move")
    found = []
    for moment, enrolment_id, actor_id, facts in connection.execute(moves.order_by(event.id.desc())).all():
        if facts.get("because_of") != enrolment_id:
            continue
        number = read_enrolment(connection, enrolment_id).number(at.catalogue.network.time_zone)
        reason = at.speech.gettext(MOVE_REASONS.get(facts["reason"], facts["reason"]))
        found.append(LoggedMove(moment, number, facts["from"], facts["to"], reason, name_of(connection, actor_id) or "–"))
    return found
