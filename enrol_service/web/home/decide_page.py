"""/decide/<token>: the home school decides from the link in its mail. Mail scanners open links, so GET only shows."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from enrol_service.links import open_link
from enrol_service.refusals.web import NotYours
from enrol_service.school.accounts import staff_of
from enrol_service.web.access import public, refuse_stated_foreign_origin
from enrol_service.web.home import decision
from enrol_service.web.home.decision import Decider
from enrol_service.web.page import BY_LINK_PAGE, here, private, service

pages = Blueprint("decide", __name__)

BY_LINK = "the link in the home school's mail is the right to decide this one request"


@pages.get("/decide/<token>")
@public(BY_LINK)
def show(token: str) -> ResponseReturnValue:
    return decision.show(_decider(token))


@pages.post("/decide/<token>/give")
@public(BY_LINK)
def give(token: str) -> ResponseReturnValue:
    refuse_stated_foreign_origin()
    return decision.act_give(_decider(token))


@pages.get("/decide/<token>/refuse")
@public(BY_LINK)
def show_reasons(token: str) -> ResponseReturnValue:
    return decision.show_reasons(_decider(token))


@pages.post("/decide/<token>/refuse")
@public(BY_LINK)
def refuse(token: str) -> ResponseReturnValue:
    refuse_stated_foreign_origin()
    return decision.act_refuse(_decider(token))


def _decider(token: str) -> Decider:
    """The person the link was sent to, if some school still names that address."""
    private(BY_LINK_PAGE)
    at = here()
    with service().database.read() as connection:
        link = open_link(connection, service().signer, "decide", token, at.now)
        person = staff_of(connection, at.catalogue, link.email, at.now)
    if person is None or link.enrolment_id is None:
        raise NotYours
    return Decider(person, link.enrolment_id, at.url.decide(token), may_see_list=False)
