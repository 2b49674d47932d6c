"""A student as the offering school may see them: the one place where a protected identity becomes an alias without a school."""

from __future__ import annotations

from dataclasses import dataclass

from course_catalogue.model import Catalogue, Language
from enrol_service.enrolments import Enrolment
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
