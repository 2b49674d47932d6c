"""A student who has lost the mail asks for the links again. The answer is the same whether the address is known or not."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request
from flask.typing import ResponseReturnValue

from enrol_service.enrolment.email_address import plain_address
from enrol_service.mail.notices import send_links_again
from enrol_service.refusals.enrolling import EmailIncomplete
from enrol_service.web.access import public, refuse_stated_foreign_origin
from enrol_service.web.page import here, page, service
from enrol_service.web.traffic import limit

pages = Blueprint("new_link", __name__)

TO_THE_ADDRESS = "the links go by mail to the address itself"


@pages.get("/enrolment/new-link")
@public(TO_THE_ADDRESS)
def ask() -> ResponseReturnValue:
    return page("student/new_link.html", values={}, errors={})


@pages.post("/enrolment/new-link")
@public(TO_THE_ADDRESS)
def send() -> ResponseReturnValue:
    refuse_stated_foreign_origin()
    limit(current_app.extensions["buckets"]["new_link"])
    at = here()
    typed = request.form.get("email", "")[:254]
    email = plain_address(typed)
    if email is None:
        return page(
            "student/new_link.html", EmailIncomplete.status, values={"email": typed}, errors={"email": at.speech.say(EmailIncomplete())}
        )
    with service().database.write() as connection:
        send_links_again(connection, email, at.now)
    return redirect(f"{at.url.prefix}/enrolment/new-link/sent", 303)


@pages.get("/enrolment/new-link/sent")
@public(TO_THE_ADDRESS)
def sent() -> ResponseReturnValue:
    return page("student/new_link_sent.html", development=service().settings.development)
