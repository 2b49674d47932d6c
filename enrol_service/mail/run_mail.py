"""What the offering school's coordinators read about a run of theirs as a whole: the course, the time, how many. No student, no sum."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from enrol_service.enrolment.run import run_of
from enrol_service.enrolment.words import school_name
from enrol_service.mail.outbox import Message
from enrol_service.speech import Speech
from theme.address import codes


def decided(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """How it was decided, and how many students it concerns. None once a run that was to be held has been cancelled after all."""
    course_id, offering_id, state = (str(message.facts[name]) for name in ("course", "offering", "state"))
    run = run_of(connection, course_id, offering_id)
    if state == "confirmed" and (run is None or run.is_off):
        return None
    course = speech.catalogue.courses.get(course_id)
    offering = course.offering(offering_id) if course else None
    facts = [(speech.gettext("Course"), f"{codes(course)} {course.title.to(speech.language)}".strip() if course else course_id)]
    if offering is not None and offering.starts_on and offering.ends_on:
        facts.append((speech.gettext("Time"), speech.wording.period(offering.starts_on, offering.ends_on)))
    school = school_name(speech, course_id.split("/")[0])
    return {"state": state, "count": message.facts["students"], "facts": tuple(facts), "school_name": school}
