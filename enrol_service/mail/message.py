"""Messages of the offering school to the participants of a run: one mail each, so that nobody learns of another.

A protected student gets it too, relayed: the sender never sees the address, and the answer goes to the network's coordinator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from course_catalogue.model import Catalogue, CourseId, OfferingId
from enrol_service import tables
from enrol_service.enrolment.enrolments import read_enrolment
from enrol_service.enrolment.free_text import judged, tidied
from enrol_service.events import Actor
from enrol_service.links import student_link_id
from enrol_service.mail import outbox
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.run import BodyMissing, MessageRefused, NobodyChosen, SubjectMissing
from enrol_service.school.acting import record_act
from enrol_service.speech import Speech
from enrol_service.states import HAS_PLACE

SUBJECT_MOST = 120  # characters
BODY_MOST = 5000
ON_THE_COURSE = tuple(sorted(HAS_PLACE))  # whom a message to everybody reaches
WRITTEN_TO = (*ON_THE_COURSE, "completed", "failed")  # who may be chosen
SAME_WITHIN = timedelta(minutes=10)  # an equal message to the same people is a second click


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A row of `message` with the sender's name."""

    id: int
    subject: str
    body: str
    sent_at: datetime
    sender: str
    receivers: int


def send_message(
    connection: Connection,
    catalogue: Catalogue,
    course_id: CourseId,
    offering_id: OfferingId,
    subject: str,
    body: str,
    enrolment_ids: Iterable[int],
    actor: Actor,
    now: datetime,
) -> int:
    """Send a message to participants of a run; the message's number. Call inside a write transaction.

    1. The same again within SAME_WITHIN sends nothing and gives the first one's number.
    2. The message is stored, and each receiver gets a mail of their own.
    3. The journal says who wrote, and to how many.

    Refuses with MessageRefused, which holds every field that must be mended, and with NobodyChosen.
    """
    subject, body = read_message(subject, body)
    one = tables.enrolment.c
    here = (one.course_id == course_id) & (one.offering_id == offering_id) & one.state.in_(WRITTEN_TO)
    chosen = frozenset(connection.execute(select(one.id).where(here, one.id.in_(sorted(set(enrolment_ids))))).scalars())
    if not chosen:
        raise NobodyChosen
    sent = _sent_just_now(connection, (course_id, offering_id, subject, body), chosen, actor, now)
    if sent is not None:
        return sent
    row = tables.message.insert().values(
        course_id=course_id,
        offering_id=offering_id,
        subject=subject,
        body=body,
        sent_at=now,
        sent_by_id=actor.account_id,
        receivers=len(chosen),
    )
    message_id = int(connection.execute(row.returning(tables.message.c.id)).scalar_one())
    for enrolment_id in sorted(chosen):
        student, link_id = read_enrolment(connection, enrolment_id), student_link_id(connection, enrolment_id)
        facts = {"message": message_id}
        outbox.post(connection, "message", student.email, student.language, now, enrolment_id=enrolment_id, link_id=link_id, facts=facts)
    school_id = course_id.split("/")[0]
    record_act(connection, "write_messages", school_id, actor, now, message=message_id, receivers=len(chosen))
    return message_id


def read_message(subject: str, body: str) -> tuple[str, str]:
    """Subject and text as they are sent. Refuses with MessageRefused."""
    subject, body = tidied(subject), tidied(body, keep_lines=True)
    judgements: dict[str, Refusal | None] = {
        "subject": SubjectMissing() if not subject else judged(subject, most=SUBJECT_MOST),
        "body": BodyMissing() if not body else judged(body, most=BODY_MOST),
    }
    refused = tuple((name, refusal) for name, refusal in judgements.items() if refusal is not None)
    if refused:
        raise MessageRefused(refused)
    return subject, body


def sent_messages(connection: Connection, course_id: CourseId, offering_id: OfferingId) -> tuple[SentMessage, ...]:
    """The messages of a run, the newest first."""
    row, sender = tables.message.c, tables.account.c
    columns = (row.id, row.subject, row.body, row.sent_at, sender.name, row.receivers)
    found = select(*columns).join_from(tables.message, tables.account, sender.id == row.sent_by_id)
    here = (row.course_id == course_id) & (row.offering_id == offering_id)
    return tuple(SentMessage(*one) for one in connection.execute(found.where(here).order_by(row.id.desc())))


def message_said(connection: Connection, speech: Speech, mail: outbox.Message, now: datetime) -> Mapping[str, object]:
    """What the mail of a message says beside its frame, and where an answer to it goes."""
    row, sender = tables.message.c, tables.account.c
    columns = (row.course_id, row.subject, row.body, sender.name, sender.email, sender.school_id)
    found = select(*columns).join_from(tables.message, tables.account, sender.id == row.sent_by_id)
    course_id, subject, body, name, email, school_id = connection.execute(found.where(row.id == mail.facts["message"])).one()
    catalogue = speech.catalogue
    school, course = catalogue.schools.get(school_id), catalogue.courses.get(course_id)
    student = read_enrolment(connection, mail.enrolment_id) if mail.enrolment_id is not None else None
    relayed = student is not None and student.protected
    title = course.title.to(speech.language) if course else student.title if student else ""
    return {
        "facts": ((speech.gettext("Course"), title),),  # no price: an answer that quotes the mail goes to a teacher
        "typed_subject": subject,
        "lines": body.split("\n"),
        "sender": name,
        "sender_school": school.name.to(speech.language) if school else school_id,
        "relayed": relayed,
        "reply_to": "" if relayed else email,
    }


def _sent_just_now(
    connection: Connection, said: tuple[CourseId, OfferingId, str, str], chosen: frozenset[int], actor: Actor, now: datetime
) -> int | None:
    """The number of the message that said the same to the same people a moment ago, or None."""
    row, mail = tables.message.c, tables.outbox.c
    course_id, offering_id, subject, body = said
    same = (row.course_id == course_id) & (row.offering_id == offering_id) & (row.subject == subject) & (row.body == body)
    lately = same & (row.sent_by_id == actor.account_id) & (row.sent_at > now - SAME_WITHIN) & (row.receivers == len(chosen))
    for message_id, sent_at in connection.execute(select(row.id, row.sent_at).where(lately).order_by(row.id.desc())).all():
        mails = connection.execute(select(mail.enrolment_id, mail.facts).where(mail.kind == "message", mail.created_at == sent_at))
        if {enrolment_id for enrolment_id, facts in mails if facts.get("message") == message_id} == chosen:
            return int(message_id)
    return None
