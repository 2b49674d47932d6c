"""What the mails about late changes say beside the enrolment. To the offering school neither a name, a school nor a sum."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from enrol_service.enrolment.change import read_change
from enrol_service.enrolment.enrolments import Enrolment, read_enrolment
from enrol_service.mail.outbox import Message
from enrol_service.speech import Speech
from theme.address import codes


def asked(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """To the offering school: what is asked for which course; None once it has been answered or taken back."""
    change = read_change(connection, message.facts["change"])
    if change.state != "asked":
        return None
    enrolment = read_enrolment(connection, change.enrolment_id)
    school = speech.catalogue.schools.get(enrolment.offering_school_id)
    facts = (
        (speech.gettext("Course"), _course(speech, enrolment)),
        (speech.gettext("Time"), _time(speech, enrolment)),
        (speech.gettext("Number"), enrolment.number(speech.catalogue.network.time_zone)),
    )
    name = school.name.to(speech.language) if school else enrolment.offering_school_id
    return {"change": change, "facts": facts, "school_name": name}


def answered(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """To whoever asked: the answer and what was written with it."""
    return {"change": read_change(connection, message.facts["change"])}


def _course(speech: Speech, enrolment: Enrolment) -> str:
    course = speech.catalogue.courses.get(enrolment.course_id)
    return f"{codes(course)} {course.title.to(speech.language)}" if course else enrolment.title


def _time(speech: Speech, enrolment: Enrolment) -> str:
    if enrolment.starts_on and enrolment.ends_on:
        return speech.wording.period(enrolment.starts_on, enrolment.ends_on)
    return speech.gettext("Own pace")
