"""The offering school's offerings with their seats, the participants of each, and the participant report. Only its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from course_catalogue.model import Course, Offering, SchoolId
from course_catalogue.offering import OfferingState, offering_state
from enrol_service import tables
from enrol_service.accounts import SEE_OFFERINGS
from enrol_service.enrolments import Enrolment, pairs
from enrol_service.mails import school_name
from enrol_service.participant import Participant, participant_of
from enrol_service.refusals import NotFound
from enrol_service.report import STATE_WORDS, participants_csv
from enrol_service.seats import Seats, all_seats
from enrol_service.states import LIVE
from enrol_service.web.access import me, staff
from enrol_service.web.page import STAFF_PAGE, here, page, private, service

pages = Blueprint("offerings", __name__)

# State → look of its badge and its icon.
BADGES: Mapping[str, tuple[str, str]] = {
    "requested": ("wait", "half"),
    "queued": ("calm", "ring"),
    "offered": ("wait", "ring-exclamation"),
    "placed": ("ok", "ring-tick"),
    "active": ("ok", "half"),
    "completed": ("ok", "ring-tick"),
    "failed": ("bad", "ring-cross"),
    "interrupted": ("calm", "ring-cross"),
    "no_show": ("calm", "ring-dashed"),
    "refused": ("calm", "ring-cross"),
    "expired": ("calm", "ring-dashed"),
    "withdrawn": ("calm", "ring-cross"),
    "cancelled": ("calm", "ring-cross"),
}


@dataclass(frozen=True, slots=True)
class OfferingRow:
    course: Course
    offering: Offering
    state: OfferingState
    seats: Seats


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """A participant with the state in words and the look of its badge."""

    enrolment: Enrolment
    student: Participant
    state: str
    badge: str
    icon: str


@pages.get("/staff/offerings")
@staff(SEE_OFFERINGS)
def show() -> ResponseReturnValue:
    private(STAFF_PAGE)
    at = here()
    schools = me().schools_with(SEE_OFFERINGS)
    with service().database.read() as connection:
        seats = all_seats(connection)
    tables_by_school = [(one, school_name(at.speech, one), _offerings(one, seats)) for one in schools]
    return page("offerings.html", schools=tables_by_school, nav_current="offerings")


@pages.get("/staff/offerings/<school_id>/<course_name>/<offering_id>")
@staff(SEE_OFFERINGS)
def show_participants(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    private(STAFF_PAGE)
    at = here()
    condition = _condition(school_id, course_name, offering_id)
    course = at.catalogue.courses.get(f"{school_id}/{course_name}")
    offering = course.offering(offering_id) if course else None
    with service().database.read() as connection:
        rows = [_participant(one) for one, _ in pairs(connection, *condition)]
        seats = all_seats(connection).get((f"{school_id}/{course_name}", offering_id), Seats())
    if offering is None and not rows:
        raise NotFound
    here_now = [row for row in rows if row.enrolment.state in LIVE]
    left = [row for row in rows if row.enrolment.state not in LIVE]
    return page(
        "participants.html",
        course=course,
        offering=offering,
        title=rows[0].enrolment.title if rows else "",
        seats=seats,
        groups=(("here", here_now), ("left", left)),
        file=f"{here().url.staff('offerings')}/{school_id}/{course_name}/{offering_id}/participants.csv",
        nav_current="offerings",
    )


@pages.get("/staff/offerings/<school_id>/<course_name>/<offering_id>/participants.csv")
@staff(SEE_OFFERINGS)
def download_one(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    name = f"{school_id}-{course_name}-{offering_id}-{here().today}"
    return _file(name, *_condition(school_id, course_name, offering_id))


@pages.get("/staff/participants.csv")
@staff(SEE_OFFERINGS)
def download_all() -> ResponseReturnValue:
    school_id = request.args.get("school", "")
    if not me().may(SEE_OFFERINGS, school_id):
        raise NotFound
    return _file(f"{school_id}-{here().today}", tables.enrolment.c.offering_school_id == school_id)


def _condition(school_id: SchoolId, course_name: str, offering_id: str) -> tuple[Any, ...]:
    """Rows of one offering of an own school. Another school's offering is answered like one that does not exist."""
    if not me().may(SEE_OFFERINGS, school_id):
        raise NotFound
    one = tables.enrolment.c
    return (one.offering_school_id == school_id, one.course_id == f"{school_id}/{course_name}", one.offering_id == offering_id)


def _file(name: str, *conditions: Any) -> Response:
    private(STAFF_PAGE)
    pieces = participants_csv(service().database.read, here().speech, *conditions)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(stream_with_context(pieces), content_type="text/csv; charset=utf-8", headers=headers)


def _offerings(school_id: SchoolId, seats: Mapping[tuple[str, str], Seats]) -> list[OfferingRow]:
    """Offerings of a school that are not over, or on which somebody is; those that start first, first."""
    at = here()
    rows = [
        OfferingRow(course, offering, offering_state(course, offering, at.now), seats.get((course.id, offering.id), Seats()))
        for course in at.catalogue.published()
        if course.school_id == school_id
        for offering in course.offerings
    ]
    kept = [row for row in rows if row.state != "ended" or row.seats != Seats()]
    return sorted(kept, key=lambda row: (row.state == "ended", row.offering.starts_on or date.max, row.course.id))


def _participant(enrolment: Enrolment) -> ParticipantRow:
    at = here()
    look, icon = BADGES[enrolment.state]
    words = at.speech.gettext(STATE_WORDS[enrolment.state])
    return ParticipantRow(enrolment, participant_of(enrolment, at.catalogue, at.language), words, look, icon)
