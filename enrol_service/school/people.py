"""A school's people change: invited, given roles, removed, stood in for. Each command is one act in the journal, with its mails.

The actor is whoever `acting.actor_for` has let through for the school, or the network's coordinator. A second click changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from course_catalogue.model import Catalogue, Language, SchoolId
from enrol_service.enrolment.email_address import plain_address
from enrol_service.enrolment.free_text import free_text
from enrol_service.events import Actor
from enrol_service.mail.notices import send_invitation, tell_deputy
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.enrolling import EmailIncomplete, FormRefused
from enrol_service.refusals.people import (
    DeciderByDecider,
    DeputyAlready,
    DeputyDaysBackwards,
    DeputyDaysOver,
    DeputyTooLong,
    LanguageMissing,
    LastKeeper,
    LastPayer,
    OwnDeputy,
    PayerByPayer,
    PersonGone,
    PersonNameMissing,
    RolesMissing,
)
from enrol_service.refusals.web import NotFound, NotYours
from enrol_service.school import accounts
from enrol_service.school.accounts import NETWORK as THE_NETWORK
from enrol_service.school.accounts import own_membership, people_with, staff_of
from enrol_service.school.acting import record_act
from enrol_service.school.role import DECIDERS, KEEPERS, NETWORK, NETWORK_COORDINATOR, PAYERS, ROLES, Role
from enrol_service.tables import account, deputy, link, staff_session

LONGEST_NAME = 100  # characters
LONGEST_DEPUTY = timedelta(days=366)


def invite(
    connection: Connection,
    catalogue: Catalogue,
    school_id: SchoolId,
    email: str,
    name: str,
    language: Language,
    roles: Collection[Role],
    actor: Actor,
    now: datetime,
) -> bool:
    """Give a person roles in a school and mail a link that signs in once; False when such a mail left a moment ago.

    1. Judge what was typed. Refuses with FormRefused, which holds every field.
    2. Add the roles to those given before; refuses with PayerByPayer, DeciderByDecider.
    3. Send the mail, and write the act.
    Call inside a write transaction.
    """
    _refuse_stranger(connection, actor, school_id)
    tidy, name_refusal = judge_name(name)
    address = plain_address(email)
    judged: dict[str, Refusal | None] = {
        "email": None if address else EmailIncomplete(),
        "name": name_refusal,
        "roles": None if roles and set(roles) <= _roles_in(school_id) else RolesMissing(),
        "language": None if language in catalogue.network.languages else LanguageMissing(),
    }
    if refused := tuple((field, refusal) for field, refusal in judged.items() if refusal is not None):
        raise FormRefused(refused)
    assert address is not None  # noqa: S101 - judged above
    before = own_membership(connection, catalogue, address, school_id)
    wanted = frozenset(roles) | accounts.roles_given(connection, address, school_id)
    accounts.grant(connection, address, school_id, before.name if before else tidy, language, wanted, now)
    after = own_membership(connection, catalogue, address, school_id)
    assert after is not None  # noqa: S101 - just granted
    # Whoever had been removed gets the content's roles back too, so these are judged as well.
    gained = after.roles - (before.roles if before else frozenset())
    _refuse_gift(gained, actor)
    number = _number(connection, address, school_id)
    if gained:
        record_act(connection, "manage_people", school_id, actor, now, did="invited", who=number, roles=sorted(gained))
    return send_invitation(connection, address, language, number, actor.account_id, now)


def set_roles(
    connection: Connection, catalogue: Catalogue, school_id: SchoolId, email: str, roles: Collection[Role], actor: Actor, now: datetime
) -> bool:
    """Make these the roles that are given here, beside those of the content; False when they were. Call inside a write transaction.

    Refuses with PersonGone, RolesMissing, PayerByPayer, DeciderByDecider, LastKeeper, LastPayer.
    """
    _refuse_stranger(connection, actor, school_id)
    address = email.lower()
    before = own_membership(connection, catalogue, address, school_id)
    if before is None:
        raise PersonGone
    given = accounts.roles_given(connection, address, school_id)
    wanted = frozenset(roles) - accounts.roles_in_content(catalogue, address, school_id)
    if not wanted <= _roles_in(school_id) or not wanted | (before.roles - given):
        raise RolesMissing
    if wanted == given:
        return False
    accounts.grant(connection, address, school_id, before.name, before.language, wanted, now)
    _refuse_gift(wanted - before.roles, actor)
    _refuse_without_keeper(connection, catalogue, school_id, actor, now)
    _refuse_without_payer(connection, catalogue, school_id, before.roles, actor, now)
    number = _number(connection, address, school_id)
    facts = {"who": number, "given": sorted(wanted - given), "taken": sorted(given - wanted)}
    record_act(connection, "manage_people", school_id, actor, now, did="roles", **facts)
    return True


def remove(connection: Connection, catalogue: Catalogue, school_id: SchoolId, email: str, actor: Actor, now: datetime) -> bool:
    """Take away every right in a school, also those of the content; False when there were none. Call inside a write transaction.

    1. End the rights, and the deputies by and for the person. Refuses with LastKeeper, LastPayer.
    2. Whoever has no rights left anywhere loses the sessions and the unused sign-in links.
    """
    _refuse_stranger(connection, actor, school_id)
    address = email.lower()
    person = staff_of(connection, catalogue, address, now)
    if person is None or not accounts.end(connection, person, school_id, now):
        return False
    _refuse_without_keeper(connection, catalogue, school_id, actor, now)
    _refuse_without_payer(connection, catalogue, school_id, person.roles_in(school_id), actor, now)
    if staff_of(connection, catalogue, address, now) is None:
        connection.execute(staff_session.delete().where(staff_session.c.email == address))
        unused = (link.c.email == address) & (link.c.purpose == "sign_in") & link.c.used_at.is_(None)
        connection.execute(link.update().where(unused).values(expires_at=now))
    number = _number(connection, address, school_id)
    record_act(connection, "manage_people", school_id, actor, now, did="removed", who=number)
    return True


def name_deputy(
    connection: Connection,
    catalogue: Catalogue,
    school_id: SchoolId,
    email: str,
    deputy_email: str,
    deputy_name: str,
    language: Language,
    from_on: date,
    until_on: date,
    actor: Actor,
    now: datetime,
) -> bool:
    """Let somebody have all roles of `email` in a school from a day until a last day; False when that has been said.

    A person names their own, a keeper anybody's. Refuses with FormRefused, PersonGone, PayerByPayer, DeciderByDecider, DeputyAlready.
    Call inside a write transaction.
    """
    principal = email.lower()
    lent = own_membership(connection, catalogue, principal, school_id)
    if lent is None:
        raise PersonGone
    if actor.account_id != _number_or_none(connection, principal, school_id):
        _refuse_stranger(connection, actor, school_id)
    tidy, name_refusal = judge_name(deputy_name)
    address = plain_address(deputy_email)
    judged: dict[str, Refusal | None] = {
        "deputy_email": EmailIncomplete() if address is None else OwnDeputy() if address == principal else None,
        "deputy_name": name_refusal,
        "language": None if language in catalogue.network.languages else LanguageMissing(),
        "until_on": _judge_days(from_on, until_on, catalogue.network.day_of(now)),
    }
    if refused := tuple((field, refusal) for field, refusal in judged.items() if refusal is not None):
        raise FormRefused(refused)
    assert address is not None  # noqa: S101 - judged above
    _refuse_gift(lent.roles, actor)
    theirs = (deputy.c.school_id == school_id) & (deputy.c.email == principal) & (deputy.c.deputy_email == address)
    for row in connection.execute(deputy.select().where(theirs, deputy.c.ended_at.is_(None))):
        if (row.from_on, row.until_on) == (from_on, until_on):
            return False
        if row.from_on <= until_on and from_on <= row.until_on:
            raise DeputyAlready
    new = deputy.insert().values(
        school_id=school_id,
        email=principal,
        deputy_email=address,
        deputy_name=tidy,
        language=language,
        from_on=from_on,
        until_on=until_on,
        created_at=now,
        created_by_id=actor.account_id,
    )
    number = int(connection.execute(new.returning(deputy.c.id)).scalar_one())
    tell_deputy(connection, address, language, number, now)
    record_act(connection, "manage_people", school_id, actor, now, did="deputy_named", deputy=number)
    return True


def end_deputy(connection: Connection, deputy_id: int, actor: Actor, now: datetime) -> bool:
    """End a deputy's rights sooner; False when they had ended. Call inside a write transaction.

    By the person, a keeper of the school or the deputy. Refuses with NotFound when it is nobody's of these.
    """
    row = connection.execute(deputy.select().where(deputy.c.id == deputy_id)).first()
    if row is None:
        raise NotFound
    whose = {_number_or_none(connection, one, row.school_id) for one in (row.email, row.deputy_email)}
    if actor.account_id not in whose:
        _refuse_stranger(connection, actor, row.school_id)
    if row.ended_at is not None:
        return False
    connection.execute(deputy.update().where(deputy.c.id == deputy_id).values(ended_at=now))
    record_act(connection, "manage_people", row.school_id, actor, now, did="deputy_ended", deputy=deputy_id)
    return True


def judge_name(typed: str) -> tuple[str, Refusal | None]:
    """A person's or an office's name as it is stored, and why it cannot be taken, or None."""
    name = " ".join(typed.split())
    try:
        name = free_text(name, LONGEST_NAME)
    except Refusal as refusal:
        return name, refusal
    return name, None if sum(letter.isalpha() for letter in name) >= 2 else PersonNameMissing()


def judge_gift(gained: Collection[Role], giver: Collection[Role]) -> Refusal | None:
    """Why somebody with these roles may not give, or lend, those; None when they may. Roles that bind money come from their own kind."""
    if PAYERS & set(gained) and not (PAYERS | NETWORK) & set(giver):
        return PayerByPayer()
    if DECIDERS & set(gained) and not (DECIDERS | NETWORK) & set(giver):
        return DeciderByDecider()
    return None


def _judge_days(from_on: date, until_on: date, today: date) -> Refusal | None:
    if until_on < from_on:
        return DeputyDaysBackwards()
    if until_on < today:
        return DeputyDaysOver()
    return DeputyTooLong() if until_on - from_on > LONGEST_DEPUTY else None


def _roles_in(school_id: SchoolId) -> frozenset[Role]:
    return frozenset({NETWORK_COORDINATOR}) if school_id == THE_NETWORK else frozenset(ROLES)


def _refuse_stranger(connection: Connection, actor: Actor, school_id: SchoolId) -> None:
    """Only a keeper of the school or the network's coordinator; in the network itself, only the coordinator.

    An actor's roles hold in the school of its account. To another school's person what is here does not exist.
    """
    of = connection.execute(select(account.c.school_id).where(account.c.id == actor.account_id)).scalar()
    if of not in (school_id, THE_NETWORK):
        raise NotFound
    if not actor.roles & (NETWORK if of == THE_NETWORK else KEEPERS):
        raise NotYours


def _refuse_gift(gained: frozenset[Role], actor: Actor) -> None:
    if refusal := judge_gift(gained, actor.roles):
        raise refusal


def _refuse_without_keeper(connection: Connection, catalogue: Catalogue, school_id: SchoolId, actor: Actor, now: datetime) -> None:
    """Called after the change: the refusal rolls it back. The network may leave a school without keepers, and never itself."""
    keepers = NETWORK if school_id == THE_NETWORK else KEEPERS
    if school_id != THE_NETWORK and actor.roles & NETWORK:
        return
    if not people_with(connection, catalogue, keepers, school_id, now):
        raise LastKeeper


def _refuse_without_payer(
    connection: Connection, catalogue: Catalogue, school_id: SchoolId, had: frozenset[Role], actor: Actor, now: datetime
) -> None:
    """Called after the change of somebody who had those roles. The network may: it can make a payer too."""
    if had & PAYERS and not actor.roles & NETWORK and not people_with(connection, catalogue, PAYERS, school_id, now):
        raise LastPayer


def _number_or_none(connection: Connection, email: str, school_id: SchoolId) -> int | None:
    here = (account.c.email == email) & (account.c.school_id == school_id)
    return connection.execute(select(account.c.id).where(here)).scalar()


def _number(connection: Connection, email: str, school_id: SchoolId) -> int:
    number = _number_or_none(connection, email, school_id)
    assert number is not None  # noqa: S101 - its row has just been written
    return number
