"""A person as another service knows them, by issuer and subject. It signs in as an address once a mailed link has proved that both are one.

An address in a provider's token proves nothing and is never looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from course_catalogue.model import Catalogue
from enrol_service.mail.notices import send_identity_link
from enrol_service.refusals.openid import IdentityTaken
from enrol_service.refusals.web import LinkUnknown
from enrol_service.school.accounts import staff_of
from enrol_service.tables import identity, link


@dataclass(frozen=True, slots=True)
class Identity:
    """A row of `identity`; see tables.py for each column."""

    id: int
    issuer: str
    subject: str
    email: str
    created_at: datetime
    proved_at: datetime | None
    used_at: datetime | None


COLUMNS = tuple(identity.c[name] for name in Identity.__slots__)


def find_identity(connection: Connection, issuer: str, subject: str) -> Identity | None:
    """The identity, proved or waiting."""
    row = connection.execute(select(*COLUMNS).where(identity.c.issuer == issuer, identity.c.subject == subject)).first()
    return Identity(*row) if row else None


def identities_of(connection: Connection, email: str) -> tuple[Identity, ...]:
    """The sign-ins that are linked to an address, oldest first."""
    rows = connection.execute(select(*COLUMNS).where(identity.c.email == email, identity.c.proved_at.is_not(None)).order_by(identity.c.id))
    return tuple(Identity(*row) for row in rows)


def note_use(connection: Connection, identity_id: int, now: datetime) -> None:
    connection.execute(identity.update().where(identity.c.id == identity_id).values(used_at=now))


def ask_link(connection: Connection, catalogue: Catalogue, issuer: str, subject: str, email: str, now: datetime) -> None:
    """Mail the link that joins an identity to an address, when some school has named the address. Call inside a write transaction."""
    person = staff_of(connection, catalogue, email, now)
    known = find_identity(connection, issuer, subject)
    if person is None or (known is not None and known.proved_at is not None):
        return
    if known is None:
        row = identity.insert().values(issuer=issuer, subject=subject, email=person.email, created_at=now)
        number = int(connection.execute(row.returning(identity.c.id)).scalar_one())
    else:
        number = known.id
        connection.execute(identity.update().where(identity.c.id == number).values(email=person.email))
    send_identity_link(connection, person, number, now)


def prove(connection: Connection, identity_id: int, email: str, now: datetime) -> None:
    """Join an identity to the address that its link was mailed to. Refuses with LinkUnknown, IdentityTaken."""
    row = connection.execute(select(*COLUMNS).where(identity.c.id == identity_id)).first()
    if row is None:
        raise LinkUnknown
    if row.proved_at is not None:
        raise IdentityTaken
    connection.execute(identity.update().where(identity.c.id == identity_id).values(email=email, proved_at=now, used_at=now))


def unlink(connection: Connection, identity_id: int, email: str, now: datetime) -> bool:
    """Forget a sign-in of an address, with the links that were mailed for it; False when the address has no such sign-in."""
    mine = (identity.c.id == identity_id) & (identity.c.email == email)
    if connection.execute(select(identity.c.id).where(mine)).first() is None:
        return False
    connection.execute(link.update().where(link.c.identity_id == identity_id).values(identity_id=None, expires_at=now))
    connection.execute(identity.delete().where(mine))
    return True
