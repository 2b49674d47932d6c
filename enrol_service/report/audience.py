"""Who reads a report, and so whose students are in it and what is told of each.

The offering school reads of those on its own courses, a protected student among them as `participant_of` says; a teacher reads of
the courses that are given to the teacher or to nobody. The home school reads of its own students, whole. The network reads counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import ColumnElement, exists, false, or_, select

from course_catalogue.model import SchoolId
from enrol_service.enrolment.enrolments import Enrolment
from enrol_service.enrolment.participant import Participant, participant_of
from enrol_service.permissions import ActName
from enrol_service.school.accounts import Staff
from enrol_service.speech import Speech
from enrol_service.tables import course_teacher, deputy
from enrol_service.tables import enrolment as rows

Side = Literal["offering_school", "home_school", "network"]

# Side → its word in the address, and the act that opens it.
SIDES: dict[Side, tuple[str, ActName]] = {
    "offering_school": ("courses", "see_offering_reports"),
    "home_school": ("students", "see_home_reports"),
    "network": ("network", "see_network_reports"),
}


@dataclass(frozen=True, slots=True)
class Audience:
    """One side of one school, or the network."""

    side: Side
    school_id: SchoolId
    accounts: bool  # sees sums and national learner IDs
    teacher: str | None = None  # the address of one who sees only the courses given to them, and those given to nobody

    @property
    def key(self) -> str:
        """Its name in an address: `courses-kuusikko`, `students-kuusikko`, `network`."""
        word = SIDES[self.side][0]
        return word if self.side == "network" else f"{word}-{self.school_id}"

    def hides(self, enrolment: Enrolment) -> bool:
        """Whether the school and the price of a student are kept from the audience."""
        return enrolment.protected and self.side != "home_school"


def audiences_of(person: Staff) -> tuple[Audience, ...]:
    """Every side that a person may read reports of: own courses, own students, the network."""
    found = []
    for side, (_, act) in SIDES.items():
        for school_id in person.schools_for(act):
            accounts = side != "offering_school" or person.may("see_payments", school_id)
            found.append(Audience(side, school_id, accounts, None if accounts else person.email))
    return tuple(found)


def scope(audience: Audience, today: date) -> ColumnElement[bool]:
    """The condition that an enrolment is the audience's to read about as a person. The network's is none."""
    if audience.side == "network":
        return false()
    if audience.side == "home_school":
        return rows.c.home_school_id == audience.school_id
    own = rows.c.offering_school_id == audience.school_id
    return own if audience.teacher is None else own & _taught(audience, today)


def _taught(audience: Audience, today: date) -> ColumnElement[bool]:
    """Courses given to the teacher, to whom the teacher is a deputy of, or to nobody."""
    given = course_teacher.c.course_id == rows.c.course_id
    for_now = (deputy.c.from_on <= today) & (deputy.c.until_on >= today) & deputy.c.ended_at.is_(None)
    lent = select(deputy.c.email).where(deputy.c.deputy_email == audience.teacher, deputy.c.school_id == audience.school_id, for_now)
    mine = or_(course_teacher.c.email == audience.teacher, course_teacher.c.email.in_(lent))
    return exists().where(given, mine) | ~exists().where(given)


def student_for(audience: Audience, enrolment: Enrolment, speech: Speech) -> Participant:
    """The student as the audience may see them: whole to the own school."""
    if audience.side != "home_school":
        return participant_of(enrolment, speech.catalogue, speech.language)
    return Participant(
        name=enrolment.name,
        email=enrolment.email,
        home_school="",
        group=enrolment.group_name,
        syllabus=enrolment.syllabus,
        learner_id=enrolment.learner_id,
        phone=enrolment.phone,
        message=enrolment.message,
    )
