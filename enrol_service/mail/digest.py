"""What staff are written is gathered: the first mail leaves at once, what comes in the next hours waits for one digest.

The digest says what awaits its reader when it leaves, each open request with a link of its own, and what has ended meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from course_catalogue.model import SchoolId
from enrol_service.enrolment.enrolments import pairs
from enrol_service.mail import outbox
from enrol_service.mail.outbox import Message
from enrol_service.refusals.base import sentence
from enrol_service.report.participants import STATE_WORDS
from enrol_service.school.accounts import Staff, staff_of
from enrol_service.speech import Money, Speech
from enrol_service.tables import commitment, enrolment, event, link
from enrol_service.tables import outbox as outbox_table
from enrol_service.todo import todo

WINDOW = timedelta(hours=4)
SPARE = timedelta(hours=2)  # a digest leaves so long before the earliest deadline it tells of
DIGEST = "digest"
# Kinds of mail to staff that are gathered. Those that a deadline sends, and answers to what the reader asked, leave at once.
GATHERED = frozenset(
    {"decide", "student_left", "course_cancelled", "not_started", "interrupted", "change_asked", "completion_published", "completion_queried"}
)
ENDED = frozenset({"withdrawn", "interrupted", "no_show", "cancelled"})

TODO_WORDS: Mapping[str, tuple[str, str]] = {
    "changes": (sentence("%(count)s late change to answer"), sentence("%(count)s late changes to answer")),
    "queries": (sentence("%(count)s question about a grade"), sentence("%(count)s questions about grades")),
    "completions": (sentence("%(count)s new grade to acknowledge"), sentence("%(count)s new grades to acknowledge")),
    "schools": (sentence("%(count)s school to admit"), sentence("%(count)s schools to admit")),
}


@dataclass(frozen=True, slots=True)
class Request:
    """An open request of a digest: no name of a student, they are on the page behind the link."""

    number: str
    title: str
    price: str
    answer_by_at: datetime
    rank: int  # 0 = has a seat
    link_id: str


def tell(
    connection: Connection,
    kind: str,
    email: str,
    language: str,
    now: datetime,
    *,
    due_at: datetime | None = None,
    enrolment_id: int | None = None,
    link_id: str | None = None,
    facts: Mapping[str, int] | None = None,
) -> None:
    """Post a mail of a gathered kind, or let it wait for the digest when another has left in the last hours.

    `due_at`: the deadline it tells of. Call inside the transaction that causes it.
    """
    last = _left_last(connection, email)
    if last is None or last + WINDOW <= now:
        outbox.post(connection, kind, email, language, now, enrolment_id=enrolment_id, link_id=link_id, facts=facts)
        return
    at = last + WINDOW if due_at is None else min(last + WINDOW, due_at - SPARE)
    gather(connection, email, language, max(at, now), now)


def gather(connection: Connection, email: str, language: str, at: datetime, now: datetime) -> None:
    """See to it that a digest leaves for the address at a moment, or before; one waits at a time."""
    mine = (outbox_table.c.to_email == email) & (outbox_table.c.kind == DIGEST) & outbox.WAITING
    waiting = connection.execute(select(outbox_table.c.id, outbox_table.c.next_attempt_at).where(mine)).first()
    if waiting is None:
        before = connection.execute(select(func.max(event.c.id)).where(event.c.at < now)).scalar() or 0
        outbox.post(connection, DIGEST, email, language, now, facts={"after_event": before}, not_before=at)
    elif at < waiting.next_attempt_at:
        connection.execute(outbox_table.update().where(outbox_table.c.id == waiting.id).values(next_attempt_at=at))


def contents(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """What a digest says at the moment it leaves; None when nothing awaits its reader and nothing has ended."""
    person = staff_of(connection, speech.catalogue, message.to_email, now)
    if person is None:
        return None
    requests = _requests(connection, speech, person, now)
    more = [
        speech.words.ngettext(*TODO_WORDS[one.kind], one.count) % {"count": one.count}
        for one in todo(connection, speech.catalogue, person, now)
        if one.kind in TODO_WORDS
    ]
    ended = _ended(connection, speech, person.schools_for("decide"), message.facts["after_event"])
    if not (requests or more or ended):
        return None
    due = min((one.answer_by_at for one in requests if not one.rank), default=None)
    return {"requests": requests, "also": more, "ended": ended, "due": due}


def _left_last(connection: Connection, email: str) -> datetime | None:
    """When the newest gathered mail to the address left, or will leave."""
    kinds = outbox_table.c.kind.in_((*sorted(GATHERED), DIGEST))
    left: datetime | None = connection.execute(
        select(func.max(outbox_table.c.next_attempt_at)).where(outbox_table.c.to_email == email, kinds)
    ).scalar()
    return left


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


def _ended(connection: Connection, speech: Speech, school_ids: tuple[SchoolId, ...], after: int) -> tuple[str, ...]:
    """The schools' enrolments that have ended since an event, by number, course and how."""
    ended = (event.c.noun == "enrolment") & event.c.to_state.in_(sorted(ENDED)) & (event.c.id > after)
    wanted = select(event.c.enrolment_id).where(ended)
    found = pairs(connection, enrolment.c.home_school_id.in_(school_ids), enrolment.c.id.in_(wanted), enrolment.c.state.in_(sorted(ENDED)))
    zone = speech.catalogue.network.time_zone
    return tuple(f"{one.number(zone)}, {one.title}: {speech.gettext(STATE_WORDS[one.state])}" for one, _ in found)
