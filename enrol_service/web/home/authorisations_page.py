"""/staff/school/authorisations: what a school lets commit by itself, how much of it is used and by what; giving one and ending one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from course_catalogue.model import SchoolId
from enrol_service.enrolment.authorisation import (
    FIELDS,
    LONGEST_TYPED,
    Authorisation,
    Terms,
    authorisations,
    authorise,
    end_authorisation,
    read_authorisation,
    read_terms,
)
from enrol_service.enrolment.enrolments import Commitment, Enrolment, pairs
from enrol_service.enrolment.words import course_title, school_name
from enrol_service.refusals.enrolling import FormRefused
from enrol_service.refusals.web import NotFound
from enrol_service.school.accounts import name_of
from enrol_service.school.acting import actor_for
from enrol_service.tables import commitment as commitment_table
from enrol_service.web.access import me, staff
from enrol_service.web.page import STAFF_PAGE, here, page, private, service
from theme.address import codes

pages = Blueprint("authorisations", __name__)

State = Literal["holds", "coming", "over", "ended"]
SAID = ("given", "ended")


@dataclass(frozen=True, slots=True)
class AuthorisationView:
    """One authorisation as pages show it."""

    authorisation: Authorisation
    school: str
    given_by: str
    state: State
    count: int  # commitments given under it, released ones too

    @property
    def percent(self) -> int:
        """How much of the budget is used, whole percent; all of a budget of nothing."""
        terms = self.authorisation.terms
        return self.authorisation.used_cents * 100 // terms.budget_cents if terms.budget_cents else 100


@dataclass(frozen=True, slots=True)
class CommittedView:
    """One commitment given under an authorisation. `name` is empty for those who do not see the school's students."""

    enrolment: Enrolment
    commitment: Commitment
    name: str
    course: str
    cents: int  # what it uses of the budget


@pages.get("/staff/school/authorisations")
@staff("see_school")
def show() -> ResponseReturnValue:
    private(STAFF_PAGE)
    schools = me().schools_for("see_school")
    with service().database.read() as connection:
        views = [_view(one) for one in authorisations(connection, schools)]
    groups = [(one, school_name(here().speech, one), [view for view in views if view.authorisation.school_id == one]) for one in schools]
    said = request.args.get("said", "")
    payers = me().schools_for("authorise")
    return page("home/authorisations.html", groups=groups, payers=payers, said=said if said in SAID else "", nav_current="school")


@pages.get("/staff/school/authorisations/new/<school_id>")
@staff("authorise")
def show_form(school_id: str) -> ResponseReturnValue:
    _my_school(school_id)
    return _form(school_id, {"from_on": here().today.isoformat()}, {})


@pages.post("/staff/school/authorisations/new/<school_id>")
@staff("authorise")
def give(school_id: str) -> ResponseReturnValue:
    """The first time the form comes, say what it means; give the authorisation when it comes again confirmed."""
    _my_school(school_id)
    at = here()
    typed = {name: request.form.get(name, "")[:LONGEST_TYPED] for name in FIELDS}
    try:
        terms = read_terms(typed, currency_now(), at.today)
    except FormRefused as refused:
        return _form(school_id, typed, {name: at.speech.say(one) for name, one in refused.fields}, refused.status)
    if request.form.get("again"):
        return _form(school_id, typed, {})
    if not request.form.get("confirmed"):
        return _confirm(school_id, typed, terms)
    with service().database.write() as connection:
        authorise(connection, school_id, terms, actor_for(connection, me(), "authorise", school_id, at.now), at.now)
    return redirect(f"{at.url.staff('school/authorisations')}?said=given", 303)


@pages.get("/staff/school/authorisations/<number:authorisation_id>")
@staff("see_school")
def show_one(authorisation_id: int) -> ResponseReturnValue:
    view = _mine(authorisation_id, "see_school")
    named = me().may("see_students", view.authorisation.school_id)
    with service().database.read() as connection:
        found = pairs(connection, commitment_table.c.authorisation_id == authorisation_id)
    committed = [_committed(enrolled, promised, named=named) for enrolled, promised in found]
    may_end = view.authorisation.ended_at is None and me().may("authorise", view.authorisation.school_id)
    return page("home/authorisation.html", view=view, committed=committed, named=named, may_end=may_end, nav_current="school")


@pages.get("/staff/school/authorisations/<number:authorisation_id>/end")
@staff("authorise")
def show_end(authorisation_id: int) -> ResponseReturnValue:
    return page("home/authorisation_end.html", view=_mine(authorisation_id, "authorise"), nav_current="school")


@pages.post("/staff/school/authorisations/<number:authorisation_id>/end")
@staff("authorise")
def end(authorisation_id: int) -> ResponseReturnValue:
    """End it. A second click finds it ended, and its page says since when."""
    view, at = _mine(authorisation_id, "authorise"), here()
    with service().database.write() as connection:
        actor = actor_for(connection, me(), "authorise", view.authorisation.school_id, at.now)
        ended = end_authorisation(connection, authorisation_id, actor, at.now)
    if not ended:
        return redirect(at.url.staff(f"school/authorisations/{authorisation_id}"), 303)
    return redirect(f"{at.url.staff('school/authorisations')}?said=ended", 303)


def _form(school_id: SchoolId, typed: Mapping[str, str], errors: Mapping[str, str], status: int = 200) -> Response:
    name = school_name(here().speech, school_id)
    return page("home/authorisation_new.html", status, school_id=school_id, school=name, typed=typed, errors=errors, nav_current="school")


def _confirm(school_id: SchoolId, typed: Mapping[str, str], terms: Terms) -> Response:
    name = school_name(here().speech, school_id)
    return page("home/authorisation_confirm.html", school_id=school_id, school=name, typed=typed, terms=terms, nav_current="school")


def _my_school(school_id: str) -> None:
    """Refuse with NotFound another school, which answers as one that does not exist."""
    private(STAFF_PAGE)
    if not me().may("authorise", school_id):
        raise NotFound


def _mine(authorisation_id: int, act: Literal["see_school", "authorise"]) -> AuthorisationView:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        found = read_authorisation(connection, authorisation_id)
    if found is None or not me().may(act, found.school_id):
        raise NotFound
    return _view(found)


def _view(found: Authorisation) -> AuthorisationView:
    with service().database.read() as connection:
        giver = name_of(connection, found.given_by_id) or ""
        count = len(pairs(connection, commitment_table.c.authorisation_id == found.id))
    return AuthorisationView(found, school_name(here().speech, found.school_id), giver, _state(found), count)


def _state(found: Authorisation) -> State:
    today = here().today
    if found.ended_at is not None:
        return "ended"
    if today > found.terms.until_on:
        return "over"
    return "holds" if today >= found.terms.from_on else "coming"


def _committed(enrolled: Enrolment, promised: Commitment, *, named: bool) -> CommittedView:
    speech = here().speech
    course = speech.catalogue.courses.get(enrolled.course_id)
    title = f"{codes(course) if course else ''} {course_title(speech, enrolled)}".strip()
    cents = promised.price_cents if promised.state == "given" else promised.charged_cents or 0
    return CommittedView(enrolled, promised, enrolled.name if named else "", title, cents)


def currency_now() -> str:
    """That of the agreement in force today; between two years, of the newest one."""
    at = here()
    found = [one for one in at.catalogue.agreements.values() if one.starts_on <= at.today <= one.ends_on]
    return (found or list(at.catalogue.agreements.values()))[-1].currency
