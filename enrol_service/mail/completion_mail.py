"""What the mails about completions say beside the enrolment. No grade, no name; to the offering school neither a school nor a sum."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from enrol_service.enrolment.enrolments import read_enrolment
from enrol_service.enrolment.words import school_name
from enrol_service.mail.facts import course_rows
from enrol_service.mail.outbox import Message
from enrol_service.speech import Speech
from enrol_service.tables import completion


def of_student(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """To the student: the course without its price. None while nothing is published."""
    done = (completion.c.enrolment_id == message.enrolment_id) & (completion.c.state == "published")
    if message.enrolment_id is None or connection.execute(select(completion.c.id).where(done).limit(1)).first() is None:
        return None
    return {"facts": course_rows(speech, read_enrolment(connection, message.enrolment_id))}


def published(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """To the home school: how many of its students have been assessed in one act."""
    return {"count": message.facts["count"]}


def about_one(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """One completion: its course, time and number. None once a newer version has been published."""
    one = select(completion.c.enrolment_id, completion.c.version).where(completion.c.id == message.facts["completion"])
    enrolment_id, version = connection.execute(one).one()
    newer = (completion.c.enrolment_id == enrolment_id) & (completion.c.version > version) & (completion.c.state == "published")
    if connection.execute(select(completion.c.id).where(newer).limit(1)).first() is not None:
        return None
    enrolment = read_enrolment(connection, enrolment_id)
    return {"facts": course_rows(speech, enrolment), "school_name": school_name(speech, enrolment.offering_school_id)}
