"""Keys to the API: a school's own, each with scopes. A key acts in the name of the person who made it and never may more than they.

The key is shown once; the database holds its SHA-256.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, select

from course_catalogue.model import Catalogue, SchoolId
from enrol_service.enrolment.free_text import judged, tidied
from enrol_service.events import Actor
from enrol_service.permissions import ACTS, ActName
from enrol_service.refusals.api import LifeUnknown, ScopeMissing, ScopeNotYours, TokenNameMissing, TokenUnknown
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.enrolling import FormRefused
from enrol_service.refusals.web import NotFound
from enrol_service.school.accounts import Staff, staff_of
from enrol_service.school.acting import actor_for, record_act
from enrol_service.tables import account, api_answer, api_token

PREFIX = "tarjotin_"  # so that a key that has leaked into a file can be found
KEY = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")
LIVES = (30, 90, 365)  # days
ANSWERS_KEPT = timedelta(hours=24)  # a program that repeats a request does so long before; an answer holds names
USED_EVERY = timedelta(hours=1)  # the last use is kept to the hour
NAME_LENGTH = 100
SCOPES: tuple[ActName, ...] = tuple(name for name, act in ACTS.items() if act.side != "network" and name != "manage_tokens")


@dataclass(frozen=True, slots=True)
class Token:
    """A row of `api_token`; see tables.py for each column."""

    id: int
    school_id: SchoolId
    name: str
    scopes: tuple[ActName, ...]
    created_at: datetime
    created_by_id: int
    expires_at: datetime
    used_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls the API: a key of one school, and the person in whose name it acts."""

    token: Token
    person: Staff

    @property
    def school_id(self) -> SchoolId:
        return self.token.school_id

    def actor(self, connection: Connection, act: ActName, now: datetime) -> Actor:
        """The actor of a step. Refuses with ScopeMissing, and with NotYours once the person has lost the right."""
        self.needs(act)
        return actor_for(connection, self.person, act, self.school_id, now, self.token.id)

    def may(self, act: ActName) -> bool:
        """Whether the key has the scope and the person still has the right."""
        return act in self.token.scopes and self.person.may(act, self.school_id)

    def needs(self, act: ActName) -> None:
        """Refuse with ScopeMissing unless the key may."""
        if not self.may(act):
            raise ScopeMissing(scope=act)


def make_token(
    connection: Connection,
    person: Staff,
    school_id: SchoolId,
    name: str,
    scopes: Iterable[ActName],
    days: int,
    now: datetime,
    key: str | None = None,
) -> str:
    """A new key, to be shown once; `days` of LIVES. Call inside a write transaction.

    `key`: the one to be made, so that a form that comes twice makes one; None makes a random one.

    Refuses with NotYours, and with FormRefused, which holds every field that must be mended.
    """
    actor = actor_for(connection, person, "manage_tokens", school_id, now)
    wanted, title = tuple(dict.fromkeys(scopes)), tidied(name)
    judged_fields: dict[str, Refusal | None] = {
        "name": judged(title, most=NAME_LENGTH) if title else TokenNameMissing(),
        "scopes": None if wanted and set(wanted) <= set(scopes_of(person, school_id)) else ScopeNotYours(),
        "days": None if days in LIVES else LifeUnknown(),
    }
    if refused := tuple((field, refusal) for field, refusal in judged_fields.items() if refusal is not None):
        raise FormRefused(refused)
    key = key or PREFIX + secrets.token_urlsafe(32)
    if connection.execute(select(api_token.c.id).where(api_token.c.digest == _digest(key))).first() is not None:
        return key
    row = api_token.insert().values(
        school_id=school_id,
        name=title,
        digest=_digest(key),
        scopes=list(wanted),
        created_at=now,
        created_by_id=actor.account_id,
        expires_at=now + timedelta(days=days),
    )
    number = int(connection.execute(row.returning(api_token.c.id)).scalar_one())
    record_act(connection, "manage_tokens", school_id, actor, now, did="made", token=number, scopes=list(wanted))
    return key


def token_of_key(connection: Connection, key: str) -> Token | None:
    """The row of a key, also of one that opens nothing any more."""
    return next(iter(tokens_of(connection, api_token.c.digest == _digest(key))), None)


def scopes_of(person: Staff, school_id: SchoolId) -> tuple[ActName, ...]:
    """The scopes that a person may give to a key of a school: the rights that the person has there."""
    return tuple(one for one in SCOPES if person.may(one, school_id))


def end_token(connection: Connection, person: Staff, token_id: int, now: datetime) -> bool:
    """End a key at once; False when it had ended. Another school's, and none, are NotFound. Call inside a write transaction."""
    token = next(iter(tokens_of(connection, api_token.c.id == token_id)), None)
    if token is None or not person.may("manage_tokens", token.school_id):
        raise NotFound
    actor = actor_for(connection, person, "manage_tokens", token.school_id, now)
    here = (api_token.c.id == token_id) & api_token.c.ended_at.is_(None)
    if connection.execute(api_token.update().where(here).values(ended_at=now)).rowcount == 0:
        return False
    record_act(connection, "manage_tokens", token.school_id, actor, now, did="ended", token=token_id)
    return True


def tokens_of(connection: Connection, *conditions: object) -> tuple[Token, ...]:
    """Keys in the order of making."""
    rows = connection.execute(select(*COLUMNS).where(*conditions).order_by(api_token.c.id))  # type: ignore[arg-type]
    return tuple(_token(row) for row in rows)


def caller_of(connection: Connection, catalogue: Catalogue, key: str, now: datetime) -> Caller:
    """Who calls with a key. Refuses with TokenUnknown: unknown, ended, expired, or its person has left the school."""
    if not KEY.fullmatch(key):
        raise TokenUnknown
    row = connection.execute(
        select(*COLUMNS, account.c.email).join_from(api_token, account).where(api_token.c.digest == _digest(key))
    ).first()
    token = _token(row[:-1]) if row else None
    if row is None or token is None or token.ended_at is not None or now >= token.expires_at:
        raise TokenUnknown
    person = staff_of(connection, catalogue, row.email, now)
    if person is None or not person.roles_in(token.school_id):
        raise TokenUnknown
    return Caller(token, person)


def is_mark_due(token: Token, now: datetime) -> bool:
    return token.used_at is None or token.used_at + USED_EVERY <= now


def mark_used(connection: Connection, token: Token, now: datetime) -> None:
    """Keep when a key was last used, to the hour. Call inside a write transaction."""
    if is_mark_due(token, now):
        connection.execute(api_token.update().where(api_token.c.id == token.id).values(used_at=now))


def old_answers(now: datetime) -> ColumnElement[bool]:
    """The condition on `api_answer` that an answer need not be known any more."""
    return api_answer.c.created_at <= now - ANSWERS_KEPT


COLUMNS = tuple(api_token.c[name] for name in Token.__slots__)


def _token(row: tuple[object, ...]) -> Token:
    values = dict(zip(Token.__slots__, row, strict=True))
    return Token(**{**values, "scopes": tuple(values["scopes"])})  # type: ignore[arg-type]


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
