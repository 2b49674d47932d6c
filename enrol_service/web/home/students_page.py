"""The school's own students: every enrolment in a table, each with what has happened, what leaving costs and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from course_catalogue.model import Contact, SchoolId
from enrol_service import tables
from enrol_service.completion.completion import Completion, latest
from enrol_service.enrolment.change import CHANGEABLE, KIND_WORDS, LONGEST_TEXT, ask_change, changes
from enrol_service.enrolment.enrolments import Commitment, Enrolment, pairs
from enrol_service.enrolment.free_text import free_text
from enrol_service.enrolment.offer import accept
from enrol_service.enrolment.transfer import runs_to_move_to
from enrol_service.enrolment.withdraw import withdraw
from enrol_service.enrolment.words import course_title, school_name
from enrol_service.events import Actor, history
from enrol_service.mail.outbox import NO_LONGER_TRUE
from enrol_service.refusals.base import Refusal, sentence
from enrol_service.refusals.change import (
    ChangeKindMissing,
    ChangeReasonMissing,
    LeavingIsFree,
    OtherRunBegun,
    OtherRunFull,
    OtherRunMissing,
    OtherRunQueued,
    OtherRunTaken,
)
from enrol_service.refusals.deciding import LeavingPriceChanged
from enrol_service.refusals.enrolling import IdentityCodeFound, TextTooLong, TextUnprintable
from enrol_service.refusals.web import NotFound
from enrol_service.school.acting import actor_for
from enrol_service.school.role import COORDINATORS
from enrol_service.state_words import STATE_WORDS
from enrol_service.web.access import me, staff
from enrol_service.web.home.story import story
from enrol_service.web.offering.participants_page import BADGES
from enrol_service.web.page import STAFF_PAGE, here, page, private, service
from enrol_service.web.student.enrolment_view import enrolment_view, typed_price
from enrol_service.web.table import Choice, Column, table_view
from theme.address import codes

pages = Blueprint("students", __name__)

OWN_PACE = "own"
# Refusal → the field of the form at which it is said.
FIELDS: Mapping[type[Refusal], str] = {
    ChangeKindMissing: "kind",
    LeavingIsFree: "kind",
    OtherRunMissing: "to",
    OtherRunBegun: "to",
    OtherRunFull: "to",
    OtherRunQueued: "to",
    OtherRunTaken: "to",
    ChangeReasonMissing: "text",
    TextTooLong: "text",
    TextUnprintable: "text",
    IdentityCodeFound: "text",
}


@dataclass(frozen=True, slots=True)
class StudentRow:
    """One enrolment as a row of the table, in the reader's words."""

    enrolment: Enrolment
    commitment: Commitment
    school: str
    codes: str
    course: str
    state: str
    badge: str
    icon: str
    cents: int | None  # promised or owed; None when nobody pays
    grade: str


@pages.get("/staff/students")
@staff("see_students")
def show() -> ResponseReturnValue:
    private(STAFF_PAGE)
    at = here()
    schools = me().schools_for("see_students")
    with service().database.read() as connection:
        found = pairs(connection, tables.enrolment.c.home_school_id.in_(schools))
        published = latest(connection, [enrolment.id for enrolment, _ in found])
    rows = [_row(enrolment, commitment, published.get(enrolment.id)) for enrolment, commitment in reversed(found)]
    columns: list[Column[StudentRow]] = [
        Column("student", sentence("Student"), lambda row: row.enrolment.name, searched=True),
        Column("group", sentence("Group"), lambda row: row.enrolment.group_name, searched=True),
        Column("course", sentence("Course"), lambda row: f"{row.codes} {row.course}", searched=True),
        Column("time", sentence("Time"), lambda row: row.enrolment.starts_on),
        Column("state", sentence("State"), lambda row: row.state),
        Column("grade", sentence("Grade"), lambda row: row.grade),
        Column("price", sentence("Price"), lambda row: row.cents, number=True),
    ]
    choices = [
        Choice("state", sentence("State"), _state_key, _state_words(rows)),
        Choice("start", sentence("Start"), _start_key, _starts(rows)),
    ]
    if len(schools) > 1:
        words = {one: school_name(at.speech, one) for one in schools}
        choices.append(Choice("school", sentence("Home school"), lambda row: row.enrolment.home_school_id, words))
    table = table_view(rows, columns, request.args, choices=choices)
    return page(
        "home/students.html",
        table=table,
        schools=[school_name(at.speech, one) for one in schools],
        may_enrol=me().can("enrol_students"),
        may_report=me().can("see_home_reports"),
        nav_current="students",
    )


@pages.get("/staff/students/<number:enrolment_id>")
@staff("see_students")
def show_one(enrolment_id: int) -> ResponseReturnValue:
    private(STAFF_PAGE)
    at = here()
    with service().database.read() as connection:
        pair = _own(connection, enrolment_id, "see_students")
        view = enrolment_view(connection, pair)
        lines = story(connection, history(connection, enrolment_id), at.speech)
        completion = latest(connection, [enrolment_id]).get(enrolment_id)
        asked = changes(connection, tables.change.c.enrolment_id == enrolment_id)
        lost = _lost_mails(connection, pair[0])
    return page(
        "home/student_of_school.html",
        view=view,
        row=_row(*pair, completion),
        lines=lines,
        completion=completion,
        changes=asked,
        kinds=KIND_WORDS,
        asked=next((one for one in asked if one.state == "asked"), None),
        lost=lost,
        contacts=_contacts(pair[0].offering_school_id),
        may_change=me().may("ask_changes", pair[0].home_school_id),
        changeable=pair[0].state in CHANGEABLE and pair[1].state == "given" and view.can_leave,
        nav_current="students",
    )


@pages.get("/staff/students/<number:enrolment_id>/withdraw")
@staff("ask_changes")
def ask_withdraw(enrolment_id: int) -> ResponseReturnValue:
    return _withdraw_page(enrolment_id)


@pages.post("/staff/students/<number:enrolment_id>/withdraw")
@staff("ask_changes")
def act_withdraw(enrolment_id: int) -> ResponseReturnValue:
    """Let the student leave at the price that the page has shown; at another one it is shown again. A second click changes nothing."""
    at = here()
    try:
        with service().database.write() as connection:
            actor = _actor(connection, enrolment_id)
            withdraw(connection, at.catalogue, enrolment_id, actor, at.now, price_shown=typed_price())
    except LeavingPriceChanged as refusal:
        return _withdraw_page(enrolment_id, refusal)
    return _back(enrolment_id)


@pages.post("/staff/students/<number:enrolment_id>/accept")
@staff("ask_changes")
def act_accept(enrolment_id: int) -> ResponseReturnValue:
    """Accept the offered place for the student."""
    at = here()
    with service().database.write() as connection:
        accept(connection, at.catalogue, enrolment_id, _actor(connection, enrolment_id), at.now)
    return _back(enrolment_id)


@pages.get("/staff/students/<number:enrolment_id>/change")
@staff("ask_changes")
def show_change(enrolment_id: int) -> ResponseReturnValue:
    return _change_form(enrolment_id, {})


@pages.post("/staff/students/<number:enrolment_id>/change")
@staff("ask_changes")
def act_change(enrolment_id: int) -> ResponseReturnValue:
    at = here()
    values = {name: request.form.get(name, "") for name in ("kind", "to", "text")}
    try:
        with service().database.write() as connection:
            actor = _actor(connection, enrolment_id)
            text = free_text(values["text"], LONGEST_TEXT)
            ask_change(connection, at.catalogue, enrolment_id, values["kind"], text, actor, at.now, values["to"] or None)
    except tuple(FIELDS) as refusal:
        return _change_form(enrolment_id, values, refusal)
    return _back(enrolment_id)


def _withdraw_page(enrolment_id: int, refusal: Refusal | None = None) -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        view = enrolment_view(connection, _own(connection, enrolment_id, "ask_changes"))
    changed = here().speech.say(refusal) if refusal else ""
    return page("home/student_withdraw.html", refusal.status if refusal else 200, view=view, changed=changed, nav_current="students")


def _change_form(enrolment_id: int, values: Mapping[str, str], refusal: Refusal | None = None) -> ResponseReturnValue:
    private(STAFF_PAGE)
    at = here()
    with service().database.read() as connection:
        view = enrolment_view(connection, _own(connection, enrolment_id, "ask_changes"))
        runs = runs_to_move_to(connection, at.catalogue, view.enrolment, at.now)
        is_asked = any(one.state == "asked" for one in changes(connection, tables.change.c.enrolment_id == enrolment_id))
    return page(
        "home/change_ask.html",
        refusal.status if refusal else 200,
        view=view,
        runs=runs,
        values={name: value[: LONGEST_TEXT + 1000] for name, value in values.items()},
        errors={FIELDS[type(refusal)]: at.speech.say(refusal)} if refusal else {},
        open=view.enrolment.state in CHANGEABLE and view.commitment.state == "given" and not is_asked,
        nav_current="students",
    )


def _own(connection: Connection, enrolment_id: int, act: str) -> tuple[Enrolment, Commitment]:
    """An enrolment of a school for which the reader may do the act. Another's and one that does not exist give the same answer."""
    mine = tables.enrolment.c.home_school_id.in_(me().schools_for(act))
    found = pairs(connection, tables.enrolment.c.id == enrolment_id, mine)
    if not found:
        raise NotFound
    return found[0]


def _actor(connection: Connection, enrolment_id: int) -> Actor:
    private(STAFF_PAGE)
    enrolment, _ = _own(connection, enrolment_id, "ask_changes")
    return actor_for(connection, me(), "ask_changes", enrolment.home_school_id, here().now)


def _back(enrolment_id: int) -> ResponseReturnValue:
    return redirect(here().url.staff(f"students/{enrolment_id}"), 303)


def _row(enrolment: Enrolment, commitment: Commitment, completion: Completion | None) -> StudentRow:
    at = here()
    course = at.catalogue.courses.get(enrolment.course_id)
    badge, icon = BADGES[enrolment.state]
    return StudentRow(
        enrolment=enrolment,
        commitment=commitment,
        school=school_name(at.speech, enrolment.offering_school_id),
        codes=codes(course) if course else "",
        course=course_title(at.speech, enrolment),
        state=at.speech.gettext(STATE_WORDS[enrolment.state]),
        badge=badge,
        icon=icon,
        cents=commitment.price_cents if commitment.state in ("asked", "given") else commitment.charged_cents,
        grade=_grade(completion),
    )


def _grade(completion: Completion | None) -> str:
    """`9`, of a course of several subjects `BI 9, HI 8`, or the local mark."""
    if completion is None:
        return ""
    if completion.mark:
        return completion.mark
    several = len(completion.grades) > 1
    return ", ".join(f"{one.subject_id} {one.grade}" if several else one.grade for one in completion.grades)


def _state_key(row: StudentRow) -> str:
    return row.enrolment.state


def _state_words(rows: Iterable[StudentRow]) -> Mapping[str, str]:
    """The states that occur, in the order of an enrolment's life."""
    there = {row.enrolment.state for row in rows}
    return {state: here().speech.gettext(word) for state, word in STATE_WORDS.items() if state in there}


def _start_key(row: StudentRow) -> str:
    return row.enrolment.starts_on.isoformat() if row.enrolment.starts_on else OWN_PACE


def _starts(rows: Iterable[StudentRow]) -> Mapping[str, str]:
    """The days on which courses start, the latest first, and those at the own pace."""
    at = here()
    days = sorted({row.enrolment.starts_on for row in rows if row.enrolment.starts_on}, reverse=True)
    nonstop = {OWN_PACE: at.speech.gettext("Own pace")} if any(row.enrolment.starts_on is None for row in rows) else {}
    return {day.isoformat(): at.speech.wording.date(day) for day in days} | nonstop


def _lost_mails(connection: Connection, enrolment: Enrolment) -> bool:
    """Whether the newest mail to the student that was tried did not arrive."""
    box = tables.outbox.c
    mine = (box.enrolment_id == enrolment.id) & (box.to_email == enrolment.email)
    tried = mine & (box.sent_at.is_not(None) | (box.parked_at.is_not(None) & (box.last_error != NO_LONGER_TRUE)))
    newest = connection.execute(select(box.parked_at).where(tried).order_by(box.id.desc()).limit(1)).first()
    return newest is not None and newest.parked_at is not None


def _contacts(school_id: SchoolId) -> tuple[Contact, ...]:
    """Whom one writes to at the offering school: its coordinators, or everybody it names when it has none."""
    school = here().catalogue.schools.get(school_id)
    contacts = school.contacts if school else ()
    return tuple(one for one in contacts if COORDINATORS & set(one.roles)) or contacts
