"""A school's people: who may do what and why, inviting, changing roles, removing, deputies, and the journal of all that."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from course_catalogue.model import SchoolId
from enrol_service.enrolment.words import school_name
from enrol_service.events import Actor
from enrol_service.refusals.enrolling import FormRefused
from enrol_service.refusals.people import RolesMissing
from enrol_service.refusals.web import NotFound
from enrol_service.school import people
from enrol_service.school.accounts import addresses_of
from enrol_service.school.acting import actor_for
from enrol_service.school.acts import latest_acts
from enrol_service.school.role import PAYERS, Role
from enrol_service.school.role_words import said_roles
from enrol_service.school.roster import Deputy, Person, deputies, person_of, roster
from enrol_service.tables import deputy as deputy_table
from enrol_service.web.access import me, staff
from enrol_service.web.page import STAFF_PAGE, here, page, private, service
from enrol_service.web.school.act_words import said_act
from enrol_service.web.school.deputy_form import TYPED, deputy_values, read_days
from enrol_service.web.school.role_choice import ROLE_WORDS, role_choices, roles_chosen

pages = Blueprint("school_people", __name__)

LATEST = 20  # acts shown
SAID = ("invited", "on-its-way", "saved", "removed", "deputy-named", "deputy-ended")


@dataclass(frozen=True, slots=True)
class PersonRow:
    person: Person
    key: str  # stands for the person in addresses


@dataclass(frozen=True, slots=True)
class SchoolView:
    """A school as its people see it; `keeps`: the reader may change things."""

    id: SchoolId
    name: str
    keeps: bool
    people: tuple[PersonRow, ...]
    removed: tuple[PersonRow, ...]
    deputies: tuple[Deputy, ...]
    acts: tuple[tuple[datetime, str], ...]  # when, and what as a sentence


@pages.get("/staff/school")
@staff("see_school")
def show() -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        schools = [_school_view(connection, school_id) for school_id in me().schools_for("see_school")]
    said = request.args.get("said", "")
    return page(
        "school/people.html",
        schools=schools,
        said=said if said in SAID else "",
        role_words=ROLE_WORDS,
        role_list=partial(said_roles, here().speech),
        nav_current="school",
    )


@pages.get("/staff/school/<school_id>/invite")
@staff("manage_people")
def show_invite(school_id: str) -> ResponseReturnValue:
    _my_school(school_id)
    school = here().catalogue.schools[school_id]
    return _invite_page(school_id, {"language": school.language}, {})


@pages.post("/staff/school/<school_id>/invite")
@staff("manage_people")
def invite(school_id: str) -> ResponseReturnValue:
    _my_school(school_id)
    at, roles = here(), roles_chosen(request.form)
    typed = {name: request.form.get(name, "")[:1000] for name in ("email", "name", "language")}
    try:
        with service().database.write() as connection:
            actor = _actor(connection, school_id)
            email, name, language = typed.values()
            sent = people.invite(connection, at.catalogue, school_id, email, name, language, roles, actor, at.now)
    except FormRefused as refused:
        return _invite_page(school_id, typed, _errors(refused), chosen=roles)
    return redirect(f"{at.url.staff('school')}?said={'invited' if sent else 'on-its-way'}", 303)


@pages.get("/staff/school/<school_id>/people/<key>")
@staff("manage_people")
def show_person(school_id: str, key: str) -> ResponseReturnValue:
    return _person_page(school_id, _person(school_id, key), {})


@pages.post("/staff/school/<school_id>/people/<key>/roles")
@staff("manage_people")
def set_roles(school_id: str, key: str) -> ResponseReturnValue:
    person, at = _person(school_id, key), here()
    chosen = roles_chosen(request.form)
    try:
        with service().database.write() as connection:
            people.set_roles(connection, at.catalogue, school_id, person.email, chosen, _actor(connection, school_id), at.now)
    except RolesMissing as missing:
        return _person_page(school_id, person, {"roles": at.speech.say(missing)}, chosen=chosen)
    return redirect(f"{at.url.staff('school')}?said=saved", 303)


@pages.post("/staff/school/<school_id>/people/<key>/invite")
@staff("manage_people")
def invite_again(school_id: str, key: str) -> ResponseReturnValue:
    """Send the mail again; somebody who was removed gets the content's roles back with it."""
    person, at = _person(school_id, key), here()
    with service().database.write() as connection:
        roles, actor = person.roles, _actor(connection, school_id)
        sent = people.invite(connection, at.catalogue, school_id, person.email, person.name, person.language, roles, actor, at.now)
    return redirect(f"{at.url.staff('school')}?said={'invited' if sent else 'on-its-way'}", 303)


@pages.get("/staff/school/<school_id>/people/<key>/remove")
@staff("manage_people")
def show_remove(school_id: str, key: str) -> ResponseReturnValue:
    person = _person(school_id, key)
    return _page("school/remove.html", school_id, person=person, key=key)


@pages.post("/staff/school/<school_id>/people/<key>/remove")
@staff("manage_people")
def remove(school_id: str, key: str) -> ResponseReturnValue:
    person, at = _person(school_id, key), here()
    with service().database.write() as connection:
        people.remove(connection, at.catalogue, school_id, person.email, _actor(connection, school_id), at.now)
    return redirect(f"{at.url.staff('school')}?said=removed", 303)


@pages.get("/staff/school/<school_id>/people/<key>/deputy")
@staff("manage_people")
def show_deputy(school_id: str, key: str) -> ResponseReturnValue:
    person = _person(school_id, key)
    return _deputy_page(school_id, person, key, {"from_on": here().today.isoformat(), "language": person.language}, {})


@pages.post("/staff/school/<school_id>/people/<key>/deputy")
@staff("manage_people")
def name_deputy(school_id: str, key: str) -> ResponseReturnValue:
    person, at, typed = _person(school_id, key), here(), deputy_values(request.form)
    try:
        first, last = read_days(typed)
        with service().database.write() as connection:
            actor = _actor(connection, school_id)
            who, name, language = (typed[one] for one in TYPED)
            people.name_deputy(connection, at.catalogue, school_id, person.email, who, name, language, first, last, actor, at.now)
    except FormRefused as refused:
        return _deputy_page(school_id, person, key, typed, _errors(refused))
    return redirect(f"{at.url.staff('school')}?said=deputy-named", 303)


@pages.post("/staff/school/<school_id>/end-deputy")
@staff("manage_people")
def end_deputy(school_id: str) -> ResponseReturnValue:
    _my_school(school_id)
    number, at = request.form.get("deputy", ""), here()
    with service().database.write() as connection:
        if not number.isdecimal() or not _is_of(connection, int(number[:9]), school_id):
            raise NotFound
        people.end_deputy(connection, int(number[:9]), _actor(connection, school_id), at.now)
    return redirect(f"{at.url.staff('school')}?said=deputy-ended", 303)


def person_key(email: str) -> str:
    """What stands for an address in a page's own address; nobody can tell the one from the other."""
    return hmac.digest(service().settings.secret, f"tarjotin person 1 {email}".encode(), hashlib.sha256).hex()[:20]


def _my_school(school_id: SchoolId) -> None:
    """Another school and one that does not exist give the same answer."""
    private(STAFF_PAGE)
    if not me().may("manage_people", school_id):
        raise NotFound


def _actor(connection: Connection, school_id: SchoolId) -> Actor:
    return actor_for(connection, me(), "manage_people", school_id, here().now)


def _person(school_id: SchoolId, key: str) -> Person:
    _my_school(school_id)
    with service().database.read() as connection:
        for email in addresses_of(connection, here().catalogue, school_id):
            if hmac.compare_digest(person_key(email), key):
                person = person_of(connection, here().catalogue, school_id, email)
                if person is not None:
                    return person
    raise NotFound


def _is_of(connection: Connection, deputy_id: int, school_id: SchoolId) -> bool:
    wanted = select(deputy_table.c.id).where(deputy_table.c.id == deputy_id, deputy_table.c.school_id == school_id)
    return connection.execute(wanted).first() is not None


def _school_view(connection: Connection, school_id: SchoolId) -> SchoolView:
    at = here()
    rows = [PersonRow(one, person_key(one.email)) for one in roster(connection, at.catalogue, school_id)]
    return SchoolView(
        id=school_id,
        name=school_name(at.speech, school_id),
        keeps=me().may("manage_people", school_id),
        people=tuple(row for row in rows if not row.person.removed),
        removed=tuple(row for row in rows if row.person.removed),
        deputies=deputies(connection, at.catalogue, at.today, deputy_table.c.school_id == school_id),
        acts=tuple((one.at, said_act(one, at.speech)) for one in latest_acts(connection, at.catalogue, school_id, LATEST)),
    )


def _page(template: str, school_id: SchoolId, status: int = 200, **values: object) -> Response:
    speech = here().speech
    return page(
        template,
        status,
        school_id=school_id,
        school_name=school_name(speech, school_id),
        role_list=partial(said_roles, speech),
        nav_current="school",
        **values,  # type: ignore[arg-type]  # none of them is `alternates`
    )


def _errors(refused: FormRefused) -> dict[str, str]:
    return {field: here().speech.say(refusal) for field, refusal in refused.fields}


def _invite_page(school_id: SchoolId, values: dict[str, str], errors: dict[str, str], chosen: Collection[Role] = ()) -> Response:
    mine = me().roles_in(school_id)
    asked = {"choices": role_choices(mine), "chosen": chosen, "may_give_payer": bool(mine & PAYERS)}
    return _page("school/invite.html", school_id, FormRefused.status if errors else 200, values=values, errors=errors, **asked)


def _person_page(school_id: SchoolId, person: Person, errors: dict[str, str], chosen: Collection[Role] | None = None) -> Response:
    at = here()
    theirs = (deputy_table.c.school_id == school_id, deputy_table.c.email == person.email)
    with service().database.read() as connection:
        found = deputies(connection, at.catalogue, at.today, *theirs)
    return _page(
        "school/person.html",
        school_id,
        RolesMissing.status if errors else 200,
        person=person,
        key=person_key(person.email),
        deputies=found,
        choices=[one for one in role_choices(me().roles_in(school_id), person.given) if one[0] not in person.in_content],
        chosen=person.given if chosen is None else chosen,
        errors=errors,
    )


def _deputy_page(school_id: SchoolId, person: Person, key: str, values: dict[str, str], errors: dict[str, str]) -> Response:
    status = FormRefused.status if errors else 200
    return _page("school/deputy.html", school_id, status, person=person, key=key, values=values, errors=errors)
