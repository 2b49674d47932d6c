"""One student's entry in the diary: its versions, the correction with its reason, and what the home school asks and is answered."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from course_catalogue.model import SchoolId
from enrol_service import tables
from enrol_service.completion.answer import Answer, answers, reply
from enrol_service.completion.completion import Completion, latest, read_completion, versions
from enrol_service.completion.entry import tidy_entry
from enrol_service.completion.publish import CORRECTION_REASONS, correct
from enrol_service.completion.shown import names_of, shown
from enrol_service.enrolment.enrolments import Enrolment, pairs, read_enrolment
from enrol_service.enrolment.participant import has_had_seat, participant_of
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.completion import (
    CorrectionReasonMissing,
    CorrectionTextMissing,
    EntryRefused,
    ReplyEmpty,
)
from enrol_service.refusals.enrolling import IdentityCodeFound, TextTooLong, TextUnprintable
from enrol_service.refusals.run import DayUnreadable
from enrol_service.refusals.web import NotFound
from enrol_service.school.acting import actor_for
from enrol_service.web.access import me, staff
from enrol_service.web.offering.diary_page import DIARY, run_of_entry
from enrol_service.web.offering.diary_view import CELL_OF, LONGEST, subject_columns
from enrol_service.web.offering.own_run import OwnRun, own_run
from enrol_service.web.offering.typed_day import typed_day
from enrol_service.web.page import STAFF_PAGE, here, page, private, service

pages = Blueprint("entry", __name__)

ENTRY = f"{DIARY}/<number:enrolment_id>"
# Refusals of a text, told at it.
OF_TEXT = (TextTooLong, TextUnprintable, IdentityCodeFound)


@pages.get("/staff/diary/<number:completion_id>")
@staff("grade")
def find(completion_id: int) -> ResponseReturnValue:
    """Where a mail about a completion leads."""
    private(STAFF_PAGE)
    with service().database.read() as connection:
        found = read_completion(connection, completion_id)
        if found is None:
            raise NotFound
        enrolment = read_enrolment(connection, found.enrolment_id)
        run = run_of_entry(connection, enrolment.course_id, enrolment.offering_id)
    return redirect(f"{run.address}/diary/{enrolment.id}", 303)


@pages.get(ENTRY)
@staff("grade")
def show(school_id: SchoolId, course_name: str, offering_id: str, enrolment_id: int) -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        run = own_run(connection, "grade", school_id, course_name, offering_id)
        return _page(connection, run, _participant(connection, run, enrolment_id))


@pages.post(f"{ENTRY}/correct")
@staff("grade")
def act_correct(school_id: SchoolId, course_name: str, offering_id: str, enrolment_id: int) -> ResponseReturnValue:
    """Publish a corrected version. The same again changes nothing and shows the page as it is."""
    private(STAFF_PAGE)
    at = here()
    names = ("mark", "missing", "on", "reason", "text", "seen")
    try:
        with service().database.write() as connection:
            run = own_run(connection, "grade", school_id, course_name, offering_id)
            enrolment = _participant(connection, run, enrolment_id)
            columns = subject_columns(run, [enrolment])
            subjects = [column.unit.subject_id for column in columns]
            values = {name: request.form.get(name, "").strip()[:LONGEST] for name in (*subjects, *names)}
            day = typed_day(values["on"])
            if day is None and values["on"]:
                raise EntryRefused((("assessed_on", DayUnreadable()),))
            entry = tidy_entry({one: values[one] for one in subjects}, values["mark"], values["missing"], day, values["seen"])
            actor = actor_for(connection, me(), "grade", school_id, at.now)
            changed = correct(connection, at.catalogue, enrolment_id, entry, values["reason"], actor, at.now, values["text"])
    except NotFound:
        raise
    except Refusal as refusal:
        return _again(run, enrolment, refusal, values)
    return redirect(f"{run.address}/diary/{enrolment_id}?corrected={'yes' if changed else 'no'}", 303)


@pages.post(f"{ENTRY}/reply")
@staff("grade")
def act_reply(school_id: SchoolId, course_name: str, offering_id: str, enrolment_id: int) -> ResponseReturnValue:
    """Answer the home school about the newest version."""
    private(STAFF_PAGE)
    at, text = here(), request.form.get("reply", "")
    try:
        with service().database.write() as connection:
            run = own_run(connection, "grade", school_id, course_name, offering_id)
            enrolment = _participant(connection, run, enrolment_id)
            newest = latest(connection, [enrolment_id]).get(enrolment_id)
            if newest is None:
                raise NotFound
            actor = actor_for(connection, me(), "grade", school_id, at.now)
            reply(connection, at.catalogue, newest.id, text, actor, at.now)
    except NotFound:
        raise
    except Refusal as refusal:
        return _again(run, enrolment, refusal, {"reply": text[:LONGEST]})
    return redirect(f"{run.address}/diary/{enrolment_id}?replied=yes", 303)


def _participant(connection: Connection, run: OwnRun, enrolment_id: int) -> Enrolment:
    """A student of the run; another's, and one without a seat, are as if they were not."""
    found = pairs(connection, *run.condition, tables.enrolment.c.id == enrolment_id, has_had_seat())
    if not found:
        raise NotFound
    return found[0][0]


def _again(run: OwnRun, enrolment: Enrolment, refusal: Refusal, values: Mapping[str, str]) -> Response:
    """The page with what was typed and what is wrong, after the transaction has been undone."""
    say = here().speech.say
    if isinstance(refusal, EntryRefused):
        errors = {CELL_OF.get(field, field): say(one) for field, one in refusal.fields}
    elif isinstance(refusal, CorrectionReasonMissing):
        errors = {"reason": say(refusal)}
    elif isinstance(refusal, CorrectionTextMissing) or (isinstance(refusal, OF_TEXT) and "reason" in values):
        errors = {"text": say(refusal)}
    elif isinstance(refusal, (ReplyEmpty, *OF_TEXT)):
        errors = {"reply": say(refusal)}
    else:
        errors = {"entry": say(refusal)}
    with service().database.read() as connection:
        return _page(connection, run, enrolment, refusal.status, values=values, errors=errors)


def _page(
    connection: Connection,
    run: OwnRun,
    enrolment: Enrolment,
    status: int = 200,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    at = here()
    every = versions(connection, [enrolment.id]).get(enrolment.id, ())
    stored = latest(connection, [enrolment.id], published=False).get(enrolment.id)
    names = names_of(connection, every)
    said = answers(connection, [one.id for one in every])
    columns = subject_columns(run, [enrolment])
    begin = _values(every[-1], [column.unit.subject_id for column in columns]) if every else {}
    return page(
        "offering/diary_entry.html",
        status,
        run=run,
        enrolment=enrolment,
        student=participant_of(enrolment, at.catalogue, at.language),
        number=enrolment.number(at.catalogue.network.time_zone),
        columns=columns,
        versions=[(shown(at.speech, one, names), said.get(one.id, ())) for one in reversed(every)],
        asked=_is_asked(said.get(every[-1].id, ())) if every else False,
        values={**begin, "reason": "", "text": "", "reply": "", **(values or {}), "seen": stored.stamp if stored else ""},
        reasons=[(key, at.speech.gettext(words), None) for key, words in CORRECTION_REASONS.items()],
        errors=errors or {},
        nav_current="offerings",
    )


def _values(newest: Completion, subjects: list[str]) -> dict[str, str]:
    """The correction form starts from what holds now; the day is asked anew."""
    entry = newest.entry()
    return {**{one: entry.grades.get(one, "") for one in subjects}, "mark": entry.mark, "missing": entry.missing, "on": ""}


def _is_asked(said: tuple[Answer, ...]) -> bool:
    """Whether there is something to reply to."""
    return any(one.kind == "queried" for one in said)
