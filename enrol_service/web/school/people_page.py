"""A school's people: who may do what and why, inviting, changing roles, removing, deputies, and the journal of all that."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from course_catalogue.model import SchoolId
from enrol_service.events import Actor
from enrol_service.mail.people_mail import school_or_network
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.enrolling import FormRefused
from enrol_service.refusals.people import DeciderByDecider, DeputyAlready, LastKeeper, LastPayer, PayerByPayer, RolesMissing
from enrol_service.refusals.web import NotFound
from enrol_service.school import people
from enrol_service.school.accounts import NETWORK, addresses_of
from enrol_service.school.acting import actor_for
from enrol_service.school.acts import latest_acts
from enrol_service.school.role import Role
from enrol_service.school.role_words import said_roles
from enrol_service.school.roster import Deputy, Person, deputies, person_of, roster
from enrol_service.tables import deputy as deputy_table
from enrol_service.web.access import me, staff
from enrol_service.web.page import STAFF_PAGE, here, page, private, service
from enrol_service.web.school.act_words import said_act
from enrol_service.web.school.deputy_form import TYPED, deputy_values, read_days
from enrol_service.web.school.role_choice import role_choices, role_words, roles_chosen, roles_of

pages = Blueprint("school_people", __name__)

LATEST = 20  # acts shown
SAID = ("invited", "on-its-way", "saved", "removed", "deputy-named", "deputy-ended")


@dataclass(frozen=True, slots=True)
class PersonRow:
    person: Person
    key: str  # stands for the person in addresses
    can_return: bool  # the reader may give the roles


@dataclass(frozen=True, slots=True)
class SchoolView:
    """A school, or the network, as its people see it; `keeps`: the reader may change things."""

    id: SchoolId
    name: str
    keeps: bool
    authorises: bool  # there are standing authorisations, and the reader sees them
    has_keys: bool  # to the API, which the reader may make
    people: tuple[PersonRow, ...]
    removed: tuple[PersonRow, ...]
    deputies: tuple[Deputy, ...]
    acts: tuple[tuple[datetime, str], ...]  # when, and what as a sentence


@pages.get("/staff/school")
@staff("see_school", "manage_network")
def show() -> ResponseReturnValue:
    """The reader's own schools; for the network's coordinator, the one that the address names, or the network itself."""
    private(STAFF_PAGE)
    mine, asked = me().schools_for("see_school"), request.args.get("school", "")
    if asked and asked not in mine:
        _my_school(asked)
    shown = (asked,) if asked else mine or (NETWORK,)
    with service().database.read() as connection:
        schools = [_school_view(connection, school_id) for school_id in shown]
    said = request.args.get("said", "")
    return page(
        "school/people.html",
        schools=schools,
        said=said if said in SAID else "",
        as_network=asked not in mine if asked else not mine,
        role_words=role_words(shown[0]),
        role_list=partial(said_roles, here().speech),
        nav_current="school" if mine and asked in ("", *mine) else "network",
    )


@pages.get("/staff/school/<school_id>/invite")
@staff("manage_people", "manage_network")
def show_invite(school_id: str) -> ResponseReturnValue:
    _my_school(school_id)
    school = here().catalogue.schools.get(school_id)
    return _invite_page(school_id, {"language": school.language if school else here().catalogue.network.languages[0]}, {})


@pages.post("/staff/school/<school_id>/invite")
@staff("manage_people", "manage_network")
def invite(school_id: str) -> ResponseReturnValue:
    _my_school(school_id)
    at, roles = here(), roles_chosen(school_id, request.form)
    typed = {name: request.form.get(name, "")[:1000] for name in ("email", "name", "language")}
    try:
        with service().database.write() as connection:
            actor = _actor(connection, school_id)
            email, name, language = typed.values()
            sent = people.invite(connection, at.catalogue, school_id, email, name, language, roles, actor, at.now)
    except FormRefused as refused:
        return _invite_page(school_id, typed, dict(refused.fields), chosen=roles)
    except (PayerByPayer, DeciderByDecider) as refused:
        return _invite_page(school_id, typed, {"roles": refused}, chosen=roles)
    return _back(school_id, "invited" if sent else "on-its-way")


@pages.get("/staff/school/<school_id>/people/<key>")
@staff("manage_people", "manage_network")
def show_person(school_id: str, key: str) -> ResponseReturnValue:
    return _person_page(school_id, _person(school_id, key))


@pages.post("/staff/school/<school_id>/people/<key>/roles")
@staff("manage_people", "manage_network")
def set_roles(school_id: str, key: str) -> ResponseReturnValue:
    person, at = _person(school_id, key), here()
    chosen = roles_chosen(school_id, request.form)
    try:
        with service().database.write() as connection:
            people.set_roles(connection, at.catalogue, school_id, person.email, chosen, _actor(connection, school_id), at.now)
    except (RolesMissing, PayerByPayer, DeciderByDecider, LastKeeper, LastPayer) as refused:
        return _person_page(school_id, person, refused, chosen=chosen)
    return _back(school_id, "saved")


@pages.post("/staff/school/<school_id>/people/<key>/invite")
@staff("manage_people", "manage_network")
def invite_again(school_id: str, key: str) -> ResponseReturnValue:
    """Send the mail again; somebody who was removed gets the content's roles back with it."""
    person, at = _person(school_id, key), here()
    with service().database.write() as connection:
        roles, actor = person.roles, _actor(connection, school_id)
        sent = people.invite(connection, at.catalogue, school_id, person.email, person.name, person.language, roles, actor, at.now)
    return _back(school_id, "invited" if sent else "on-its-way")


@pages.get("/staff/school/<school_id>/people/<key>/remove")
@staff("manage_people", "manage_network")
def show_remove(school_id: str, key: str) -> ResponseReturnValue:
    person = _person(school_id, key)
    return _page("school/remove.html", school_id, person=person, key=key)


@pages.post("/staff/school/<school_id>/people/<key>/remove")
@staff("manage_people", "manage_network")
def remove(school_id: str, key: str) -> ResponseReturnValue:
    person, at = _person(school_id, key), here()
    with service().database.write() as connection:
        people.remove(connection, at.catalogue, school_id, person.email, _actor(connection, school_id), at.now)
    return _back(school_id, "removed")


@pages.get("/staff/school/<school_id>/people/<key>/deputy")
@staff("manage_people", "manage_network")
def show_deputy(school_id: str, key: str) -> ResponseReturnValue:
    person = _person(school_id, key)
    return _deputy_page(school_id, person, key, {"from_on": here().today.isoformat(), "language": person.language}, {})


@pages.post("/staff/school/<school_id>/people/<key>/deputy")
@staff("manage_people", "manage_network")
def name_deputy(school_id: str, key: str) -> ResponseReturnValue:
    person, at, typed = _person(school_id, key), here(), deputy_values(request.form)
    try:
        first, last = read_days(typed)
        with service().database.write() as connection:
            actor = _actor(connection, school_id)
            who, name, language = (typed[one] for one in TYPED)
            people.name_deputy(connection, at.catalogue, school_id, person.email, who, name, language, first, last, actor, at.now)
    except FormRefused as refused:
        return _deputy_page(school_id, person, key, typed, dict(refused.fields))
    except (DeputyAlready, PayerByPayer, DeciderByDecider) as refused:
        return _deputy_page(school_id, person, key, typed, {"deputy_email": refused})
    return _back(school_id, "deputy-named")


@pages.post("/staff/school/<school_id>/end-deputy")
@staff("manage_people", "manage_network")
def end_deputy(school_id: str) -> ResponseReturnValue:
    _my_school(school_id)
    number, at = request.form.get("deputy", ""), here()
    with service().database.write() as connection:
        if not (number.isascii() and number.isdecimal() and len(number) < 10 and _is_of(connection, int(number), school_id)):
            raise NotFound
        people.end_deputy(connection, int(number), _actor(connection, school_id), at.now)
    return _back(school_id, "deputy-ended")


def person_key(email: str) -> str:
    """What stands for an address in a page's own address; nobody can tell the one from the other."""
    return hmac.digest(service().settings.secret, f"tarjotin person 1 {email}".encode(), hashlib.sha256).hex()[:20]


def _my_school(school_id: SchoolId) -> None:
    """Another school and one that does not exist give the same answer. The network's coordinator may every school, and the network."""
    private(STAFF_PAGE)
    if me().may("manage_network", NETWORK):
        if school_id != NETWORK and school_id not in here().catalogue.schools:
            raise NotFound
    elif not me().may("manage_people", school_id):
        raise NotFound


def _acts_in(school_id: SchoolId) -> SchoolId:
    """In which of the reader's roles the people of a school are changed: the network's where the reader has one."""
    return NETWORK if me().may("manage_network", NETWORK) else school_id


def _actor(connection: Connection, school_id: SchoolId) -> Actor:
    acts_in = _acts_in(school_id)
    return actor_for(connection, me(), "manage_network" if acts_in == NETWORK else "manage_people", acts_in, here().now)


def _giver(school_id: SchoolId) -> frozenset[Role]:
    return me().roles_in(_acts_in(school_id))


def _people_of(school_id: SchoolId) -> str:
    """The address of the list that a school's people stand in."""
    own = school_id in me().schools_for("see_school")
    return here().url.staff("school") if own else f"{here().url.staff('school')}?{urlencode({'school': school_id})}"


def _back(school_id: SchoolId, said: str) -> ResponseReturnValue:
    address = _people_of(school_id)
    return redirect(f"{address}{'&' if '?' in address else '?'}said={said}", 303)


def _person(school_id: SchoolId, key: str) -> Person:
    _my_school(school_id)
    with service().database.read() as connection:
        for email in addresses_of(connection, here().catalogue, school_id):
            if hmac.compare_digest(person_key(email).encode(), key.encode("utf-8", "surrogatepass")):
                person = person_of(connection, here().catalogue, school_id, email)
                if person is not None:
                    return person
    raise NotFound


def _is_of(connection: Connection, deputy_id: int, school_id: SchoolId) -> bool:
    wanted = select(deputy_table.c.id).where(deputy_table.c.id == deputy_id, deputy_table.c.school_id == school_id)
    return connection.execute(wanted).first() is not None


def _school_view(connection: Connection, school_id: SchoolId) -> SchoolView:
    at = here()
    giver = _giver(school_id)
    everybody = roster(connection, at.catalogue, school_id)
    rows = [PersonRow(one, person_key(one.email), people.judge_gift(one.roles, giver) is None) for one in everybody]
    return SchoolView(
        id=school_id,
        name=school_or_network(at.speech, school_id),
        keeps=me().may("manage_people", school_id) or me().may("manage_network", NETWORK),
        authorises=me().may("see_school", school_id),
        has_keys=me().may("manage_tokens", school_id),
        people=tuple(row for row in rows if not row.person.removed),
        removed=tuple(row for row in rows if row.person.removed),
        deputies=deputies(connection, at.catalogue, at.today, deputy_table.c.school_id == school_id),
        acts=tuple((one.at, said_act(one, at.speech)) for one in latest_acts(connection, at.catalogue, school_id, LATEST)),
    )


def _page(template: str, school_id: SchoolId, errors: Mapping[str, Refusal] | None = None, **values: object) -> Response:
    speech, refused = here().speech, errors or {}
    return page(
        template,
        next((refusal.status for refusal in refused.values()), 200),
        school_id=school_id,
        school_name=school_or_network(speech, school_id),
        people_address=_people_of(school_id),
        as_network=school_id not in me().schools_for("see_school"),
        role_list=partial(said_roles, speech),
        errors={field: speech.say(refusal) for field, refusal in refused.items()},
        nav_current="school" if school_id in me().schools_for("see_school") else "network",
        **values,  # type: ignore[arg-type]  # none of them is `alternates`
    )


def _invite_page(school_id: SchoolId, values: dict[str, str], errors: Mapping[str, Refusal], chosen: Collection[Role] = ()) -> Response:
    choices = role_choices(school_id, _giver(school_id))
    return _page("school/invite.html", school_id, errors, values=values, choices=choices, chosen=chosen, lacking=_lacking(school_id))


def _lacking(school_id: SchoolId) -> str:
    """Why the reader may not give every role that there is; empty when they may."""
    refusals = [people.judge_gift([role], _giver(school_id)) for role in roles_of(school_id)]
    return " ".join(here().speech.say(one) for one in refusals if one is not None)


def _person_page(school_id: SchoolId, person: Person, refused: Refusal | None = None, chosen: Collection[Role] | None = None) -> Response:
    at = here()
    theirs = (deputy_table.c.school_id == school_id, deputy_table.c.email == person.email)
    with service().database.read() as connection:
        found = deputies(connection, at.catalogue, at.today, *theirs)
    giver = _giver(school_id)
    return _page(
        "school/person.html",
        school_id,
        {"roles": refused} if refused else {},
        person=person,
        key=person_key(person.email),
        deputies=found,
        choices=[one for one in role_choices(school_id, giver, person.given) if one[0] not in person.in_content],
        chosen=person.given if chosen is None else chosen,
        may_give=people.judge_gift(person.roles, giver) is None,
    )


def _deputy_page(school_id: SchoolId, person: Person, key: str, values: dict[str, str], errors: Mapping[str, Refusal]) -> Response:
    return _page("school/deputy.html", school_id, errors, person=person, key=key, values=values)
