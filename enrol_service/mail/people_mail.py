"""What the mails to people of a school say: an invitation, a deputy's days, the link that joins a sign-in to an address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from enrol_service.mail.outbox import Message
from enrol_service.school.accounts import NETWORK, name_of, own_membership, staff_of
from enrol_service.school.role_words import said_roles
from enrol_service.speech import Speech
from enrol_service.tables import account, deputy, identity


def invited(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """To somebody who has been given roles: by whom and for what; None once they have been taken away."""
    row = connection.execute(account.select().where(account.c.id == message.facts["account"])).one()
    found = own_membership(connection, speech.catalogue, row.email, row.school_id)
    if found is None:
        return None
    school = school_or_network(speech, row.school_id)
    facts = ((speech.gettext("School"), school), (speech.gettext("Roles"), said_roles(speech, found.roles)))
    return {"school": school, "by": name_of(connection, message.facts.get("by")), "facts": facts}


def deputy_named(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """To a deputy: whose, in which school and for which days; None once that has ended."""
    row = connection.execute(deputy.select().where(deputy.c.id == message.facts["deputy"])).one()
    lent = own_membership(connection, speech.catalogue, row.email, row.school_id)
    today = speech.catalogue.network.day_of(now)
    if lent is None or row.ended_at is not None or row.until_on < today:
        return None
    school = school_or_network(speech, row.school_id)
    facts = (
        (speech.gettext("School"), school),
        (speech.gettext("Deputy for"), lent.name),
        (speech.gettext("Roles"), said_roles(speech, lent.roles)),
        (speech.gettext("Time"), speech.wording.period(row.from_on, row.until_on)),
    )
    return {"school": school, "principal": lent.name, "from_on": row.from_on, "until_on": row.until_on, "facts": facts}


def identity_asked(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """To the address that somebody has typed after signing in elsewhere; None once the two are one, or the address has no rights."""
    row = connection.execute(identity.select().where(identity.c.id == message.facts["identity"])).first()
    if row is None or row.proved_at is not None or staff_of(connection, speech.catalogue, message.to_email, now) is None:
        return None
    return {}


def school_or_network(speech: Speech, school_id: str) -> str:
    """The name of a school, of the network, or the id of what has left the content."""
    if school_id == NETWORK:
        return speech.catalogue.network.name.to(speech.language)
    school = speech.catalogue.schools.get(school_id)
    return school.name.to(speech.language) if school else school_id
