"""The enrolment form as it arrives: every field read, tidied and judged, all at once, so that nothing typed is lost."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from course_catalogue.model import Catalogue, Course
from enrol_service.enrolment.email_address import plain_address
from enrol_service.enrolment.identity_code import has_identity_code
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
    TextTooLong,
    TextUnprintable,
)

# Field → most characters. Every field of the form, in its order; `protected` and `website` are yes or nothing.
MOST = {
    "course": 200,
    "offering": 100,
    "name": 100,
    "email": 254,
    "school": 100,
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
TYPED = ("name", "email", "group", "learner_id", "phone", "message")  # a person writes these freely
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
PRICES = re.compile(r"([a-z0-9-]{1,100}):([0-9]{1,9})/([0-9]{1,9})")
TEXT_DIRECTION = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # can make a name read as another
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

    def digest(self) -> str:
        """SHA-256 of what was typed and chosen: two forms with one key are the same form or they are not."""
        typed = [self.course_id, self.offering_id, self.name, self.email, self.school_id, self.group, self.syllabus]
        more = [self.learner_id, self.phone, self.message, self.protected]
        return hashlib.sha256(json.dumps(typed + more, ensure_ascii=False).encode()).hexdigest()


def typed_values(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of the form as typed, cut at a length that no honest form reaches; what is not a field is left out."""
    return {name: fields.get(name, "")[: MOST[name] + 1000] for name in MOST}


def read_form(fields: Mapping[str, str], catalogue: Catalogue, course: Course) -> EnrolmentForm:
    """Read the form of one course. Refuses with FormRefused, which holds every field that must be mended."""
    values = {name: _tidy(fields.get(name, ""), keep_lines=name == "message") for name in MOST}
    refused = [(name, refusal) for name in MOST if (refusal := _judge(name, values[name], catalogue, course))]
    if refused:
        raise FormRefused(tuple(refused))
    return EnrolmentForm(
        course_id=course.id,
        offering_id=values["offering"],
        name=values["name"],
        email=plain_address(values["email"]) or "",  # judged above: never empty
        school_id=values["school"],
        group=values["group"],
        syllabus=values["syllabus"],
        learner_id=values["learner_id"],
        phone=values["phone"],
        message=values["message"],
        protected=bool(fields.get("protected")),  # in doubt for the student: whatever the value
        key=values["key"] if KEY.fullmatch(values["key"]) else None,
        prices_shown={one: (int(member), int(outside)) for one, member, outside in PRICES.findall(values["prices_shown"])},
    )


def _tidy(text: str, *, keep_lines: bool) -> str:
    text = unicodedata.normalize("NFC", "".join(letter for letter in text if not _is_unseen(letter)))
    if keep_lines:
        return "\n".join(" ".join(line.split(" ")).rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
    return " ".join(text.split())


def _judge(name: str, value: str, catalogue: Catalogue, course: Course) -> Refusal | None:
    """Why a value cannot be taken, or None."""
    if len(value) > MOST[name]:
        return TextTooLong(most=MOST[name])
    if any(_is_unprintable(letter) for letter in value):
        return TextUnprintable()
    if name in TYPED and has_identity_code(value):
        return IdentityCodeFound()
    for_teachers = course.audience == TEACHERS
    missing: dict[str, tuple[bool, type[Refusal]]] = {
        "offering": (course.offering(value) is None, OfferingUnknown),
        "name": (sum(letter.isalpha() for letter in value) < 2, NameMissing),
        "email": (plain_address(value) is None, EmailIncomplete),
        "school": (value not in catalogue.schools, SchoolMissing),
        "group": (not value and not for_teachers, GroupMissing),
        "syllabus": (value not in (*SYLLABI, "") or (not value and not for_teachers), SyllabusMissing),
    }
    is_missing, refusal = missing.get(name, (False, NameMissing))
    return refusal() if is_missing else None


def _is_unseen(letter: str) -> bool:
    """Characters without width: they make two equal words differ, and hide what is judged. Those of direction are refused instead."""
    return letter not in TEXT_DIRECTION and unicodedata.category(letter) == "Cf"


def _is_unprintable(letter: str) -> bool:
    """Control, unassigned and text-direction characters. A surrogate cannot be stored at all."""
    if letter in TEXT_DIRECTION:
        return True
    return letter != "\n" and unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn")
