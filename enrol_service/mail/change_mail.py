"""What the mails about late changes say beside the enrolment. To the offering school neither a name, a school nor a sum."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from enrol_service.enrolment.change import read_change
from enrol_service.enrolment.enrolments import read_enrolment
from enrol_service.enrolment.words import school_name
from enrol_service.mail.facts import course_rows
from enrol_service.mail.outbox import Message
from enrol_service.speech import Speech


def asked(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """To the offering school: what is asked for which course; None once it has been answered or taken back."""
    change = read_change(connection, message.facts["change"])
    if change.state != "asked":
        return None
    enrolment = read_enrolment(connection, change.enrolment_id)
    return {"change": change, "facts": course_rows(speech, enrolment), "school_name": school_name(speech, enrolment.offering_school_id)}


def answered(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """To whoever asked: the answer and what was written with it."""
    return {"change": read_change(connection, message.facts["change"])}
