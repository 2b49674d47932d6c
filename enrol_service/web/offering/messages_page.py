"""Messages to the participants of a run: what has been sent, and a new one: written, looked at, sent. Nothing is sent by looking."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from course_catalogue.model import SchoolId
from enrol_service import tables
from enrol_service.enrolment.enrolments import pairs
from enrol_service.enrolment.participant import participant_of
from enrol_service.mail.message import BODY_MOST, ON_THE_COURSE, SUBJECT_MOST, WRITTEN_TO, read_message, send_message, sent_messages
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.run import ChosenOrAll, MessageRefused, NobodyChosen, ReceiversMissing
from enrol_service.school.acting import actor_for
from enrol_service.state_words import STATE_WORDS
from enrol_service.web.access import me, staff
from enrol_service.web.offering.own_run import OwnRun, own_run
from enrol_service.web.page import STAFF_PAGE, here, page, private, service
from enrol_service.web.table import sort_key

pages = Blueprint("messages", __name__)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who may be written to. `on_the_course`: a message to everybody reaches them."""

    id: int
    name: str
    more: str  # the state in words
    on_the_course: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as typed. `whom`: all, chosen, or empty: not said."""

    subject: str
    body: str
    whom: str
    students: frozenset[int]

    def receivers(self, people: tuple[Receiver, ...]) -> tuple[Receiver, ...]:
        if self.whom == "all":
            return tuple(one for one in people if one.on_the_course)
        return tuple(one for one in people if one.id in self.students and self.whom == "chosen")

    def judge_receivers(self, people: tuple[Receiver, ...]) -> Refusal | None:
        """What is wrong with whom it goes to. A private word never goes to the whole course by a button left where it was."""
        if not self.whom:
            return ReceiversMissing()
        if self.whom == "all" and self.students:
            return ChosenOrAll()
        return None if self.receivers(people) else NobodyChosen()


@pages.get("/staff/offerings/<school_id>/<course_name>/<offering_id>/messages")
@staff("see_offerings")
def show(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        run = own_run(connection, "see_offerings", school_id, course_name, offering_id)
        sent = sent_messages(connection, run.course_id, run.offering_id)
        people = _people(connection, run)
    just_sent = next((one for one in sent if str(one.id) == request.args.get("sent")), None)
    return page("offering/messages.html", run=run, sent=sent, just_sent=just_sent, people=people, nav_current="offerings")


@pages.get("/staff/offerings/<school_id>/<course_name>/<offering_id>/messages/new")
@staff("write_messages")
def write(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        run = own_run(connection, "write_messages", school_id, course_name, offering_id)
        if run.is_off:
            return redirect(run.address, 303)
        return _form(connection, run, Draft("", "", "", frozenset()))


@pages.post("/staff/offerings/<school_id>/<course_name>/<offering_id>/messages/new")
@staff("write_messages")
def look_or_send(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    """Show the message as it will be sent, go back to it, or send it: by the button that was pressed."""
    private(STAFF_PAGE)
    at, draft, pressed = here(), _typed(), request.form.get("do", "look")
    with service().database.write() as connection:
        run = own_run(connection, "write_messages", school_id, course_name, offering_id)
        if run.is_off:
            return redirect(run.address, 303)
        people = _people(connection, run)
        receivers, wrong = draft.receivers(people), draft.judge_receivers(people)
        try:
            subject, body = read_message(draft.subject, draft.body)
        except MessageRefused as refused:
            return _form(connection, run, draft, (*refused.fields, ("whom", wrong)) if wrong else refused.fields)
        if wrong:
            return _form(connection, run, draft, (("whom", wrong),))
        if pressed == "change":
            return _form(connection, run, draft)
        if pressed != "send":
            seen = Draft(subject, body, draft.whom, draft.students)
            return page("offering/message_preview.html", run=run, draft=seen, receivers=receivers, nav_current="offerings")
        actor = actor_for(connection, me(), "write_messages", school_id, at.now)
        to = [one.id for one in receivers]
        sent = send_message(connection, at.catalogue, run.course_id, run.offering_id, subject, body, to, actor, at.now)
    return redirect(f"{run.address}/messages?sent={sent}", 303)


def _typed() -> Draft:
    numbers = frozenset(int(one) for one in request.form.getlist("student") if one.isascii() and one.isdecimal() and len(one) < 10)
    whom = next((one for one in ("chosen", "all") if request.form.get("whom") == one), "")
    return Draft(request.form.get("subject", "")[: SUBJECT_MOST + 1000], request.form.get("body", "")[: BODY_MOST + 5000], whom, numbers)


def _people(connection: Connection, run: OwnRun) -> tuple[Receiver, ...]:
    """Whom one may write to, by name."""
    at = here()
    found = [
        Receiver(
            one.id,
            participant_of(one, at.catalogue, at.language).name,
            at.speech.gettext(STATE_WORDS[one.state]),
            one.state in ON_THE_COURSE,
        )
        for one, _ in pairs(connection, *run.condition, tables.enrolment.c.state.in_(WRITTEN_TO))
    ]
    return tuple(sorted(found, key=lambda one: sort_key(one.name)))


def _form(connection: Connection, run: OwnRun, draft: Draft, refused: tuple[tuple[str, Refusal], ...] = ()) -> Response:
    say = here().speech.say
    return page(
        "offering/message_new.html",
        refused[0][1].status if refused else 200,
        run=run,
        draft=draft,
        people=_people(connection, run),
        most={"subject": SUBJECT_MOST, "body": BODY_MOST},
        errors={name: say(refusal) for name, refusal in refused},
        nav_current="offerings",
    )
