"""People of the schools: who they are and what they may do. Rights come from the content's contacts, from `account` rows and from deputies.

A row that has ended takes away the rights from the content too, so that whoever is removed is out at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from course_catalogue.model import Catalogue, SchoolId
from enrol_service.permissions import ACTS, ActName
from enrol_service.school.role import NETWORK_COORDINATOR, Role
from enrol_service.tables import account, deputy

NETWORK: SchoolId = "@network"  # the network itself, where roles are given; no school's id has an @


@dataclass(frozen=True, slots=True)
class Membership:
    """What a person is in one school, or in the network."""

    school_id: SchoolId
    name: str
    language: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Staff:
    """A person of one or more schools, known by e-mail address."""

    email: str
    memberships: tuple[Membership, ...]

    @property
    def name(self) -> str:
        return self.memberships[0].name

    @property
    def language(self) -> str:
        return self.memberships[0].language

    def roles_in(self, school_id: SchoolId) -> frozenset[Role]:
        return next((one.roles for one in self.memberships if one.school_id == school_id), frozenset())

    def schools_for(self, *acts: ActName) -> tuple[SchoolId, ...]:
        """The schools for which the person may do one of the acts; NETWORK among them for acts of the network."""
        return tuple(one.school_id for one in self.memberships if any(_holds(one, act) for act in acts))

    def can(self, *acts: ActName) -> bool:
        """Whether the person may do one of the acts for any school."""
        return bool(self.schools_for(*acts))

    def may(self, act: ActName, school_id: SchoolId) -> bool:
        return school_id in self.schools_for(act)


def _holds(membership: Membership, act: ActName) -> bool:
    ours = (membership.school_id == NETWORK) == (ACTS[act].side == "network")
    return ours and bool(membership.roles & ACTS[act].roles)


def staff_of(connection: Connection, catalogue: Catalogue, email: str, now: datetime) -> Staff | None:
    """The person behind an address, or None when no school has named it. Asked anew at each request, so whoever is removed is out."""
    email = email.lower()
    found = _own(connection, catalogue, email)
    today = catalogue.network.day_of(now)
    mine = (deputy.c.deputy_email == email) & deputy.c.ended_at.is_(None) & (deputy.c.from_on <= today) & (deputy.c.until_on >= today)
    for row in connection.execute(deputy.select().where(mine)):
        lent = _own(connection, catalogue, row.email).get(row.school_id)
        if lent is not None:
            found[row.school_id] = _joined(found.get(row.school_id), row.school_id, row.deputy_name, row.language, lent.roles)
    return Staff(email, tuple(found.values())) if found else None


def own_membership(connection: Connection, catalogue: Catalogue, email: str, school_id: SchoolId) -> Membership | None:
    """What an address is in a school by itself, without being anybody's deputy."""
    return _own(connection, catalogue, email.lower()).get(school_id)


def roles_in_content(catalogue: Catalogue, email: str, school_id: SchoolId) -> frozenset[Role]:
    """The roles that the content's files name, whether or not they have been taken away here."""
    if school_id == NETWORK:
        return frozenset({NETWORK_COORDINATOR}) if catalogue.network.contact_email.lower() == email else frozenset()
    contacts = catalogue.schools[school_id].contacts if school_id in catalogue.schools else ()
    return frozenset(role for contact in contacts if contact.email.lower() == email for role in contact.roles)


def roles_given(connection: Connection, email: str, school_id: SchoolId) -> frozenset[Role]:
    """The roles that have been given here and have not ended."""
    here = (account.c.email == email) & (account.c.school_id == school_id) & account.c.ended_at.is_(None)
    return frozenset(filter(None, (connection.execute(select(account.c.roles).where(here)).scalar() or "").split(",")))


def choose_language(connection: Connection, staff: Staff, language: str, now: datetime) -> None:
    """The language of a person's mails in every school, from now on whatever the content says."""
    for one in staff.memberships:
        account_number(connection, staff, one.school_id, now)
    for table, column in ((account, account.c.email), (deputy, deputy.c.deputy_email)):
        connection.execute(table.update().where(column == staff.email).values(language=language))


def _own(connection: Connection, catalogue: Catalogue, email: str) -> dict[SchoolId, Membership]:
    columns = (account.c.school_id, account.c.name, account.c.language, account.c.roles, account.c.ended_at)
    rows = connection.execute(select(*columns).where(account.c.email == email)).all()
    out = {row.school_id for row in rows if row.ended_at is not None}
    chosen = {row.school_id: row.language for row in rows}
    found: dict[SchoolId, Membership] = {}
    for school in catalogue.schools.values():
        for contact in school.contacts:
            if contact.email.lower() == email and school.id not in out:
                language = chosen.get(school.id, contact.language)
                found[school.id] = _joined(found.get(school.id), school.id, contact.name, language, contact.roles)
    network = catalogue.network
    if network.contact_email.lower() == email and NETWORK not in out:
        language = chosen.get(NETWORK, network.languages[0])
        found[NETWORK] = Membership(NETWORK, network.contact_name, language, frozenset({NETWORK_COORDINATOR}))
    for school_id, name, language, roles, ended_at in rows:
        if ended_at is None and roles and (school_id == NETWORK or school_id in catalogue.schools):
            found[school_id] = _joined(found.get(school_id), school_id, name, language, roles.split(","))
    return found


def _joined(before: Membership | None, school_id: SchoolId, name: str, language: str, roles: Iterable[Role]) -> Membership:
    if before is None:
        return Membership(school_id, name, language, frozenset(roles))
    return Membership(school_id, before.name, before.language, before.roles | frozenset(roles))


def people_with(
    connection: Connection, catalogue: Catalogue, roles: frozenset[Role], school_id: SchoolId, now: datetime
) -> tuple[Staff, ...]:
    """Everybody of a school who has one of the roles, deputies among them, each address once, in order of address."""
    people = (staff_of(connection, catalogue, email, now) for email in sorted(addresses_of(connection, catalogue, school_id)))
    return tuple(one for one in people if one is not None and one.roles_in(school_id) & roles)


def addresses_of(connection: Connection, catalogue: Catalogue, school_id: SchoolId) -> frozenset[str]:
    """Every address that has, or has had, something to do with a school or with the network; lower case."""
    emails = {contact.email.lower() for contact in catalogue.schools[school_id].contacts} if school_id in catalogue.schools else set()
    if school_id == NETWORK:
        emails.add(catalogue.network.contact_email.lower())
    emails.update(connection.execute(select(account.c.email).where(account.c.school_id == school_id)).scalars())
    emails.update(connection.execute(select(deputy.c.deputy_email).where(deputy.c.school_id == school_id)).scalars())
    return frozenset(emails)


def account_number(connection: Connection, staff: Staff, school_id: SchoolId, now: datetime) -> int:
    """The number by which events know the person; given at the first act."""
    here = (account.c.email == staff.email) & (account.c.school_id == school_id)
    known = connection.execute(select(account.c.id).where(here)).scalar()
    if known is not None:
        return int(known)
    membership = next(one for one in staff.memberships if one.school_id == school_id)
    row = account.insert().values(
        email=staff.email, school_id=school_id, name=membership.name, language=membership.language, roles="", created_at=now
    )
    return int(connection.execute(row.returning(account.c.id)).scalar_one())


def account_numbers(connection: Connection, staff: Staff) -> frozenset[int]:
    """Every number by which events know the person, in whichever school."""
    return frozenset(connection.execute(select(account.c.id).where(account.c.email == staff.email)).scalars())


def name_of(connection: Connection, account_id: int | None) -> str | None:
    """The name of the person behind a number, for "who decided"."""
    if account_id is None:
        return None
    return connection.execute(select(account.c.name).where(account.c.id == account_id)).scalar()


def grant(connection: Connection, email: str, school_id: SchoolId, name: str, language: str, roles: Iterable[Role], now: datetime) -> None:
    """Give a person roles in a school, beside what the content says. The same again changes them."""
    values = {"name": name, "language": language, "roles": ",".join(sorted(roles)), "ended_at": None}
    here = (account.c.email == email.lower()) & (account.c.school_id == school_id)
    if connection.execute(account.update().where(here).values(**values)).rowcount == 0:
        connection.execute(account.insert().values(email=email.lower(), school_id=school_id, created_at=now, **values))


def end(connection: Connection, staff: Staff, school_id: SchoolId, now: datetime) -> bool:
    """Take away every right in a school, also one from the content; False when there was none. The row stays: events refer to it."""
    if not staff.roles_in(school_id):
        return False
    number = account_number(connection, staff, school_id, now)
    connection.execute(account.update().where(account.c.id == number).values(ended_at=now, roles=""))
    who = (deputy.c.deputy_email == staff.email) | (deputy.c.email == staff.email)
    theirs = (deputy.c.school_id == school_id) & who & deputy.c.ended_at.is_(None)
    connection.execute(deputy.update().where(theirs).values(ended_at=now))
    return True
