"""The student's own page, opened by the link in the mail: where things stand, who acts next and by when, and the way out."""

from __future__ import annotations

from flask import Blueprint, Response, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from enrol_service.enrolment.calendar_file import calendar_file
from enrol_service.enrolment.enrolments import read_commitment, read_enrolment
from enrol_service.enrolment.withdraw import withdraw
from enrol_service.events import THE_STUDENT
from enrol_service.links import open_link
from enrol_service.refusals.web import NotFound
from enrol_service.web.access import public
from enrol_service.web.page import BY_LINK_PAGE, here, page, private, service
from enrol_service.web.student.enrolment_view import EnrolmentView, enrolment_view
from enrol_service.web.student.progress import progress

pages = Blueprint("enrolment", __name__)

BY_LINK = "the link in the student's mail is the right to open it"


@pages.get("/enrolment/<token>")
@public(BY_LINK)
def show(token: str) -> ResponseReturnValue:
    with service().database.read() as connection:
        view = _view(connection, token)
    return page("student/student.html", view=view, steps=progress(view, here().speech, here().today), token=token)


@pages.get("/enrolment/<token>/withdraw")
@public(BY_LINK)
def ask(token: str) -> ResponseReturnValue:
    with service().database.read() as connection:
        view = _view(connection, token)
    return page("student/withdraw.html", view=view, token=token)


@pages.post("/enrolment/<token>/withdraw")
@public(BY_LINK)
def leave(token: str) -> ResponseReturnValue:
    """A second click changes nothing: the page says how things stand."""
    private(BY_LINK_PAGE)
    at = here()
    with service().database.write() as connection:
        link = open_link(connection, service().signer, "student", token, at.now)
        withdraw(connection, at.catalogue, link.enrolment_id or 0, THE_STUDENT, at.now)
    return redirect(at.url.enrolment(token), 303)


@pages.get("/enrolment/<token>/course.ics")
@public(BY_LINK)
def calendar(token: str) -> ResponseReturnValue:
    with service().database.read() as connection:
        view = _view(connection, token)
    if view.starts_on is None:
        raise NotFound
    body = calendar_file(here().speech, view.enrolment, view.commitment, view.starts_on, view.ends_on, here().now)
    headers = {"Content-Disposition": 'attachment; filename="course.ics"'}
    return Response(body, content_type="text/calendar; charset=utf-8", headers=headers)


def _view(connection: Connection, token: str) -> EnrolmentView:
    private(BY_LINK_PAGE)
    link = open_link(connection, service().signer, "student", token, here().now)
    enrolment_id = link.enrolment_id or 0
    return enrolment_view(connection, (read_enrolment(connection, enrolment_id), read_commitment(connection, enrolment_id)))
