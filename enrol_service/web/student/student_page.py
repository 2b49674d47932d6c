"""The student's own page, opened by the link in the mail: where things stand, who acts next and by when, and the way out."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from course_catalogue.leaving import outcome_prices
from enrol_service import tables
from enrol_service.completion.shown import grades_for_student
from enrol_service.enrolment.calendar_file import calendar_file
from enrol_service.enrolment.change import LONGEST_TEXT, Change, ask_change, changes, take_back
from enrol_service.enrolment.charge import promised_outcomes
from enrol_service.enrolment.enrolments import read_commitment, read_enrolment
from enrol_service.enrolment.free_text import free_text
from enrol_service.enrolment.offer import accept
from enrol_service.enrolment.waiting_list import MOVE_REASONS, moves_of
from enrol_service.enrolment.withdraw import withdraw
from enrol_service.events import THE_STUDENT, history
from enrol_service.links import open_link
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.change import ChangeAlreadyAsked, ChangeReasonMissing
from enrol_service.refusals.deciding import LeavingPriceChanged
from enrol_service.refusals.enrolling import IdentityCodeFound, TextTooLong, TextUnprintable
from enrol_service.refusals.web import NotFound
from enrol_service.web.access import public, refuse_stated_foreign_origin
from enrol_service.web.page import BY_LINK_PAGE, here, page, private, service
from enrol_service.web.student.enrolment_view import EnrolmentView, enrolment_view, run_view, typed_price
from enrol_service.web.student.progress import progress

pages = Blueprint("enrolment", __name__)

BY_LINK = "the link in the student's mail is the right to open it"
AT_THE_REASON = (ChangeReasonMissing, TextTooLong, TextUnprintable, IdentityCodeFound)


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A moved place in the queue as the student reads it."""

    at: str
    from_rank: int
    to_rank: int
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Late changes that have been asked for: the student's own newest one, and whether any, also the home school's, awaits its answer."""

    mine: Change | None
    is_open: bool


@pages.get("/enrolment/<token>")
@public(BY_LINK)
def show(token: str) -> ResponseReturnValue:
    at = here()
    with service().database.read() as connection:
        view = _view(connection, token)
        run = run_view(connection, view)
        steps = progress(view, run, history(connection, view.enrolment.id), at.speech, at.today)
        outcomes = outcome_prices(promised_outcomes(connection, view.commitment).items(), view.commitment.price_cents)
        asked = _asked(connection, view)
        moves = _moves(connection, view)
        completion = grades_for_student(connection, at.speech, view.enrolment.id)
    return page(
        "student/student.html",
        view=view,
        completion=completion,
        run=run,
        steps=steps,
        outcomes=outcomes,
        asked=asked,
        moves=moves,
        has_dates=_has_dates(view),
        token=token,
    )


@pages.post("/enrolment/<token>/accept")
@public(BY_LINK)
def take_offer(token: str) -> ResponseReturnValue:
    """Take the place that is offered. A second click changes nothing: the page says how things stand."""
    refuse_stated_foreign_origin()
    private(BY_LINK_PAGE)
    at = here()
    with service().database.write() as connection:
        link = open_link(connection, service().signer, "student", token, at.now)
        accept(connection, at.catalogue, link.enrolment_id or 0, THE_STUDENT, at.now)
    return redirect(at.url.enrolment(token), 303)


@pages.get("/enrolment/<token>/withdraw")
@public(BY_LINK)
def ask(token: str) -> ResponseReturnValue:
    return _leave_page(token)


@pages.post("/enrolment/<token>/withdraw")
@public(BY_LINK)
def leave(token: str) -> ResponseReturnValue:
    """Leave at the price that the page has shown; at another one it is shown again. A second click changes nothing."""
    refuse_stated_foreign_origin()
    private(BY_LINK_PAGE)
    at = here()
    try:
        with service().database.write() as connection:
            link = open_link(connection, service().signer, "student", token, at.now)
            withdraw(connection, at.catalogue, link.enrolment_id or 0, THE_STUDENT, at.now, price_shown=typed_price())
    except LeavingPriceChanged as refusal:
        return _leave_page(token, refusal)
    return redirect(at.url.enrolment(token), 303)


@pages.get("/enrolment/<token>/ask-to-leave")
@public(BY_LINK)
def ask_to_leave(token: str) -> ResponseReturnValue:
    return _ask_page(token)


@pages.post("/enrolment/<token>/ask-to-leave")
@public(BY_LINK)
def send_request(token: str) -> ResponseReturnValue:
    """Ask the offering school to let the student leave free of charge. A second click finds the request made, and is told so."""
    refuse_stated_foreign_origin()
    private(BY_LINK_PAGE)
    at = here()
    typed = request.form.get("reason", "")
    try:
        with service().database.write() as connection:
            link = open_link(connection, service().signer, "student", token, at.now)
            text = free_text(typed, LONGEST_TEXT)
            ask_change(connection, at.catalogue, link.enrolment_id or 0, "leave_free", text, THE_STUDENT, at.now)
    except AT_THE_REASON as refusal:
        return _ask_page(token, typed[:5000], refusal)
    except ChangeAlreadyAsked:
        pass  # the page shows the one that was made
    return redirect(at.url.enrolment(token), 303)


@pages.post("/enrolment/<token>/take-back")
@public(BY_LINK)
def take_request_back(token: str) -> ResponseReturnValue:
    """Withdraw the student's own open request; one that has been answered stays as it is."""
    refuse_stated_foreign_origin()
    private(BY_LINK_PAGE)
    at = here()
    with service().database.write() as connection:
        link = open_link(connection, service().signer, "student", token, at.now)
        mine = (tables.change.c.enrolment_id == (link.enrolment_id or 0)) & (tables.change.c.asked_by_kind == THE_STUDENT.kind)
        for change in changes(connection, mine, tables.change.c.state == "asked"):
            take_back(connection, change.id, THE_STUDENT, at.now)
    return redirect(at.url.enrolment(token), 303)


@pages.get("/enrolment/<token>/course.ics")
@public(BY_LINK)
def calendar(token: str) -> ResponseReturnValue:
    with service().database.read() as connection:
        view = _view(connection, token)
    if not _has_dates(view):
        raise NotFound
    body = calendar_file(here().speech, view.enrolment, view.commitment, view.starts_on, view.last_day, here().now)
    headers = {"Content-Disposition": 'attachment; filename="course.ics"'}
    return Response(body, content_type="text/calendar; charset=utf-8", headers=headers)


def _view(connection: Connection, token: str) -> EnrolmentView:
    private(BY_LINK_PAGE)
    link = open_link(connection, service().signer, "student", token, here().now)
    enrolment_id = link.enrolment_id or 0
    return enrolment_view(connection, (read_enrolment(connection, enrolment_id), read_commitment(connection, enrolment_id)))


def _has_dates(view: EnrolmentView) -> bool:
    """Whether there are dates for a calendar: those of the run, or of a non-stop one after first contact."""
    return view.can_leave and (view.starts_on is not None or view.enrolment.first_contact_on is not None)


def _asked(connection: Connection, view: EnrolmentView) -> Asked:
    every = changes(connection, tables.change.c.enrolment_id == view.enrolment.id)
    mine = next((one for one in reversed(every) if one.asked_by_kind == THE_STUDENT.kind), None)
    return Asked(mine, any(one.state == "asked" for one in every))


def _moves(connection: Connection, view: EnrolmentView) -> tuple[MoveLine, ...]:
    at = here()
    if view.enrolment.queue_number is None:
        return ()
    return tuple(
        MoveLine(at.speech.wording.moment(one.at, at.today), one.from_rank, one.to_rank, at.speech.gettext(MOVE_REASONS[one.reason_id]))
        for one in reversed(moves_of(connection, view.enrolment.id))
    )


def _leave_page(token: str, refusal: Refusal | None = None) -> Response:
    with service().database.read() as connection:
        view = _view(connection, token)
    changed = here().speech.say(refusal) if refusal else ""
    return page("student/withdraw.html", refusal.status if refusal else 200, view=view, token=token, changed=changed)


def _ask_page(token: str, typed: str = "", refusal: Refusal | None = None) -> Response:
    at = here()
    with service().database.read() as connection:
        view = _view(connection, token)
        is_open = _asked(connection, view).is_open
    errors = {"reason": at.speech.say(refusal)} if refusal else {}
    status = refusal.status if refusal else 200
    values = {"reason": typed}
    return page(
        "student/ask_to_leave.html", status, view=view, is_open=is_open, token=token, values=values, errors=errors, longest=LONGEST_TEXT
    )
