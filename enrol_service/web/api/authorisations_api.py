"""Standing authorisations: what a payer lets commit by itself, how much of it is used and left; giving one and ending one."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from enrol_service.enrolment.authorisation import (
    LARGEST_BUDGET,
    MOST_COURSES,
    Authorisation,
    authorisations,
    authorise,
    end_authorisation,
    read_authorisation,
    read_terms,
)
from enrol_service.refusals.enrolling import FormRefused
from enrol_service.refusals.web import NotFound
from enrol_service.web.api.operation import Call, Given, Told, operation
from enrol_service.web.home.authorisations_page import currency_now
from enrol_service.web.page import here


class AuthorisationTold(Told):
    """`used_cents`: promised or charged under it so far."""

    id: int
    budget_cents: int
    used_cents: int
    left_cents: int
    currency: str
    per_student: int
    from_on: date
    until_on: date
    given_at: datetime
    ended_at: datetime | None


class Authorisations(Told):
    authorisations: list[AuthorisationTold]


class AuthorisationDone(Told):
    """`changed`: this call did it. False: it had ended before."""

    changed: bool
    authorisation: AuthorisationTold


class Terms(Given):
    """`per_student`: courses of one student at most; `until_on`: the last day."""

    budget_cents: int = Field(ge=0, le=LARGEST_BUDGET)
    per_student: int = Field(ge=1, le=MOST_COURSES)
    from_on: date
    until_on: date


@operation("GET", "/authorisations", "see_school", "Standing authorisations of the school, oldest first", answer=Authorisations)
def listed(call: Call) -> Authorisations:
    return Authorisations(authorisations=[_told(one) for one in authorisations(call.connection, [call.school_id])])


@operation(
    "POST",
    "/authorisations",
    "authorise",
    "Let requests within a budget commit by themselves; the same terms once more are the same one",
    body=Terms,
    answer=AuthorisationTold,
    refusals=(FormRefused,),
)
def given(call: Call, body: Terms) -> AuthorisationTold:
    typed = {"budget": f"{body.budget_cents // 100}.{body.budget_cents % 100:02}", "per_student": str(body.per_student)}
    days = {"from_on": body.from_on.isoformat(), "until_on": body.until_on.isoformat()}
    terms = read_terms({**typed, **days}, currency_now(), here().today)
    return _told(_own(call, authorise(call.connection, call.school_id, terms, call.actor(), here().now)))


@operation(
    "POST", "/authorisations/{authorisation_id:number}/end", "authorise", "End one; what was committed stays", answer=AuthorisationDone
)
def ended(call: Call, authorisation_id: int) -> AuthorisationDone:
    _own(call, authorisation_id)
    changed = end_authorisation(call.connection, authorisation_id, call.actor(), here().now)
    return AuthorisationDone(changed=changed, authorisation=_told(_own(call, authorisation_id)))


def _own(call: Call, authorisation_id: int) -> Authorisation:
    found = read_authorisation(call.connection, authorisation_id)
    if found is None or found.school_id != call.school_id:
        raise NotFound
    return found


def _told(one: Authorisation) -> AuthorisationTold:
    return AuthorisationTold(
        id=one.id,
        budget_cents=one.terms.budget_cents,
        used_cents=one.used_cents,
        left_cents=one.left_cents,
        currency=one.terms.currency,
        per_student=one.terms.per_student,
        from_on=one.terms.from_on,
        until_on=one.terms.until_on,
        given_at=one.given_at,
        ended_at=one.ended_at,
    )
