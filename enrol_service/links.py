"""Links that open one page without sign-in: a student's own page, a home school's decision, a sign-in.

The address holds the link's random id and an HMAC of it made with the server's secret. The database knows only the id, so
whoever reads the database can open nothing, and a mail's link can be made when the mail is sent.
The signature covers the purpose: a link of one kind opens no page of another.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from enrol_service.refusals.web import LinkExpired, LinkUnknown
from enrol_service.tables import link

Purpose = Literal["student", "decide", "sign_in"]

ID_BYTES = 12
SIGNATURE_BYTES = 16
TOKEN = re.compile(r"([A-Za-z0-9_-]{16})([A-Za-z0-9_-]{22})")


@dataclass(frozen=True, slots=True)
class Link:
    id: str
    purpose: Purpose
    enrolment_id: int | None
    email: str
    expires_at: datetime
    used_at: datetime | None
    identity_id: int | None = None  # sign-in only: the identity that opening the link proves to be the reader's


class Signer:
    """Makes and checks the signatures of links. `secret` is the server's, at least 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def token(self, purpose: str, link_id: str) -> str:
        return link_id + self._signature(purpose, link_id)

    def link_id(self, purpose: str, token: str) -> str:
        """The id in a token. Refuses with LinkUnknown when the token was not made here for this purpose."""
        match = TOKEN.fullmatch(token)
        if match is None or not hmac.compare_digest(match[2], self._signature(purpose, match[1])):
            raise LinkUnknown
        return match[1]

    def _signature(self, purpose: str, text: str) -> str:
        digest = hmac.digest(self._secret, f"tarjotin link 1 {purpose} {text}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:SIGNATURE_BYTES]).rstrip(b"=").decode()


def make_link(
    connection: Connection,
    purpose: Purpose,
    email: str,
    now: datetime,
    expires_at: datetime,
    enrolment_id: int | None = None,
    identity_id: int | None = None,
) -> str:
    """Store a new link and return its id."""
    link_id = secrets.token_urlsafe(ID_BYTES)
    about = {"enrolment_id": enrolment_id, "identity_id": identity_id}
    connection.execute(link.insert().values(id=link_id, purpose=purpose, email=email, created_at=now, expires_at=expires_at, **about))
    return link_id


def open_link(connection: Connection, signer: Signer, purpose: Purpose, token: str, now: datetime) -> Link:
    """The link behind a token. Refuses with LinkUnknown or LinkExpired; changes nothing."""
    link_id = signer.link_id(purpose, token)
    columns = (link.c.id, link.c.purpose, link.c.enrolment_id, link.c.email, link.c.expires_at, link.c.used_at, link.c.identity_id)
    row = connection.execute(select(*columns).where(link.c.id == link_id, link.c.purpose == purpose)).first()
    if row is None:
        raise LinkUnknown
    found = Link(*row)
    if now >= found.expires_at:
        raise LinkExpired
    return found


def student_link_id(connection: Connection, enrolment_id: int) -> str:
    """The one link of a student to an enrolment, made with it."""
    wanted = select(link.c.id).where(link.c.enrolment_id == enrolment_id, link.c.purpose == "student")
    return str(connection.execute(wanted).scalar_one())
