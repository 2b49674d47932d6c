"""A home school's decision, by link or signed in: GET shows, POST acts, and a second answer changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from enrol_service.enrolment.decide import give, refuse
from enrol_service.enrolment.enrolments import read_commitment, read_enrolment
from enrol_service.events import Actor
from enrol_service.refusals.deciding import ReasonMissing
from enrol_service.refusals.web import NotYours
from enrol_service.school.accounts import Staff
from enrol_service.school.acting import actor_for
from enrol_service.web.page import here, page, service
from enrol_service.web.student.enrolment_view import enrolment_view, refusal_reasons


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides about which enrolment, and where the pages of this decision are."""

    person: Staff
    enrolment_id: int
    address: str  # of the page that shows the request; /give and /refuse are below it
    may_see_list: bool


def show(decider: Decider) -> Response:
    """Who, what, price, deadline and rules; the buttons when there is still something to decide."""
    return _page("home/decision.html", decider)


def show_reasons(decider: Decider) -> Response:
    """The closed list of reasons."""
    return _page("home/decision_refuse.html", decider)


def act_give(decider: Decider) -> ResponseReturnValue:
    at = here()
    with service().database.write() as connection:
        answer = give(connection, at.catalogue, decider.enrolment_id, _actor(connection, decider), at.now)
    # An answer that came second leads to the request, which says who decided and when; the list praises the one that counted.
    if answer.changed and decider.may_see_list and request.form.get("list") == "yes":
        return redirect(f"{at.url.staff('requests')}?approved={decider.enrolment_id}", 303)
    return redirect(decider.address, 303)


def act_refuse(decider: Decider) -> ResponseReturnValue:
    at = here()
    try:
        with service().database.write() as connection:
            actor = _actor(connection, decider)
            refuse(connection, at.catalogue, decider.enrolment_id, request.form.get("reason", ""), actor, at.now)
    except ReasonMissing as missing:
        return _page("home/decision_refuse.html", decider, ReasonMissing.status, errors={"reason": at.speech.say(missing)})
    return redirect(decider.address, 303)


def _actor(connection: Connection, decider: Decider) -> Actor:
    """The person as events know them. Refuses with NotYours when the enrolment is not of a school for which the person answers."""
    school_id = read_enrolment(connection, decider.enrolment_id).home_school_id
    return actor_for(connection, decider.person, "decide", school_id, here().now)


def _page(template: str, decider: Decider, status: int = 200, errors: dict[str, str] | None = None) -> Response:
    with service().database.read() as connection:
        pair = (read_enrolment(connection, decider.enrolment_id), read_commitment(connection, decider.enrolment_id))
        if not decider.person.may("decide", pair[0].home_school_id):
            raise NotYours
        view = enrolment_view(connection, pair)
    return page(template, status, view=view, decider=decider, reasons=refusal_reasons(view.commitment), errors=errors or {})
