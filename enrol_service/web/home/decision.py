"""A home school's decision, by link or signed in: GET shows, POST acts, and a second answer changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from course_catalogue.leaving import outcome_prices
from enrol_service.enrolment.charge import promised_outcomes
from enrol_service.enrolment.decide import give, refuse
from enrol_service.enrolment.enrolments import Commitment, Enrolment, read_commitment, read_enrolment
from enrol_service.enrolment.promised import promised_reasons
from enrol_service.enrolment.recheck import changes_since, digest_of, is_gone, refuse_changed, refuse_gone
from enrol_service.events import Actor
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.deciding import ReasonMissing
from enrol_service.refusals.recheck import RunChanged, RunGone
from enrol_service.refusals.web import NotYours
from enrol_service.school.accounts import Staff
from enrol_service.school.acting import actor_for
from enrol_service.web.page import here, page, service
from enrol_service.web.student.enrolment_view import enrolment_view, run_view


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
    """Approve what the page has shown. When the course is another by now, the same page says so and nothing is done."""
    at = here()
    try:
        with service().database.write() as connection:
            actor = _actor(connection, decider)
            _recheck(connection, decider)
            refuse_gone(at.catalogue, *_pair(connection, decider))
            answer = give(connection, at.catalogue, decider.enrolment_id, actor, at.now)
    except (RunChanged, RunGone) as refusal:
        return _page("home/decision.html", decider, refusal=refusal)
    # An answer that came second leads to the request, which says who decided and when; the list praises the one that counted.
    if answer.changed and decider.may_see_list and request.form.get("list") == "yes":
        return redirect(f"{at.url.staff('requests')}?approved={decider.enrolment_id}", 303)
    return redirect(decider.address, 303)


def act_refuse(decider: Decider) -> ResponseReturnValue:
    """Refuse what the page has shown, for one of the reasons."""
    at = here()
    try:
        with service().database.write() as connection:
            actor = _actor(connection, decider)
            _recheck(connection, decider)
            refuse(connection, at.catalogue, decider.enrolment_id, request.form.get("reason", ""), actor, at.now)
    except ReasonMissing as missing:
        return _page("home/decision_refuse.html", decider, refusal=missing, errors={"reason": at.speech.say(missing)})
    except RunChanged as refusal:
        return _page("home/decision.html", decider, refusal=refusal)
    return redirect(decider.address, 303)


def _actor(connection: Connection, decider: Decider) -> Actor:
    """The person as events know them. Refuses with NotYours when the enrolment is not of a school for which the person answers."""
    school_id = read_enrolment(connection, decider.enrolment_id).home_school_id
    return actor_for(connection, decider.person, "decide", school_id, here().now)


def _pair(connection: Connection, decider: Decider) -> tuple[Enrolment, Commitment]:
    return read_enrolment(connection, decider.enrolment_id), read_commitment(connection, decider.enrolment_id)


def _recheck(connection: Connection, decider: Decider) -> None:
    at = here()
    refuse_changed(connection, at.catalogue, *_pair(connection, decider), at.speech, request.form.get("shown", ""))


def _page(template: str, decider: Decider, *, refusal: Refusal | None = None, errors: dict[str, str] | None = None) -> Response:
    at = here()
    with service().database.read() as connection:
        pair = _pair(connection, decider)
        if not decider.person.may("decide", pair[0].home_school_id):
            raise NotYours
        view = enrolment_view(connection, pair)
        run = run_view(connection, view)
        outcomes = outcome_prices(promised_outcomes(connection, pair[1]).items(), pair[1].price_cents)
        reasons = promised_reasons(connection, at.catalogue, pair[1])
        changes = changes_since(connection, at.catalogue, *pair, at.speech) if view.awaits_answer else ()
    return page(
        template,
        refusal.status if refusal else 200,
        view=view,
        decider=decider,
        run=run,
        outcomes=outcomes,
        changes=changes,
        shown=digest_of(changes),
        gone=is_gone(at.catalogue, view.enrolment),
        reasons=reasons,
        refused=at.speech.say(refusal) if refusal and not errors else "",
        errors=errors or {},
    )
