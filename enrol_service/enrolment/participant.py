"""A student as the offering school may see them: the one place that decides what is told of whom.

Only a student who has, or has had, a confirmed seat is told by name: `has_had_seat`. Until the home school has approved, and
when it never did, the offering school sees a number of students and nothing of each. A protected identity is an alias without
a school; and without a price, for the price would tell whether the school is a member. Teachers see what teaching needs:
neither prices nor the national learner ID. content/pages/*/privacy.md says the same to students.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists

from course_catalogue.model import Catalogue, Language
from enrol_service.enrolment.enrolments import Enrolment
from enrol_service.tables import enrolment as rows
from enrol_service.tables import event
from theme.translation import translation


@dataclass(frozen=True, slots=True)
class Participant:
    """What pages, files and mails for the offering side may hold. Empty where the identity is protected."""

    name: str
    email: str
    home_school: str
    group: str
    syllabus: str
    learner_id: str
    phone: str
    message: str


def has_had_seat() -> ColumnElement[bool]:
    """The condition that an enrolment has been confirmed at some time, whatever became of it later."""
    return exists().where(event.c.enrolment_id == rows.c.id, event.c.noun == "enrolment", event.c.to_state == "placed")


def participant_of(enrolment: Enrolment, catalogue: Catalogue, language: Language) -> Participant:
    """The student as the offering side sees them. A protected one is written to through the network's coordinator."""
    if enrolment.protected:
        name = translation(language).gettext("Student %(alias)s") % {"alias": enrolment.alias}
        return Participant(name, "", "", "", enrolment.syllabus, "", "", "")
    school = catalogue.schools.get(enrolment.home_school_id)
    return Participant(
        name=enrolment.name,
        email=enrolment.email,
        home_school=school.name.to(language) if school else enrolment.home_school_id,
        group=enrolment.group_name,
        syllabus=enrolment.syllabus,
        learner_id=enrolment.learner_id,
        phone=enrolment.phone,
        message=enrolment.message,
    )
