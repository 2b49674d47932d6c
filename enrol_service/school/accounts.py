"""People of the schools: who they are and what they may do. Rights come from the catalogue's contacts and from `account` rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from course_catalogue.model import Catalogue, SchoolId
from enrol_service.tables import account

DECIDE = frozenset({"contact_person", "payer"})  # roles that answer for the home school
SEE_OFFERINGS = frozenset({"coordinator", "teacher", "contact_person"})  # roles that see the offering school's participants
SEE_PAYMENTS = frozenset({"coordinator", "contact_person"})  # of those, the ones who also see sums and national learner IDs
ROLES = ("contact_person", "payer", "coordinator", "teacher", "office")


@dataclass(frozen=True, slots=True)
class Membership:
    school_id: SchoolId
    name: str
    language: str
    roles: frozenset[str]


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

    def schools_with(self, roles: frozenset[str]) -> tuple[SchoolId, ...]:
        """The schools in which the person has one of the roles."""
        return tuple(one.school_id for one in self.memberships if one.roles & roles)

    @property
    def can_decide(self) -> bool:
        return bool(self.schools_with(DECIDE))

    @property
    def can_see_offerings(self) -> bool:
        return bool(self.schools_with(SEE_OFFERINGS))

    def may(self, roles: frozenset[str], school_id: SchoolId) -> bool:
        return school_id in self.schools_with(roles)


def staff_of(connection: Connection, catalogue: Catalogue, email: str) -> Staff | None:
    """The person behind an address, or None when no school has named it. Asked anew at each request, so whoever is removed is out."""
    email = email.lower()
    found: dict[SchoolId, Membership] = {}
    for school in catalogue.schools.values():
        for contact in school.contacts:
            if contact.email.lower() == email:
                found[school.id] = _joined(found.get(school.id), school.id, contact.name, contact.language, contact.roles)
    columns = (account.c.school_id, account.c.name, account.c.language, account.c.roles)
    rows = connection.execute(select(*columns).where(account.c.email == email, account.c.ended_at.is_(None), account.c.roles != ""))
    for school_id, name, language, roles in rows:
        if school_id in catalogue.schools:
            found[school_id] = _joined(found.get(school_id), school_id, name, language, roles.split(","))
    return Staff(email, tuple(found.values())) if found else None


def _joined(before: Membership | None, school_id: SchoolId, name: str, language: str, roles: Iterable[str]) -> Membership:
    if before is None:
        return Membership(school_id, name, language, frozenset(roles))
    return Membership(school_id, before.name, before.language, before.roles | frozenset(roles))


def people_with(connection: Connection, catalogue: Catalogue, roles: frozenset[str], school_id: SchoolId) -> tuple[Staff, ...]:
    """Everybody of a school who has one of the roles, each address once, in order of address."""
    emails = {contact.email.lower() for contact in catalogue.schools[school_id].contacts} if school_id in catalogue.schools else set()
    rows = connection.execute(select(account.c.email).where(account.c.school_id == school_id, account.c.ended_at.is_(None)))
    people = (staff_of(connection, catalogue, email) for email in sorted(emails | {row.email for row in rows}))
    return tuple(one for one in people if one is not None and one.may(roles, school_id))


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


def grant(connection: Connection, email: str, school_id: SchoolId, name: str, language: str, roles: Iterable[str], now: datetime) -> None:
    """Give a person roles in a school, beside what the catalogue says. The same again changes them."""
    values = {"name": name, "language": language, "roles": ",".join(sorted(roles)), "ended_at": None}
    here = (account.c.email == email.lower()) & (account.c.school_id == school_id)
    if connection.execute(account.update().where(here).values(**values)).rowcount == 0:
        connection.execute(account.insert().values(email=email.lower(), school_id=school_id, created_at=now, **values))


def end(connection: Connection, email: str, school_id: SchoolId, now: datetime) -> bool:
    """End the rights that were granted here; False when there were none. The row stays: events refer to it."""
    here = (account.c.email == email.lower()) & (account.c.school_id == school_id) & account.c.ended_at.is_(None) & (account.c.roles != "")
    return connection.execute(account.update().where(here).values(ended_at=now)).rowcount == 1
