"""Marking participants, one or several at once: first contact, no show, interruption, and undoing the last mark."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from course_catalogue.model import SchoolId
from enrol_service import tables
from enrol_service.enrolment.participant import has_had_seat
from enrol_service.enrolment.participation import Mark, mark_many
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.run import DayUnreadable, NobodyChosen
from enrol_service.refusals.web import RequestUnreadable
from enrol_service.school.acting import actor_for
from enrol_service.web.access import me, staff
from enrol_service.web.offering.own_run import OwnRun, own_run
from enrol_service.web.offering.participants_page import run_page
from enrol_service.web.offering.typed_day import typed_day
from enrol_service.web.page import STAFF_PAGE, here, private, service
from enrol_service.web.table import said_of_table

pages = Blueprint("marks", __name__)

MARKS: Mapping[str, Mark] = {"start": "start", "miss": "miss", "interrupt": "interrupt", "resume": "resume"}
NEEDS_DAY = ("start", "interrupt")


@pages.post("/staff/offerings/<school_id>/<course_name>/<offering_id>/marks")
@staff("mark_participation")
def mark(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    """Mark those who are chosen, or the one whose own button was pressed: `start` or `start:17`."""
    private(STAFF_PAGE)
    at = here()
    wanted, _, only = request.form.get("mark", "").partition(":")
    if wanted not in MARKS:
        raise RequestUnreadable
    typed = request.form.get("on", "")[:40]
    with service().database.write() as connection:
        run = own_run(connection, "mark_participation", school_id, course_name, offering_id)
        if run.is_off:
            return redirect(run.address, 303)
        chosen = _chosen(connection, run, [only] if only else request.form.getlist("student"))
        on = typed_day(typed) if wanted in NEEDS_DAY else at.today
        refusal: Refusal | None = NobodyChosen() if not chosen else DayUnreadable() if on is None else None
        if refusal is not None:
            field = "marks" if not chosen else "on"
            errors = {field: at.speech.say(refusal)}
            return run_page(connection, run, refusal.status, chosen=chosen, on=typed, errors=errors)
        actor = actor_for(connection, me(), "mark_participation", school_id, at.now)
        marked = mark_many(connection, at.catalogue, MARKS[wanted], chosen, on or date.max, actor, at.now)
        if marked.same or marked.refused:
            status = 200 if marked.done else 409
            return run_page(connection, run, status, marked=marked, chosen=[one.id for one, _ in marked.refused], on=typed)
    return redirect(f"{run.address}?{urlencode({'marked': 'yes', **said_of_table(request.args, 'state', 'school')})}", 303)


def _chosen(connection: Connection, run: OwnRun, typed: list[str]) -> list[int]:
    """Those of the typed numbers that are participants of the run, each once, in order."""
    numbers = {int(one) for one in typed if one.isascii() and one.isdecimal() and len(one) < 10}
    one = tables.enrolment.c
    found = select(one.id).where(*run.condition, has_had_seat(), one.id.in_(sorted(numbers))).order_by(one.id)
    return list(connection.execute(found).scalars())
