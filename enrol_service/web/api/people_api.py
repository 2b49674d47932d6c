"""A school's people: who may do what, inviting, changing roles, removing, and deputies."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import select

from enrol_service.refusals.enrolling import FormRefused
from enrol_service.refusals.people import DeciderByDecider, DeputyAlready, LastKeeper, LastPayer, PayerByPayer, PersonGone, RolesMissing
from enrol_service.refusals.web import NotFound
from enrol_service.school import people
from enrol_service.school.roster import Deputy, Person, deputies, roster
from enrol_service.tables import deputy as deputy_table
from enrol_service.web.api.operation import Call, Given, Text, Told, Word, operation
from enrol_service.web.api.own import Changed
from enrol_service.web.page import here

RoleName = Literal["contact_person", "payer", "coordinator", "teacher", "office"]


class PersonTold(Told):
    """`removed`: the content names the person still, and the rights have been taken away here."""

    email: str
    name: str
    language: str
    roles: list[str]
    roles_in_content: list[str]
    signed_in_at: datetime | None
    removed: bool


class DeputyTold(Told):
    """`until_on` is the last day."""

    id: int
    name: str
    email: str
    for_email: str
    from_on: date
    until_on: date


class People(Told):
    people: list[PersonTold]
    deputies: list[DeputyTold]


class Invitation(Given):
    email: Word
    name: Text
    language: Word
    roles: list[RoleName]


class Invited(Told):
    """`sent`: a mail left. False: one left a moment ago."""

    sent: bool


class RolesGiven(Given):
    """The roles that are given here, beside those of the content."""

    email: Word
    roles: list[RoleName]


class Who(Given):
    email: Word


class DeputyGiven(Given):
    """`email`: whose roles; `until_on`: the last day."""

    email: Word
    deputy_email: Word
    deputy_name: Text
    language: Word
    from_on: date
    until_on: date


@operation("GET", "/people", "see_school", "The school's people and their deputies", answer=People)
def listed(call: Call) -> People:
    at = here()
    found = deputies(call.connection, at.catalogue, at.today, deputy_table.c.school_id == call.school_id)
    return People(
        people=[_person(one) for one in roster(call.connection, at.catalogue, call.school_id)], deputies=[_deputy(one) for one in found]
    )


@operation(
    "POST",
    "/people/invite",
    "manage_people",
    "Give a person roles, and mail a link that signs in once",
    body=Invitation,
    answer=Invited,
    refusals=(FormRefused, PayerByPayer, DeciderByDecider),
)
def invited(call: Call, body: Invitation) -> Invited:
    at = here()
    who = (body.email, body.name, body.language, body.roles)
    return Invited(sent=people.invite(call.connection, at.catalogue, call.school_id, *who, call.actor(), at.now))


@operation(
    "POST",
    "/people/roles",
    "manage_people",
    "Change the roles that were given here",
    body=RolesGiven,
    answer=Changed,
    refusals=(PersonGone, RolesMissing, PayerByPayer, DeciderByDecider, LastKeeper, LastPayer),
)
def roles(call: Call, body: RolesGiven) -> Changed:
    at = here()
    changed = people.set_roles(call.connection, at.catalogue, call.school_id, body.email, body.roles, call.actor(), at.now)
    return Changed(changed=changed)


@operation("POST", "/people/remove", "manage_people", "Take every right away", body=Who, answer=Changed, refusals=(LastKeeper, LastPayer))
def removed(call: Call, body: Who) -> Changed:
    at = here()
    return Changed(changed=people.remove(call.connection, at.catalogue, call.school_id, body.email, call.actor(), at.now))


@operation(
    "POST",
    "/people/deputies",
    "manage_people",
    "Let somebody have a person's roles for some days",
    body=DeputyGiven,
    answer=Changed,
    refusals=(FormRefused, PersonGone, PayerByPayer, DeciderByDecider, DeputyAlready),
)
def deputy_named(call: Call, body: DeputyGiven) -> Changed:
    at = here()
    who = (body.email, body.deputy_email, body.deputy_name, body.language, body.from_on, body.until_on)
    return Changed(changed=people.name_deputy(call.connection, at.catalogue, call.school_id, *who, call.actor(), at.now))


@operation("POST", "/people/deputies/{deputy_id:number}/end", "manage_people", "End a deputy's days sooner", answer=Changed)
def deputy_ended(call: Call, deputy_id: int) -> Changed:
    own = select(deputy_table.c.id).where(deputy_table.c.id == deputy_id, deputy_table.c.school_id == call.school_id)
    if call.connection.execute(own).first() is None:
        raise NotFound
    return Changed(changed=people.end_deputy(call.connection, deputy_id, call.actor(), here().now))


def _person(one: Person) -> PersonTold:
    return PersonTold(
        email=one.email,
        name=one.name,
        language=one.language,
        roles=[] if one.removed else sorted(one.roles),
        roles_in_content=sorted(one.in_content),
        signed_in_at=one.signed_in_at,
        removed=one.removed,
    )


def _deputy(one: Deputy) -> DeputyTold:
    return DeputyTold(id=one.id, name=one.name, email=one.email, for_email=one.for_email, from_on=one.from_on, until_on=one.until_on)
