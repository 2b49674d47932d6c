"""The offering school's offerings with their seats, the participants of each, and the participant report. Only its own.

Who is named, and what is told of whom, participant.py decides; the others are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, request, stream_with_context
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, func, select

from course_catalogue.model import Course, Offering, SchoolId
from course_catalogue.offering import OfferingState, offering_state
from enrol_service import tables
from enrol_service.enrolment.enrolments import Enrolment, pairs
from enrol_service.enrolment.participant import Participant, has_had_seat, participant_of
from enrol_service.enrolment.seats import Seats, all_seats
from enrol_service.mail.mails import school_name
from enrol_service.refusals.web import NotFound
from enrol_service.report.participants import STATE_WORDS, participants_csv
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
class OfferingRun:
    """An offering with its rows' condition; `course` and `offering` while the catalogue has them. `name` fits a file's name."""

    course: Course | None
    offering: Offering | None
    title: str
    name: str
    condition: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Unnamed:
    """How many never had a confirmed seat: the home school has not answered, in line, and those that came to nothing."""

    undecided: int
    in_line: int
    ended: int


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """A participant with the state in words and the look of its badge."""

    enrolment: Enrolment
    student: Participant
    state: str
    badge: str
    icon: str


@pages.get("/staff/offerings")
@staff("see_offerings")
def show() -> ResponseReturnValue:
    private(STAFF_PAGE)
    at = here()
    schools = me().schools_for("see_offerings")
    with service().database.read() as connection:
        seats = all_seats(connection)
    tables_by_school = [(one, school_name(at.speech, one), _offerings(one, seats)) for one in schools]
    return page("offering/offerings.html", schools=tables_by_school, nav_current="offerings")


@pages.get("/staff/offerings/<school_id>/<course_name>/<offering_id>")
@staff("see_offerings")
def show_participants(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    private(STAFF_PAGE)
    run = _run(school_id, course_name, offering_id)
    with service().database.read() as connection:
        rows = [_participant(one) for one, _ in pairs(connection, *run.condition, has_had_seat())]
        unnamed = _counted(connection, *run.condition, ~has_had_seat())
        seats = all_seats(connection).get((f"{school_id}/{course_name}", offering_id), Seats())
    here_now = [row for row in rows if row.enrolment.state in LIVE]
    left = [row for row in rows if row.enrolment.state not in LIVE]
    return page(
        "offering/participants.html",
        course=run.course,
        offering=run.offering,
        title=run.title,
        seats=seats,
        unnamed=unnamed,
        groups=(("here", here_now), ("left", left)),
        file=f"{here().url.staff('offerings')}/{school_id}/{course_name}/{offering_id}/participants.csv",
        nav_current="offerings",
    )


@pages.get("/staff/offerings/<school_id>/<course_name>/<offering_id>/participants.csv")
@staff("see_offerings")
def download_one(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    run = _run(school_id, course_name, offering_id)
    return _file(school_id, run.name, *run.condition)


@pages.get("/staff/participants.csv")
@staff("see_offerings")
def download_all() -> ResponseReturnValue:
    school_id = request.args.get("school", "")
    if not me().may("see_offerings", school_id):
        raise NotFound
    return _file(school_id, school_id, tables.enrolment.c.offering_school_id == school_id)


def _run(school_id: SchoolId, course_name: str, offering_id: str) -> OfferingRun:
    """An offering of an own school. Another school's, and one that never was, give the same answer: NotFound."""
    if not me().may("see_offerings", school_id) or "\0" in course_name + offering_id:
        raise NotFound
    one = tables.enrolment.c
    condition = (one.offering_school_id == school_id, one.course_id == f"{school_id}/{course_name}", one.offering_id == offering_id)
    course = here().catalogue.courses.get(f"{school_id}/{course_name}")
    offering = course.offering(offering_id) if course else None
    if course and offering:
        return OfferingRun(course, offering, course.title.to(here().language), f"{course.id.replace('/', '-')}-{offering.id}", condition)
    with service().database.read() as connection:
        title = connection.execute(select(one.title).where(*condition).limit(1)).scalar()
    if title is None:
        raise NotFound
    return OfferingRun(course, None, title, school_id, condition)


def _counted(connection: Connection, *conditions: Any) -> Unnamed:
    columns = (tables.enrolment.c.state, func.count())
    states: Counter[str] = Counter()
    for state, count in connection.execute(select(*columns).where(*conditions).group_by(tables.enrolment.c.state)):
        states[state] = count
    in_line = states["queued"]
    undecided = states["requested"] + states["offered"]
    return Unnamed(undecided, in_line, states.total() - undecided - in_line)


def _file(school_id: SchoolId, name: str, *conditions: Any) -> Response:
    """The report on some of a school's rows. `name` is made of the catalogue's ids, never of the address."""
    private(STAFF_PAGE)
    for_teacher = not me().may("see_payments", school_id)
    pieces = participants_csv(service().database.read, here().speech, *conditions, for_teacher=for_teacher)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{here().today}.csv"'}
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
