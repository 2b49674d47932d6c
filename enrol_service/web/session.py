"""A staff member's session: a random cookie, kept as its hash in the database. It ends after twelve hours, or two without use.

Each sign-in makes a new cookie and ends the browser's old session. Whether the person still has rights is asked at every request.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Request, Response
from sqlalchemy import Connection, Row, Select, func, select

from enrol_service.school.accounts import Staff, staff_of
from enrol_service.service import Service
from enrol_service.tables import staff_session

LASTS = timedelta(hours=12)
UNUSED = timedelta(hours=2)
NOTED_EVERY = timedelta(minutes=5)  # a page is opened far more often than the database needs to know of


@dataclass(frozen=True, slots=True)
class Session:
    """One browser where the person is signed in."""

    begun_at: datetime
    used_at: datetime
    here: bool  # the browser that asks


def cookie_name(service: Service) -> str:
    """By https the name itself binds the cookie to this host; plain http on a developer's machine cannot have it."""
    return "__Host-tarjotin" if service.settings.secure else "tarjotin"


def sign_in(service: Service, request: Request, email: str, response: Response) -> None:
    """Start a session and give the browser its cookie. What the browser was signed in as before has ended."""
    token, now = secrets.token_urlsafe(32), service.clock()
    row = staff_session.insert().values(token_digest=_digest(token), email=email, created_at=now, expires_at=now + LASTS)
    with service.database.write() as connection:
        connection.execute(staff_session.delete().where(staff_session.c.token_digest == _own_digest(service, request)))
        connection.execute(row)
    response.set_cookie(cookie_name(service), token, max_age=LASTS, path="/", secure=service.settings.secure, httponly=True, samesite="Lax")


def signed_in(service: Service, request: Request) -> Staff | None:
    """The person whose session the browser holds, if it has not ended and some school still names the person."""
    if not request.cookies.get(cookie_name(service)):
        return None
    now = service.clock()
    with service.database.read() as connection:
        row = _live(connection, _own_digest(service, request), now)
        person = staff_of(connection, service.loaded.catalogue, row.email, now) if row else None
    if row is not None and person is not None and now - row.seen_at >= NOTED_EVERY:
        with service.database.write() as connection:
            connection.execute(staff_session.update().where(staff_session.c.token_digest == row.token_digest).values(used_at=now))
    return person


def sessions_of(service: Service, request: Request, email: str) -> tuple[Session, ...]:
    """Where a person is signed in, newest first."""
    own, now = _own_digest(service, request), service.clock()
    with service.database.read() as connection:
        rows = connection.execute(_living(now).where(staff_session.c.email == email).order_by(staff_session.c.created_at.desc())).all()
    return tuple(Session(row.created_at, row.seen_at, row.token_digest == own) for row in rows)


def sign_out(service: Service, request: Request, response: Response) -> None:
    """End the session here and in the database."""
    with service.database.write() as connection:
        connection.execute(staff_session.delete().where(staff_session.c.token_digest == _own_digest(service, request)))
    _forget(service, response)


def sign_out_everywhere(service: Service, email: str, response: Response) -> None:
    """End every session of a person, also those of other browsers."""
    with service.database.write() as connection:
        connection.execute(staff_session.delete().where(staff_session.c.email == email))
    _forget(service, response)


def _live(connection: Connection, digest: str, now: datetime) -> Row[tuple[str, str, datetime, datetime]] | None:
    return connection.execute(_living(now).where(staff_session.c.token_digest == digest)).first()


def _living(now: datetime) -> Select[tuple[str, str, datetime, datetime]]:
    seen_at = func.coalesce(staff_session.c.used_at, staff_session.c.created_at, type_=staff_session.c.created_at.type)
    columns = (staff_session.c.token_digest, staff_session.c.email, staff_session.c.created_at, seen_at.label("seen_at"))
    return select(*columns).where(staff_session.c.expires_at > now, seen_at > now - UNUSED)


def _forget(service: Service, response: Response) -> None:
    response.delete_cookie(cookie_name(service), path="/", secure=service.settings.secure, httponly=True, samesite="Lax")


def _own_digest(service: Service, request: Request) -> str:
    return _digest(request.cookies.get(cookie_name(service), ""))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
