"""Signing in by a one-time link in a mail. The answer and the work are the same whether the address is known or not."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from enrol_service.enrolment.email_address import plain_address
from enrol_service.links import Link, open_link
from enrol_service.mail.notices import send_sign_in
from enrol_service.refusals.enrolling import EmailIncomplete
from enrol_service.refusals.openid import LinkElsewhere, NoRights
from enrol_service.refusals.web import LinkUsed
from enrol_service.school.accounts import staff_of
from enrol_service.school.identity import prove
from enrol_service.tables import link as link_table
from enrol_service.web import session
from enrol_service.web.access import public, refuse_foreign_origin, refuse_stated_foreign_origin
from enrol_service.web.page import BY_LINK_PAGE, STAFF_PAGE, here, page, private, service
from enrol_service.web.person.openid_page import forget_waiting, is_waiting_here, label_of, providers
from enrol_service.web.person.wanted import wanted_or_home
from enrol_service.web.traffic import limit

pages = Blueprint("sign_in", __name__)

BEFORE = "whoever signs in has not signed in yet"


@pages.get("/staff/sign-in")
@public(BEFORE)
def ask() -> ResponseReturnValue:
    private(STAFF_PAGE)
    return _ask_page({}, {})


@pages.post("/staff/sign-in")
@public(BEFORE)
def send() -> ResponseReturnValue:
    private(STAFF_PAGE)
    refuse_stated_foreign_origin()
    limit(current_app.extensions["buckets"]["sign_in"])
    at = here()
    typed = request.form.get("email", "")[:254]
    email = plain_address(typed)
    if email is None:
        return _ask_page({"email": typed}, {"email": at.speech.say(EmailIncomplete())})
    with service().database.write() as connection:
        person = staff_of(connection, at.catalogue, email, at.now)
        if person is not None:
            send_sign_in(connection, person, at.now)
    return redirect(at.url.staff("sign-in/sent"), 303)


@pages.get("/staff/sign-in/sent")
@public(BEFORE)
def sent() -> ResponseReturnValue:
    private(STAFF_PAGE)
    return page("person/sign_in_sent.html", development=service().settings.development, nav_current="staff")


@pages.get("/staff/sign-in/<token>")
@public("the link in the mail is the right to sign in; a look uses nothing up")
def show(token: str) -> ResponseReturnValue:
    private(BY_LINK_PAGE)
    with service().database.read() as connection:
        link = _unused(connection, token)
    if link.identity_id is not None and not is_waiting_here(link.identity_id):
        raise LinkElsewhere
    return page("person/sign_in_here.html", email=link.email, token=token, joins=link.identity_id is not None)


@pages.post("/staff/sign-in/<token>")
@public("the link in the mail is the right to sign in, once")
def enter(token: str) -> ResponseReturnValue:
    """Sign in; a link that joins a sign-in elsewhere to the address does that too, in the browser where it was asked for."""
    private(BY_LINK_PAGE)
    refuse_stated_foreign_origin()  # another site must not sign a reader in as somebody else
    at = here()
    with service().database.write() as connection:
        link = _unused(connection, token)
        if staff_of(connection, at.catalogue, link.email, at.now) is None:
            raise NoRights
        if link.identity_id is not None:
            if not is_waiting_here(link.identity_id):
                raise LinkElsewhere
            prove(connection, link.identity_id, link.email, at.now)
        connection.execute(link_table.update().where(link_table.c.id == link.id).values(used_at=at.now))
    response = wanted_or_home()
    if link.identity_id is not None:
        forget_waiting(response)
    session.sign_in(service(), request, link.email, response)
    return response


@pages.post("/staff/sign-out")
@public("ending one's own session needs no right; another site cannot send it")
def leave() -> ResponseReturnValue:
    refuse_foreign_origin()
    response = Response(status=303, headers={"Location": here().url.home()})
    session.sign_out(service(), request, response)
    return response


def _unused(connection: Connection, token: str) -> Link:
    link = open_link(connection, service().signer, "sign_in", token, here().now)
    if link.used_at is not None:
        raise LinkUsed
    return link


def _ask_page(values: dict[str, str], errors: dict[str, str]) -> Response:
    others = [(client.provider.id, label_of(client, here().language)) for client in providers()]
    status = EmailIncomplete.status if errors else 200
    return page("person/sign_in.html", status, values=values, errors=errors, others=others, nav_current="staff")
