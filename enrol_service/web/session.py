"""A staff member's session: a random cookie, kept as its hash in the database, for at most twelve hours."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from flask import Request, Response
from sqlalchemy import select

from enrol_service.school.accounts import Staff, staff_of
from enrol_service.service import Service
from enrol_service.tables import staff_session

LASTS = timedelta(hours=12)


def cookie_name(service: Service) -> str:
    """By https the name itself binds the cookie to this host; plain http on a developer's machine cannot have it."""
    return "__Host-tarjotin" if service.settings.secure else "tarjotin"


def sign_in(service: Service, email: str, response: Response) -> None:
    """Start a session and give the browser its cookie."""
    token, now = secrets.token_urlsafe(32), service.clock()
    row = staff_session.insert().values(token_digest=_digest(token), email=email, created_at=now, expires_at=now + LASTS)
    with service.database.write() as connection:
        connection.execute(row)
    response.set_cookie(cookie_name(service), token, max_age=LASTS, path="/", secure=service.settings.secure, httponly=True, samesite="Lax")


def signed_in(service: Service, request: Request) -> Staff | None:
    """The person whose session the browser holds, if it has not ended and some school still names the person."""
    token = request.cookies.get(cookie_name(service))
    if not token:
        return None
    with service.database.read() as connection:
        wanted = select(staff_session.c.email).where(
            staff_session.c.token_digest == _digest(token), staff_session.c.expires_at > service.clock()
        )
        email = connection.execute(wanted).scalar()
        return staff_of(connection, service.loaded.catalogue, email, service.clock()) if email else None


def sign_out(service: Service, request: Request, response: Response) -> None:
    """End the session here and in the database."""
    token = request.cookies.get(cookie_name(service), "")
    with service.database.write() as connection:
        connection.execute(staff_session.delete().where(staff_session.c.token_digest == _digest(token)))
    response.delete_cookie(cookie_name(service), path="/", secure=service.settings.secure, httponly=True, samesite="Lax")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
