"""The rows of facts under a mail's words: course, school, time, price, number; each row a word and what it says."""

from __future__ import annotations

from collections.abc import Sequence

from enrol_service.enrolment.enrolments import Commitment, Enrolment
from enrol_service.enrolment.words import course_title, price_words, school_name
from enrol_service.speech import Money, Speech
from theme.address import codes

Row = tuple[str, str]


def course_row(speech: Speech, enrolment: Enrolment) -> Row:
    course = speech.catalogue.courses.get(enrolment.course_id)
    return speech.gettext("Course"), f"{codes(course) if course else ''} {course_title(speech, enrolment)}".strip()


def school_row(speech: Speech, enrolment: Enrolment) -> Row:
    return speech.gettext("Offered by"), school_name(speech, enrolment.offering_school_id)


def time_row(speech: Speech, enrolment: Enrolment) -> Row:
    when = speech.gettext("Own pace")
    if enrolment.starts_on and enrolment.ends_on:
        when = speech.wording.period(enrolment.starts_on, enrolment.ends_on)
    return speech.gettext("Time"), when


def price_rows(speech: Speech, home_school_id: str, commitments: Sequence[Commitment]) -> tuple[Row, ...]:
    """What the home school promises or owes, of several the sum; no row once nobody pays anything."""
    cents = sum((one.price_cents if one.state in ("asked", "given") else one.charged_cents) or 0 for one in commitments)
    if not cents:
        return ()
    price = Money(cents, commitments[0].currency)
    payer = school_name(speech, home_school_id)
    return ((speech.gettext("Price"), speech.gettext("%(price)s, paid by %(school)s", price=price, school=payer)),)


def own_price_rows(speech: Speech, payer: str, commitment: Commitment) -> tuple[Row, ...]:
    """To the student: first that it costs them nothing, then what the home school (`payer`, its name) pays."""
    cents = commitment.price_cents if commitment.state in ("asked", "given") else commitment.charged_cents
    return ((speech.gettext("Price"), price_words(speech, payer, Money(cents, commitment.currency))),) if cents else ()


def number_row(speech: Speech, enrolments: Sequence[Enrolment]) -> Row:
    numbers = ", ".join(one.number(speech.catalogue.network.time_zone) for one in enrolments)
    return speech.gettext("Number") if len(enrolments) == 1 else speech.gettext("Numbers"), numbers


def course_rows(speech: Speech, enrolment: Enrolment) -> tuple[Row, ...]:
    """An enrolment without its schools and its price: to students about grades, and to the offering school."""
    return course_row(speech, enrolment), time_row(speech, enrolment), number_row(speech, (enrolment,))
