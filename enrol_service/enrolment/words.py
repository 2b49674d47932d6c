"""What an enrolment is called by its readers, in pages, reports and mails alike: its course, its schools, its place, why it was refused."""

from __future__ import annotations

from sqlalchemy import Connection, select

from course_catalogue.model import SchoolId
from enrol_service.enrolment.enrolments import Commitment, Enrolment
from enrol_service.enrolment.promised import promised_reasons
from enrol_service.enrolment.seats import rank_of
from enrol_service.school.directory import APPLICANT
from enrol_service.speech import Money, Speech
from enrol_service.tables import guest_school


def school_name(speech: Speech, school_id: SchoolId) -> str:
    """A school's name, or its id once it has left the content."""
    school = speech.catalogue.schools.get(school_id)
    return school.name.to(speech.language) if school else school_id


def price_words(speech: Speech, payer: str, price: Money) -> str:
    """`Sinulle 0 €. Kuusikon lukio maksaa 150,00 €.`: what a student reads of a price; `payer` is the home school's name."""
    nothing = speech.wording.money_short(0, price.currency)
    return speech.gettext("You pay %(nothing)s. %(school)s pays %(price)s.", nothing=nothing, school=payer, price=price)


def home_school_name(connection: Connection, speech: Speech, enrolment: Enrolment) -> str:
    """The name of the home school, also of one that the network has not admitted and that no list has any more."""
    if enrolment.home_school_id in speech.catalogue.schools:
        return school_name(speech, enrolment.home_school_id)
    typed = connection.execute(select(guest_school.c.name).where(guest_school.c.school_id == enrolment.home_school_id)).scalar()
    return typed or enrolment.home_school_id


def awaits_network(speech: Speech, enrolment: Enrolment) -> bool:
    """Whether the home school may answer only once the network has admitted it."""
    school = speech.catalogue.schools.get(enrolment.home_school_id)
    return school is not None and school.kind == APPLICANT


def course_title(speech: Speech, enrolment: Enrolment) -> str:
    """The course's title for the reader, or, once it has left the content, as the student knew it."""
    course = speech.catalogue.courses.get(enrolment.course_id)
    return course.title.to(speech.language) if course else enrolment.title


def place_in_line(connection: Connection, enrolment: Enrolment) -> int:
    """The rank of one who waits, from 1; 0 for who does not wait."""
    if enrolment.state != "queued":
        return 0
    return rank_of(connection, enrolment.course_id, enrolment.offering_id, enrolment.queue_number or 0)


def refusal_reason(connection: Connection, speech: Speech, commitment: Commitment) -> str:
    """The reason in the words of the agreement as it was, ended with a full stop; empty when nothing was refused."""
    if commitment.refusal_reason_id is None:
        return ""
    reasons = promised_reasons(connection, speech.catalogue, commitment)
    return next((one.text.to(speech.language).rstrip(".") + "." for one in reasons if one.id == commitment.refusal_reason_id), "")


def guest_reason(connection: Connection, enrolment: Enrolment) -> str:
    """Why the network did not admit the home school, in its own words; empty for all others."""
    refused = (guest_school.c.school_id == enrolment.home_school_id) & (guest_school.c.state == "refused")
    return connection.execute(select(guest_school.c.reason).where(refused)).scalar() or ""
