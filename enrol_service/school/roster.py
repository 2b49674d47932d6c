"""A school's people as its own people see them: what each may do, where the right comes from, who stands in, when last signed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from course_catalogue.model import Catalogue, SchoolId
from enrol_service.school.accounts import NETWORK, addresses_of, name_of, own_membership, roles_given, roles_in_content
from enrol_service.school.role import Role
from enrol_service.tables import account, act, deputy, identity, link


@dataclass(frozen=True, slots=True)
class Deputy:
    """Somebody who stands in; `until_on` is the last day."""

    id: int
    school_id: SchoolId
    name: str
    email: str
    for_name: str
    for_email: str
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Person:
    """One of a school's people. `removed`: the content names them still, and the rights have been taken away here."""

    email: str
    name: str
    language: str
    in_content: frozenset[Role]
    given: frozenset[Role]
    given_at: datetime | None
    given_by: str | None
    signed_in_at: datetime | None
    removed: bool
    removed_at: datetime | None

    @property
    def roles(self) -> frozenset[Role]:
        return self.in_content | self.given


def roster(connection: Connection, catalogue: Catalogue, school_id: SchoolId) -> tuple[Person, ...]:
    """Everybody who has roles of their own in a school, then those of the content who have been removed; by name."""
    emails = addresses_of(connection, catalogue, school_id)
    seen = last_sign_ins(connection, emails)
    givers = _givers(connection, school_id)
    people = [_person(connection, catalogue, school_id, email, seen.get(email), givers) for email in emails]
    return tuple(sorted((one for one in people if one is not None), key=lambda one: (one.removed, one.name.casefold())))


def person_of(connection: Connection, catalogue: Catalogue, school_id: SchoolId, email: str) -> Person | None:
    """One of a school's people, or None."""
    return _person(connection, catalogue, school_id, email, last_sign_ins(connection, [email]).get(email), _givers(connection, school_id))


def deputies(connection: Connection, catalogue: Catalogue, today: date, *conditions: object) -> tuple[Deputy, ...]:
    """Deputies whose days are not over, and whose principal still has rights; the first to begin comes first."""
    live = (deputy.c.ended_at.is_(None), deputy.c.until_on >= today)
    rows = connection.execute(deputy.select().where(*live, *conditions).order_by(deputy.c.from_on, deputy.c.id))  # type: ignore[arg-type]
    found = []
    for row in rows:
        lent = own_membership(connection, catalogue, row.email, row.school_id)
        if lent is not None:
            days = (row.from_on, row.until_on)
            found.append(Deputy(row.id, row.school_id, row.deputy_name, row.deputy_email, lent.name, row.email, *days))
    return tuple(found)


def last_sign_ins(connection: Connection, emails: Iterable[str]) -> Mapping[str, datetime]:
    """When each address last signed in, by a link in a mail or by another service."""
    wanted = tuple(emails)
    by_mail = select(link.c.email, func.max(link.c.used_at)).where(link.c.email.in_(wanted), link.c.purpose == "sign_in")
    by_provider = select(identity.c.email, func.max(identity.c.used_at)).where(identity.c.email.in_(wanted))
    found: dict[str, datetime] = {}
    for query in (by_mail.group_by(link.c.email), by_provider.group_by(identity.c.email)):
        for email, at in connection.execute(query):
            if at is not None:
                found[email] = max(at, found.get(email, at))
    return found


def _person(
    connection: Connection,
    catalogue: Catalogue,
    school_id: SchoolId,
    email: str,
    signed_in_at: datetime | None,
    givers: Mapping[int, tuple[datetime, int | None]],
) -> Person | None:
    in_content = roles_in_content(catalogue, email, school_id)
    own = own_membership(connection, catalogue, email, school_id)
    if own is None and not in_content:
        return None
    row = connection.execute(account.select().where(account.c.email == email, account.c.school_id == school_id)).first()
    given = roles_given(connection, email, school_id)
    given_at, by_id = givers.get(row.id, (row.created_at, None)) if row is not None and given else (None, None)
    return Person(
        email=email,
        name=own.name if own else _name_in_content(catalogue, school_id, email),
        language=own.language if own else catalogue.network.languages[0],
        in_content=in_content,
        given=given,
        given_at=given_at,
        given_by=name_of(connection, by_id),
        signed_in_at=signed_in_at,
        removed=own is None,
        removed_at=row.ended_at if own is None and row is not None else None,
    )


def _name_in_content(catalogue: Catalogue, school_id: SchoolId, email: str) -> str:
    if school_id == NETWORK:
        return catalogue.network.contact_name
    return next(one.name for one in catalogue.schools[school_id].contacts if one.email.lower() == email)


def _givers(connection: Connection, school_id: SchoolId) -> dict[int, tuple[datetime, int | None]]:
    """Account → when and by whom roles were last given here."""
    wanted = select(act.c.at, act.c.account_id, act.c.facts).where(act.c.school_id == school_id, act.c.name == "manage_people")
    found: dict[int, tuple[datetime, int | None]] = {}
    for at, account_id, facts in connection.execute(wanted.order_by(act.c.id)):
        if facts.get("did") == "invited" or facts.get("given"):
            found[facts["who"]] = (at, account_id)
    return found
