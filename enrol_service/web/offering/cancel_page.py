"""Cancelling a run: who loses what, why, once more, and then it is done. Nothing brings a cancelled run back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from course_catalogue.model import SchoolId
from enrol_service import tables
from enrol_service.enrolment.enrolments import pairs
from enrol_service.enrolment.free_text import judged, tidied
from enrol_service.enrolment.run import MOST_REASON, cancel_run
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.run import CancelReasonMissing
from enrol_service.school.acting import actor_for
from enrol_service.states import LIVE
from enrol_service.web.access import me, staff
from enrol_service.web.offering.own_run import OwnRun, own_run
from enrol_service.web.page import STAFF_PAGE, here, page, private, service

pages = Blueprint("cancel_run", __name__)


@dataclass(frozen=True, slots=True)
class Losses:
    """How many lose what when the run is cancelled now."""

    places: int
    requests: int
    in_line: int
    commitments: int  # given; they are released

    @property
    def everybody(self) -> int:
        return self.places + self.requests + self.in_line


@pages.get("/staff/offerings/<school_id>/<course_name>/<offering_id>/cancel")
@staff("cancel_run")
def ask(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        run = own_run(connection, "cancel_run", school_id, course_name, offering_id)
        if run.is_off:
            return redirect(run.address, 303)
        return _page(connection, run)


@pages.post("/staff/offerings/<school_id>/<course_name>/<offering_id>/cancel")
@staff("cancel_run")
def cancel(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    """Ask once more with the reason as everybody will read it; then cancel. A second time changes nothing and shows who did it."""
    private(STAFF_PAGE)
    at, reason = here(), request.form.get("reason", "")[: MOST_REASON + 1000]
    with service().database.write() as connection:
        run = own_run(connection, "cancel_run", school_id, course_name, offering_id)
        if run.is_off or run.offering is None:
            return redirect(run.address, 303)
        pressed = request.form.get("do")
        if pressed == "change":
            return _page(connection, run, reason=reason)
        if (refusal := _why_not(reason)) is not None:
            return _page(connection, run, reason=reason, refusal=refusal)
        if pressed != "cancel":
            return _page(connection, run, reason=reason, asks_again=True)
        actor = actor_for(connection, me(), "cancel_run", school_id, at.now)
        cancel_run(connection, at.catalogue, run.course_id, run.offering_id, reason, actor, at.now)
    return redirect(run.address, 303)


def _why_not(reason: str) -> Refusal | None:
    text = tidied(reason, keep_lines=True)
    return judged(text, most=MOST_REASON) if text else CancelReasonMissing()


def _page(connection: Connection, run: OwnRun, *, reason: str = "", refusal: Refusal | None = None, asks_again: bool = False) -> Response:
    return page(
        "offering/cancel.html",
        refusal.status if refusal else 200,
        run=run,
        losses=_losses(connection, run),
        reason=reason,
        most=MOST_REASON,
        asks_again=asks_again,
        errors={"reason": here().speech.say(refusal)} if refusal else {},
        nav_current="offerings",
    )


def _losses(connection: Connection, run: OwnRun) -> Losses:
    live = pairs(connection, *run.condition, tables.enrolment.c.state.in_(sorted(LIVE)))
    states = Counter(one.state for one, _ in live)
    given = sum(promised.state == "given" for _, promised in live)
    return Losses(states["placed"] + states["active"], states["requested"] + states["offered"], states["queued"], given)
