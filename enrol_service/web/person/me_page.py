"""One's own page: roles, deputies, where one is signed in, sign-ins with other services, the language of mails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from course_catalogue.model import SchoolId
from enrol_service.mail.people_mail import school_or_network
from enrol_service.permissions import ACTS
from enrol_service.refusals.enrolling import FormRefused
from enrol_service.refusals.people import DeputyAlready, LanguageMissing
from enrol_service.refusals.web import NotFound
from enrol_service.school import people
from enrol_service.school.accounts import choose_language, own_membership
from enrol_service.school.acting import actor_for
from enrol_service.school.identity import Identity, identities_of, unlink
from enrol_service.school.role import Role
from enrol_service.school.role_words import said_roles
from enrol_service.school.roster import Deputy, deputies
from enrol_service.tables import deputy as deputy_table
from enrol_service.web import session
from enrol_service.web.access import me, staff
from enrol_service.web.page import STAFF_PAGE, here, page, private, service
from enrol_service.web.person.openid_page import label_of, providers
from enrol_service.web.school.deputy_form import deputy_values, read_days

pages = Blueprint("me", __name__)

SAID = ("deputy-named", "deputy-ended", "unlinked", "language")


@dataclass(frozen=True, slots=True)
class MySchool:
    """A school, or the network, with the reader's roles; `own`: not those of a deputy, so that a deputy can be named for them."""

    id: SchoolId
    name: str
    roles: frozenset[Role]
    own: bool
    names_deputies: bool


@dataclass(frozen=True, slots=True)
class MySignIn:
    id: int
    label: str
    proved_at: datetime | None
    used_at: datetime | None


@pages.get("/staff/me")
@staff(*ACTS)
def show() -> ResponseReturnValue:
    private(STAFF_PAGE)
    at, person = here(), me()
    mine = deputy_table.c.email == person.email
    with service().database.read() as connection:
        schools = [
            _my_school(one.school_id, own_membership(connection, at.catalogue, person.email, one.school_id) is not None)
            for one in person.memberships
        ]
        named: tuple[Deputy, ...] = deputies(connection, at.catalogue, at.today, mine)
        for_others = deputies(connection, at.catalogue, at.today, deputy_table.c.deputy_email == person.email)
        linked = [_my_sign_in(one) for one in identities_of(connection, person.email)]
    said = request.args.get("said", "")
    return page(
        "person/me.html",
        schools=schools,
        deputies=named,
        for_others=for_others,
        linked=linked,
        sessions=session.sessions_of(service(), request, person.email),
        others=[(client.provider.id, label_of(client, at.language)) for client in providers()],
        role_list=partial(said_roles, at.speech),
        said=said if said in SAID else "",
        nav_current="me",
    )


@pages.get("/staff/me/deputy/<school_id>")
@staff("see_school")
def show_deputy(school_id: str) -> ResponseReturnValue:
    return _deputy_page(school_id, {"from_on": here().today.isoformat(), "language": me().language}, {})


@pages.post("/staff/me/deputy/<school_id>")
@staff("see_school")
def name_deputy(school_id: str) -> ResponseReturnValue:
    at, typed = here(), deputy_values(request.form)
    _refuse_foreign(school_id)
    who, name, language = (typed[one] for one in ("deputy_email", "deputy_name", "language"))
    try:
        first, last = read_days(typed)
        with service().database.write() as connection:
            actor = actor_for(connection, me(), "see_school", school_id, at.now)
            people.name_deputy(connection, at.catalogue, school_id, me().email, who, name, language, first, last, actor, at.now)
    except FormRefused as refused:
        return _deputy_page(school_id, typed, {field: at.speech.say(refusal) for field, refusal in refused.fields})
    except DeputyAlready as already:
        return _deputy_page(school_id, typed, {"deputy_email": at.speech.say(already)})
    return redirect(f"{at.url.staff('me')}?said=deputy-named", 303)


@pages.post("/staff/me/end-deputy")
@staff("see_school")
def end_deputy() -> ResponseReturnValue:
    """A deputy of one's own, or one's own days as somebody's deputy."""
    private(STAFF_PAGE)
    at, number = here(), _number("deputy")
    with service().database.write() as connection:
        theirs = (deputy_table.c.email == me().email) | (deputy_table.c.deputy_email == me().email)
        row = connection.execute(deputy_table.select().where(deputy_table.c.id == number, theirs)).first()
        if row is None or not me().may("see_school", row.school_id):
            raise NotFound
        people.end_deputy(connection, number, actor_for(connection, me(), "see_school", row.school_id, at.now), at.now)
    return redirect(f"{at.url.staff('me')}?said=deputy-ended", 303)


@pages.post("/staff/me/sign-out-everywhere")
@staff(*ACTS)
def sign_out_everywhere() -> ResponseReturnValue:
    private(STAFF_PAGE)
    response = Response(status=303, headers={"Location": here().url.home()})
    session.sign_out_everywhere(service(), me().email, response)
    return response


@pages.post("/staff/me/unlink")
@staff(*ACTS)
def forget_sign_in() -> ResponseReturnValue:
    """A second click finds nothing to unlink, and says the same."""
    private(STAFF_PAGE)
    with service().database.write() as connection:
        unlink(connection, _number("identity"), me().email, here().now)
    return redirect(f"{here().url.staff('me')}?said=unlinked", 303)


@pages.post("/staff/me/language")
@staff(*ACTS)
def set_language() -> ResponseReturnValue:
    private(STAFF_PAGE)
    at, language = here(), request.form.get("language", "")
    if language not in at.catalogue.network.languages:
        raise LanguageMissing
    with service().database.write() as connection:
        choose_language(connection, me(), language, at.now)
    return redirect(f"{at.url.staff('me')}?said=language", 303)


def _number(field: str) -> int:
    text = request.form.get(field, "")
    if not text.isdecimal() or len(text) > 9:
        raise NotFound
    return int(text)


def _my_school(school_id: SchoolId, own: bool) -> MySchool:
    names = own and me().may("see_school", school_id)
    return MySchool(school_id, school_or_network(here().speech, school_id), me().roles_in(school_id), own, names)


def _my_sign_in(one: Identity) -> MySignIn:
    """By the label of the provider that is configured for its issuer; else by the issuer's host."""
    label = next((label_of(client, here().language) for client in providers() if client.may_answer_as(one.issuer)), "")
    return MySignIn(one.id, label or urlsplit(one.issuer).hostname or one.issuer, one.proved_at, one.used_at)


def _refuse_foreign(school_id: SchoolId) -> None:
    """Only roles of one's own can be lent; another school and one that does not exist give the same answer."""
    private(STAFF_PAGE)
    with service().database.read() as connection:
        if not me().may("see_school", school_id) or own_membership(connection, here().catalogue, me().email, school_id) is None:
            raise NotFound


def _deputy_page(school_id: SchoolId, values: dict[str, str], errors: dict[str, str]) -> Response:
    _refuse_foreign(school_id)
    speech = here().speech
    return page(
        "person/deputy.html",
        FormRefused.status if errors else 200,
        school_id=school_id,
        school_name=school_or_network(speech, school_id),
        roles=said_roles(speech, me().roles_in(school_id)),
        values=values,
        errors=errors,
        nav_current="me",
    )
