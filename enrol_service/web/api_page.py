"""Open data of the service: how many seats are taken now, for the static pages, which are right without it."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from enrol_service.enrolment.seats import all_seats
from enrol_service.web.access import public
from enrol_service.web.page import here, service

pages = Blueprint("api", __name__)


@pages.get("/api/offerings/seats.json")
@public("numbers of seats are public; nobody can be told from them")
def seats() -> ResponseReturnValue:
    """`{"at": …, "seats": {course: {offering: {"taken": 18, "queued": 0}}}}`; an offering left out has nobody yet."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    with service().database.read() as connection:
        for (course_id, offering_id), one in sorted(all_seats(connection).items()):
            found.setdefault(course_id, {})[offering_id] = {"taken": one.taken, "queued": one.queued}
    response = jsonify(at=here().now.isoformat(timespec="seconds"), seats=found)
    response.headers["Cache-Control"] = "public, max-age=30"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Date"  # the script of the pages judges the answer's age by it
    return response
