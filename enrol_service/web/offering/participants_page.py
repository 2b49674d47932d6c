"""One run: its seats, its queue, its participants with what can be marked of each, and the file of participants.

Who is named, and what is told of whom, participant.py decides; the others are a number in the queue, or are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, request, stream_with_context
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, func, select

from course_catalogue.model import SchoolId
from enrol_service import tables
from enrol_service.enrolment.enrolments import Enrolment, pairs
from enrol_service.enrolment.participant import Participant, has_had_seat, participant_of
from enrol_service.enrolment.participation import UNDONE_BY, Mark, Marked, missed_from
from enrol_service.enrolment.run import to_go
from enrol_service.enrolment.seats import seats_of
from enrol_service.enrolment.words import school_name
from enrol_service.refusals.base import sentence
from enrol_service.refusals.web import NotFound
from enrol_service.report.participants import participants_csv
from enrol_service.school.accounts import account_numbers
from enrol_service.school.teaching import hidden_courses
from enrol_service.state_words import STATE_WORDS
from enrol_service.states import LIVE
from enrol_service.web.access import me, staff
from enrol_service.web.offering.own_run import OwnRun, own_run
from enrol_service.web.page import STAFF_PAGE, here, page, private, service
from enrol_service.web.table import Choice, Column, TableView, table_view

pages = Blueprint("participants", __name__)

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
MARKS: tuple[Mark, ...] = ("start", "miss", "interrupt", "resume")  # in the order of their buttons
MARK_STEPS = ("start", "miss", "interrupt", "unstart", "resume")
JUST_NOW = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Unnamed:
    """How many never had a confirmed seat: the home school has not answered, a place is offered, and those that came to nothing."""

    undecided: int
    offered: int
    ended: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """One in the queue: nobody is named before the place is confirmed."""

    id: int
    rank: int
    number: str
    since: datetime
    approved: bool  # the home school has committed in advance


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """A participant with the state in words, the look of its badge, and the marks that can be made."""

    enrolment: Enrolment
    student: Participant
    state: str
    badge: str
    icon: str
    marks: tuple[Mark, ...]


@pages.get("/staff/offerings/<school_id>/<course_name>/<offering_id>")
@staff("see_offerings")
def show(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        run = own_run(connection, "see_offerings", school_id, course_name, offering_id)
        return run_page(connection, run, just_marked=_just_marked(connection, run) if "marked" in request.args else None)


@pages.get("/staff/offerings/<school_id>/<course_name>/<offering_id>/participants.csv")
@staff("see_offerings")
def download_one(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    with service().database.read() as connection:
        run = own_run(connection, "see_offerings", school_id, course_name, offering_id)
    return _file(school_id, run.name, *run.condition)


@pages.get("/staff/participants.csv")
@staff("see_offerings")
def download_all() -> ResponseReturnValue:
    school_id = request.args.get("school", "")
    if not me().may("see_offerings", school_id):
        raise NotFound
    with service().database.read() as connection:
        hidden = hidden_courses(connection, me(), school_id, here().today)
    one = tables.enrolment.c
    return _file(school_id, school_id, one.offering_school_id == school_id, one.course_id.not_in(sorted(hidden)))


def run_page(
    connection: Connection,
    run: OwnRun,
    status: int = 200,
    *,
    marked: Marked | None = None,
    just_marked: tuple[str, int] | None = None,
    chosen: Iterable[int] = (),
    on: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    """The page of a run. `marked`: what came of marking; `just_marked`: step and number, after a redirect; `on`: the day as typed."""
    at = here()
    found = pairs(connection, *run.condition)
    seated = set(connection.execute(select(tables.enrolment.c.id).where(*run.condition, has_had_seat())).scalars())
    rows = [_participant(connection, run, one) for one, _ in found if one.id in seated]
    rows.sort(key=lambda row: row.enrolment.state not in LIVE)
    marks = [mark for mark in MARKS if any(mark in row.marks for row in rows)]
    return page(
        "offering/participants.html",
        status,
        run=run,
        seats=seats_of(connection, run.course_id, run.offering_id),
        to_go=to_go(connection, run.course_id, run.offering) if run.offering else None,
        kept=_kept(run),
        line=line_of(connection, run),
        unnamed=_counted(one for one, _ in found if one.id not in seated),
        table=_table(rows, chooses=bool(marks)),
        marks=marks,
        people=len(rows),
        chosen=frozenset(row.enrolment.id for row in rows if row.marks) if request.args.get("chosen") == "all" else frozenset(chosen),
        marked=marked,
        named=lambda enrolment: participant_of(enrolment, at.catalogue, at.language).name,
        said=at.speech.say,
        just_marked=just_marked,
        on=on or at.today.isoformat(),
        errors=errors or {},
        nav_current="offerings",
    )


def line_of(connection: Connection, run: OwnRun) -> tuple[Waiting, ...]:
    """The queue in its order."""
    zone = here().catalogue.network.time_zone
    queued = sorted(pairs(connection, *run.condition, tables.enrolment.c.state == "queued"), key=lambda pair: pair[0].queue_number or 0)
    return tuple(
        Waiting(one.id, rank, one.number(zone), one.created_at, promised.state == "given") for rank, (one, promised) in enumerate(queued, 1)
    )


def _table(rows: list[ParticipantRow], *, chooses: bool) -> TableView[ParticipantRow]:
    states = {row.enrolment.state: row.state for row in rows}
    schools = {row.student.home_school: row.student.home_school for row in rows if row.student.home_school}
    choices: list[Choice[ParticipantRow]] = [
        Choice("state", sentence("State"), lambda row: row.enrolment.state, states),
        Choice("school", sentence("Home school"), lambda row: row.student.home_school, schools),
    ]
    columns = COLUMNS if chooses else COLUMNS[1:-1]
    return table_view(rows, columns, request.args, choices=choices, kept=("chosen",))


COLUMNS: tuple[Column[ParticipantRow], ...] = (
    Column("choose", sentence("Choose"), hidden=True),
    Column("student", sentence("Student"), lambda row: row.student.name, searched=True),
    Column("home", sentence("Home school"), lambda row: f"{row.student.home_school} {row.student.group}".strip(), searched=True),
    Column("contact", sentence("Contact details"), lambda row: row.student.email, searched=True),
    Column("state", sentence("State"), lambda row: row.state),
    Column("enrolled", sentence("Enrolled"), lambda row: row.enrolment.created_at),
    Column("mark", sentence("Mark"), hidden=True),
)


def _participant(connection: Connection, run: OwnRun, enrolment: Enrolment) -> ParticipantRow:
    at = here()
    look, icon = BADGES[enrolment.state]
    words = at.speech.gettext(STATE_WORDS[enrolment.state])
    student = participant_of(enrolment, at.catalogue, at.language)
    marks = _marks(connection, enrolment) if run.may("mark_participation") else ()
    return ParticipantRow(enrolment, student, words, look, icon, marks)


def _marks(connection: Connection, enrolment: Enrolment) -> tuple[Mark, ...]:
    """What can be marked of a student today."""
    if enrolment.state == "placed":
        missed = missed_from(connection, enrolment, here().catalogue) <= here().today
        return ("start", "miss") if missed else ("start",)
    if enrolment.state == "active":
        return ("interrupt", "resume")
    return ("resume",) if enrolment.state in UNDONE_BY else ()


def _kept(run: OwnRun) -> tuple[tuple[str, int], ...]:
    """Seats kept for schools by name, while they are kept."""
    offering = run.offering
    if offering is None or (offering.decided_on is not None and here().today >= offering.decided_on):
        return ()
    return tuple((school_name(here().speech, school_id), seats) for school_id, seats in offering.reserved.items())


def _counted(enrolments: Iterable[Enrolment]) -> Unnamed:
    states = Counter(one.state for one in enrolments if one.state != "queued")
    return Unnamed(states["requested"], states["offered"], states.total() - states["requested"] - states["offered"])


def _just_marked(connection: Connection, run: OwnRun) -> tuple[str, int] | None:
    """What the reader marked in the last moments: the step, and of how many."""
    event, at = tables.event.c, here()
    mine = account_numbers(connection, me())
    latest = (
        select(event.step, func.count())
        .join_from(tables.event, tables.enrolment)
        .where(*run.condition, event.noun == "enrolment", event.step.in_(MARK_STEPS), event.actor_id.in_(sorted(mine)))
        .where(event.at > at.now - JUST_NOW)
        .group_by(event.at, event.step)
        .order_by(event.at.desc())
    )
    row = connection.execute(latest.limit(1)).first()
    return (row[0], row[1]) if row else None


def _file(school_id: SchoolId, name: str, *conditions: Any) -> Response:
    """The report on some of a school's rows. `name` is made of the catalogue's ids, never of the address."""
    private(STAFF_PAGE)
    for_teacher = not me().may("see_payments", school_id)
    pieces = participants_csv(service().database.read, here().speech, *conditions, for_teacher=for_teacher)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{here().today}.csv"'}
    return Response(stream_with_context(pieces), content_type="text/csv; charset=utf-8", headers=headers)
