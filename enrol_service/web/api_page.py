"""Open data of the service: how runs stand now, for the static pages, which are right without it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from course_catalogue.model import Catalogue, CourseId, OfferingId
from enrol_service.enrolment.run import all_runs, decision_at, to_go
from enrol_service.enrolment.seats import all_seats
from enrol_service.web.access import public
from enrol_service.web.page import Here, here, service

pages = Blueprint("api", __name__)

KEPT = timedelta(seconds=30)  # every visitor of a static page asks
CACHED = "seats"  # of the application's extensions

Told = dict[CourseId, dict[OfferingId, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Kept:
    """The numbers of one moment."""

    at: datetime
    told: Told


@pages.get("/api/offerings/seats.json")
@public("numbers of seats are public; nobody can be told from them")
def seats() -> ResponseReturnValue:
    """`{"at": …, "seats": {course: {offering: {"taken": 18, "queued": 0, "state": "confirmed", "to_go": 3}}}}`.

    `at` is the moment of the answer, by which the pages set their clock; the numbers are at most half a minute older. An
    offering left out has nobody yet. `state` is there once something has been decided about the run, `to_go` while a
    conditional run waits for commitments.
    """
    at = here()
    response: Response = jsonify(at=at.now.isoformat(timespec="seconds"), seats=_kept(at).told)
    response.headers["Cache-Control"] = f"public, max-age={KEPT.seconds}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _kept(at: Here) -> Kept:
    """The numbers, counted anew when they are older than half a minute."""
    known: Kept | None = current_app.extensions.get(CACHED)
    if known is not None and known.at <= at.now < known.at + KEPT:
        return known
    with service().database.read() as connection:
        kept = Kept(at.now, _told(connection, at.catalogue, at.now))
    current_app.extensions[CACHED] = kept
    return kept


def _told(connection: Connection, catalogue: Catalogue, now: datetime) -> Told:
    found: Told = {}

    def run(course_id: CourseId, offering_id: OfferingId) -> dict[str, Any]:
        return found.setdefault(course_id, {}).setdefault(offering_id, {"taken": 0, "queued": 0})

    for (course_id, offering_id), one in sorted(all_seats(connection).items()):
        run(course_id, offering_id).update(taken=one.taken, queued=one.queued)
    for (course_id, offering_id), decided in all_runs(connection).items():
        run(course_id, offering_id)["state"] = decided.state
    for course in catalogue.published():
        for offering in course.offerings:
            moment = decision_at(offering, catalogue)
            if moment is None or now >= moment or offering.cancelled or course.status != "published":
                continue
            if (missing := to_go(connection, course.id, offering)) is not None:
                run(course.id, offering.id)["to_go"] = missing
    return found
