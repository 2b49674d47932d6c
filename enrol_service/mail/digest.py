"""The digest: what awaits its reader when it leaves, each open request with a link of its own, and what has happened meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from enrol_service.enrolment.enrolments import pairs
from enrol_service.mail.news import news
from enrol_service.mail.outbox import Message
from enrol_service.school.accounts import Staff, staff_of
from enrol_service.speech import Money, Speech
from enrol_service.tables import commitment, enrolment, link
from enrol_service.todo import todo


@dataclass(frozen=True, slots=True)
class Request:
    """An open request of a digest: no name of a student, they are on the page behind the link."""

    number: str
    title: str
    price: str
    answer_by_at: datetime
    rank: int  # 0 = has a seat
    link_id: str


def contents(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """What a digest says at the moment it leaves; None when nothing awaits its reader and nothing has happened."""
    person = staff_of(connection, speech.catalogue, message.to_email, now)
    if person is None:
        return None
    requests = _requests(connection, speech, person, now)
    also = [one for one in todo(connection, speech.catalogue, person, now) if one.kind != "requests"]
    happened = news(connection, speech, message, person.schools_for("decide"))
    if not (requests or also or happened):
        return None
    due = min((one.answer_by_at for one in requests if not one.rank), default=None)
    return {"requests": requests, "also": also, "news": happened, "due": due}


def _requests(connection: Connection, speech: Speech, person: Staff, now: datetime) -> tuple[Request, ...]:
    """Open requests, those that must be answered first, first."""
    mine = enrolment.c.home_school_id.in_(person.schools_for("decide"))
    found = pairs(connection, mine, commitment.c.state == "asked", commitment.c.answer_by_at > now)
    links = _links(connection, person, [one.id for one, _ in found])
    zone = speech.catalogue.network.time_zone
    requests = [
        Request(
            number=one.number(zone),
            title=one.title,
            price=speech.write(Money(promised.price_cents, promised.currency)),
            answer_by_at=promised.answer_by_at,
            rank=int(one.state == "queued"),
            link_id=links[one.id],
        )
        for one, promised in found
        if one.id in links
    ]
    return tuple(sorted(requests, key=lambda one: (one.rank, one.answer_by_at, one.number)))


def _links(connection: Connection, person: Staff, enrolment_ids: list[int]) -> dict[int, str]:
    """The newest link of the person to each decision."""
    mine = (link.c.email == person.email) & (link.c.purpose == "decide") & link.c.enrolment_id.in_(enrolment_ids)
    rows = connection.execute(select(link.c.enrolment_id, link.c.id).where(mine).order_by(link.c.created_at))
    return {enrolment_id: link_id for enrolment_id, link_id in rows}
