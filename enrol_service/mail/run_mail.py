"""What is written about a run as a whole: to the home schools about all their students on it, to the offering school's coordinators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from enrol_service.enrolment.enrolments import on_run, pairs, read_enrolment
from enrol_service.enrolment.run import run_of
from enrol_service.enrolment.words import school_name
from enrol_service.mail import facts
from enrol_service.mail.outbox import Message
from enrol_service.speech import Speech
from enrol_service.states import HAS_PLACE
from enrol_service.tables import commitment, enrolment
from theme.address import codes


def to_home_school(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """To those who answer for a home school: all their students on the run of the one for whom the mail was posted.

    None once nobody of theirs is on a run that is held.
    """
    first, one = read_enrolment(connection, message.enrolment_id or 0), enrolment.c
    together = one.state.in_(sorted(HAS_PLACE)) & (commitment.c.state == "given")
    if message.kind != "course_confirmed":
        together = (one.state == "cancelled") & (one.state_at == message.created_at)
    concerned = pairs(connection, on_run(first.course_id, first.offering_id), one.home_school_id == first.home_school_id, together)
    if not concerned:
        return None
    rows = (
        facts.course_row(speech, first),
        facts.school_row(speech, first),
        facts.time_row(speech, first),
        *facts.price_rows(speech, first.home_school_id, [promised for _, promised in concerned]),
        facts.number_row(speech, [student for student, _ in concerned]),
    )
    return {"facts": rows, "count": len(concerned)}


def decided(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object] | None:
    """To the coordinators, without a student or a sum: how it was decided, and how many students it concerns.

    None once a run that was to be held has been cancelled after all.
    """
    course_id, offering_id, state = (str(message.facts[name]) for name in ("course", "offering", "state"))
    run = run_of(connection, course_id, offering_id)
    if state == "confirmed" and (run is None or run.is_off):
        return None
    course, offering = speech.catalogue.courses.get(course_id), speech.catalogue.offering(course_id, offering_id)
    rows = [(speech.gettext("Course"), f"{codes(course)} {course.title.to(speech.language)}".strip() if course else course_id)]
    if offering is not None and offering.starts_on and offering.ends_on:
        rows.append((speech.gettext("Time"), speech.wording.period(offering.starts_on, offering.ends_on)))
    school = school_name(speech, course_id.split("/")[0])
    return {"state": state, "count": message.facts["students"], "facts": tuple(rows), "school_name": school}
