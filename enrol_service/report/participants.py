"""The participant report: one row per student with a confirmed seat, present or past.

Who is in it and what is told of each, audience.py decides: to the offering school nobody who never had a confirmed seat; of a
protected student neither the home school nor a sum that would betray it; to a teacher neither sums nor the national learner ID.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from enrol_service.enrolment.participant import Participant
from enrol_service.enrolment.words import course_title, school_name
from enrol_service.refusals.base import sentence
from enrol_service.report.audience import Audience, student_for
from enrol_service.report.columns import EVERYWHERE, PRINTED, Column, columns_for
from enrol_service.report.csv_file import MARK, csv_lines
from enrol_service.report.place import Place, places
from enrol_service.report.selection import Selection, chosen, of_subject
from enrol_service.speech import Money, Speech
from enrol_service.state_words import STATE_WORDS
from theme.address import codes

ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class ParticipantLine:
    """A row: the seat, the student as the audience sees them, the name of the other school, and whether sums are hidden."""

    place: Place
    student: Participant
    other_school: str
    hidden: bool


Line = ParticipantLine


def participant_lines(
    connection: Connection, speech: Speech, audience: Audience, *conditions: Any, after: int = 0, most: int | None = None
) -> tuple[ParticipantLine, ...]:
    """The rows that an audience may see, in the order of asking. The conditions are to keep to the audience: see `scope`."""
    return tuple(_line(speech, audience, one) for one in places(connection, *conditions, after=after, most=most))


def asked(selection: Selection, audience: Audience, speech: Speech) -> tuple[Any, ...]:
    """The conditions of a selection."""
    subject = (of_subject(selection.subject, speech.catalogue),) if selection.subject else ()
    return (chosen(selection, audience, speech.catalogue), *subject)


def participants_csv(connect: Callable[[], Any], speech: Speech, *conditions: Any, for_teacher: bool = False) -> Iterator[str]:
    """An offering school's report in pieces. `connect` opens a reading connection for each, so a slow reader holds nothing open."""
    return _pieces(connect, speech, Audience("offering_school", "", accounts=not for_teacher), *conditions)


def _pieces(connect: Callable[[], Any], speech: Speech, audience: Audience, *conditions: Any) -> Iterator[str]:
    columns = columns_for(COLUMNS, audience, "csv")
    yield MARK + csv_lines(speech, [[speech.gettext(column.title) for column in columns]])
    last = 0
    while True:
        with connect() as connection:
            lines = participant_lines(connection, speech, audience, *conditions, after=last, most=ROWS_AT_ONCE)
        if not lines:
            return
        last = lines[-1].place.enrolment.id
        yield csv_lines(speech, ([column.read(speech, line) for column in columns] for line in lines))


def _line(speech: Speech, audience: Audience, place: Place) -> ParticipantLine:
    one = place.enrolment
    student = student_for(audience, one, speech)
    home = audience.side == "home_school"
    return ParticipantLine(
        place, student, school_name(speech, one.offering_school_id) if home else student.home_school, audience.hides(one)
    )


def course_words(speech: Speech, place: Place) -> str:
    """The course by its codes and title, as far as the catalogue has it."""
    course = speech.catalogue.courses.get(place.enrolment.course_id)
    return f"{codes(course) if course else ''} {course_title(speech, place.enrolment)}".strip()


def run_words(speech: Speech, place: Place) -> str:
    """The run by its label, or its id once it has left the content."""
    course = speech.catalogue.courses.get(place.enrolment.course_id)
    offering = course.offering(place.enrolment.offering_id) if course else None
    return offering.label.to(speech.language) if offering else place.enrolment.offering_id


def numbered(speech: Speech, line: Line) -> str:
    return line.place.enrolment.number(speech.catalogue.network.time_zone)


def _sum(line: Line, cents: int | None) -> Money | None:
    return None if cents is None or line.hidden else Money(cents, line.place.currency)


COLUMNS: tuple[Column[Line], ...] = (
    Column("number", sentence("Number"), lambda s, r: numbered(s, r), shapes=EVERYWHERE, width=14),
    Column("course_id", sentence("Course"), lambda s, r: r.place.enrolment.course_id, width=28),
    Column("title", sentence("Course title"), lambda s, r: course_title(s, r.place.enrolment), shapes=EVERYWHERE, width=28),
    Column("offering", sentence("Run"), lambda s, r: r.place.enrolment.offering_id, shapes=PRINTED, width=13),
    Column("starts_on", sentence("Starts"), lambda s, r: r.place.enrolment.starts_on, "day", shapes=EVERYWHERE, width=11),
    Column("ends_on", sentence("Ends"), lambda s, r: r.place.enrolment.ends_on, "day", shapes=PRINTED, width=11),
    Column("student", sentence("Student"), lambda s, r: r.student.name, shapes=EVERYWHERE, width=22),
    Column("email", sentence("Email"), lambda s, r: r.student.email, width=30),
    Column(
        *("home_school", sentence("Home school"), lambda s, r: r.other_school),
        sides=frozenset({"offering_school"}),
        shapes=EVERYWHERE,
        width=22,
    ),
    Column(
        *("offering_school", sentence("Offering school"), lambda s, r: r.other_school),
        sides=frozenset({"home_school"}),
        shapes=EVERYWHERE,
        width=22,
    ),
    Column("group", sentence("Group"), lambda s, r: r.student.group, shapes=EVERYWHERE, width=8),
    Column("syllabus", sentence("Syllabus"), lambda s, r: r.student.syllabus, width=12),
    Column("learner_id", sentence("National learner ID"), lambda s, r: r.student.learner_id, accounts=True, width=28),
    Column("phone", sentence("Phone"), lambda s, r: r.student.phone, width=16),
    Column("message", sentence("Message"), lambda s, r: r.student.message, width=30),
    Column("protected", sentence("Protected identity"), lambda s, r: s.gettext("yes") if r.place.enrolment.protected else "", width=12),
    Column("state", sentence("State"), lambda s, r: s.gettext(STATE_WORDS[r.place.enrolment.state]), shapes=EVERYWHERE, width=18),
    Column("contact", sentence("First contact"), lambda s, r: r.place.enrolment.first_contact_on, "day", shapes=PRINTED, width=11),
    Column("enrolled", sentence("Enrolled"), lambda s, r: r.place.enrolment.created_at, "moment", width=16),
    Column("decided", sentence("Decided"), lambda s, r: r.place.decided_at, "moment", accounts=True, width=16),
    Column(
        *("price", sentence("Price"), lambda s, r: _sum(r, r.place.promised_cents), "money"),
        accounts=True,
        shapes=EVERYWHERE,
        added=True,
        width=11,
    ),
    Column(
        *("charged", sentence("To be paid"), lambda s, r: _sum(r, r.place.owed_cents), "money"),
        accounts=True,
        shapes=EVERYWHERE,
        added=True,
        width=11,
    ),
    Column("currency", sentence("Currency"), lambda s, r: "" if r.hidden else r.place.currency, accounts=True, width=8),
    Column("rule", sentence("Price rule"), lambda s, r: "" if r.hidden else r.place.price_rule_id, accounts=True, width=20),
)
