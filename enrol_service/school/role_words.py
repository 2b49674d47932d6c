"""The roles in people's words: what each is called, and in one line what it may do. The table of rights is permissions.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from enrol_service.refusals.base import sentence
from enrol_service.school.role import NETWORK_COORDINATOR, ROLES, Role
from enrol_service.speech import Speech

ROLE_NAMES: Mapping[Role, str] = {
    "contact_person": sentence("contact person"),
    "payer": sentence("payer"),
    "coordinator": sentence("coordinator"),
    "teacher": sentence("teacher"),
    "office": sentence("office"),
    NETWORK_COORDINATOR: sentence("network coordinator"),
}
ROLE_MEANS: Mapping[Role, str] = {
    "contact_person": sentence("Decides on the requests of the school's students, enrols students and looks after the school's people."),
    "payer": sentence("Does what the contact person does, and may let requests within a budget be approved by themselves."),
    "coordinator": sentence("Answers for the school's courses: places, queue, late changes and cancelling. Also stands in for a teacher."),
    "teacher": sentence("Sees the participants of the courses, marks who has begun and gives the grades."),
    "office": sentence("Sees students, participants and sums, and acknowledges completions."),
    NETWORK_COORDINATOR: sentence("Admits schools and looks after the whole network."),
}


def in_order(roles: Iterable[Role]) -> tuple[Role, ...]:
    """Roles in the order of the table above; what is no role any more comes last."""
    order = {role: number for number, role in enumerate((*ROLES, NETWORK_COORDINATOR))}
    return tuple(sorted(roles, key=lambda role: (order.get(role, len(order)), role)))


def said_roles(speech: Speech, roles: Iterable[Role]) -> str:
    """`contact person and payer`, in the reader's language."""
    return speech.wording.listed([speech.gettext(ROLE_NAMES.get(role, role)) for role in in_order(roles)])
