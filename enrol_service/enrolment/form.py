"""The enrolment form as it arrives: every field read, tidied and judged, all at once, so that nothing typed is lost."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from course_catalogue.model import Catalogue, Course
from enrol_service.enrolment.email_address import plain_address
from enrol_service.enrolment.free_text import judged, tidied
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.enrolling import (
    EmailIncomplete,
    FormRefused,
    GroupMissing,
    IdentityCodeFound,
    NameMissing,
    OfferingUnknown,
    SchoolMissing,
    SyllabusMissing,
)
from enrol_service.refusals.guest import OtherContactMissing, OtherSchoolMissing

# Field → most characters. Every field of the form, in its order; `protected` and `website` are yes or nothing.
MOST = {
    "course": 200,
    "offering": 100,
    "name": 100,
    "email": 254,
    "school": 100,
    "other_school": 120,
    "other_contact": 254,
    "group": 40,
    "syllabus": 20,
    "learner_id": 40,
    "phone": 30,
    "message": 2000,
    "protected": 20,
    "website": 200,
    "key": 64,
    "prices_shown": 4000,
}
SYLLABI = ("nuoret", "aikuiset", "ammatillinen", "muu")
TYPED = ("name", "email", "other_school", "other_contact", "group", "learner_id", "phone", "message")  # a person writes these freely
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
OTHER = "other"  # chosen instead of a school of the list
PRICES = re.compile(r"([a-z0-9-]{1,100}):([0-9]{1,9})/([0-9]{1,9})")
TEACHERS = ("opettajat",)  # a course for teachers alone asks for neither group nor syllabus


@dataclass(frozen=True, slots=True)
class EnrolmentForm:
    """A form that can be judged by the rules. Texts are tidy, the e-mail address is as `plain_address` writes it."""

    course_id: str
    offering_id: str
    name: str
    email: str
    school_id: str
    group: str
    syllabus: str
    learner_id: str
    phone: str
    message: str
    protected: bool
    key: str | None
    prices_shown: Mapping[str, tuple[int, int]]  # offering → (cents for a member, cents for an outside school)
    other_school: str = ""  # the name of a school that the list has not
    other_contact: str = ""  # an address there, as `plain_address` writes it

    def digest(self) -> str:
        """SHA-256 of what was typed and chosen: two forms with one key are the same form or they are not."""
        typed = [self.course_id, self.offering_id, self.name, self.email, self.school_id, self.group, self.syllabus]
        more = [self.learner_id, self.phone, self.message, self.protected, self.other_school, self.other_contact]
        return hashlib.sha256(json.dumps(typed + more, ensure_ascii=False).encode()).hexdigest()


def typed_values(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of the form as typed, cut at a length that no honest form reaches; what is not a field is left out."""
    return {name: fields.get(name, "")[: MOST[name] + 1000] for name in MOST}


def read_form(fields: Mapping[str, str], catalogue: Catalogue, course: Course) -> EnrolmentForm:
    """Read the form of one course. Refuses with FormRefused, which holds every field that must be mended."""
    values = {name: tidied(fields.get(name, ""), keep_lines=name == "message") for name in MOST}
    elsewhere = values["school"] == OTHER
    if not elsewhere:
        values |= {"other_school": "", "other_contact": ""}
    refused = [(name, refusal) for name in MOST if (refusal := _judge(name, values[name], catalogue, course, elsewhere=elsewhere))]
    if refused:
        raise FormRefused(tuple(refused))
    return EnrolmentForm(
        course_id=course.id,
        offering_id=values["offering"],
        name=values["name"],
        email=plain_address(values["email"]) or "",  # judged above: never empty
        school_id="" if elsewhere else values["school"],
        group=values["group"],
        syllabus=values["syllabus"],
        learner_id=values["learner_id"],
        phone=values["phone"],
        message=values["message"],
        protected=bool(fields.get("protected")),  # in doubt for the student: whatever the value
        key=values["key"] if KEY.fullmatch(values["key"]) else None,
        prices_shown={one: (int(member), int(outside)) for one, member, outside in PRICES.findall(values["prices_shown"])},
        other_school=values["other_school"],
        other_contact=plain_address(values["other_contact"]) or "",
    )


def _judge(name: str, value: str, catalogue: Catalogue, course: Course, *, elsewhere: bool) -> Refusal | None:
    """Why a value cannot be taken, or None."""
    refusal = judged(value, most=MOST[name])
    if refusal is not None and (name in TYPED or not isinstance(refusal, IdentityCodeFound)):
        return refusal
    for_teachers = course.audience == TEACHERS
    missing: dict[str, tuple[bool, type[Refusal]]] = {
        "offering": (course.offering(value) is None, OfferingUnknown),
        "name": (sum(any(map(str.isalpha, word)) for word in value.split()) < 2, NameMissing),
        "email": (plain_address(value) is None, EmailIncomplete),
        "school": (value not in catalogue.schools and not elsewhere, SchoolMissing),
        "other_school": (elsewhere and sum(letter.isalpha() for letter in value) < 4, OtherSchoolMissing),
        "other_contact": (elsewhere and plain_address(value) is None, OtherContactMissing),
        "group": (not value and not for_teachers, GroupMissing),
        "syllabus": (value not in (*SYLLABI, "") or (not value and not for_teachers), SyllabusMissing),
    }
    is_missing, said = missing.get(name, (False, NameMissing))
    return said() if is_missing else None
