"""The boxes for roles on a form: which ones somebody may tick, and which were."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from course_catalogue.model import SchoolId
from enrol_service.school.accounts import NETWORK
from enrol_service.school.people import judge_gift
from enrol_service.school.role import NETWORK_COORDINATOR, ROLES, Role
from enrol_service.school.role_words import ROLE_MEANS, ROLE_NAMES


def roles_of(school_id: SchoolId) -> tuple[Role, ...]:
    """The roles there are in a school, or in the network."""
    return (NETWORK_COORDINATOR,) if school_id == NETWORK else ROLES


def role_words(school_id: SchoolId) -> tuple[tuple[str, str], ...]:
    """The name and the meaning of each role."""
    return tuple((ROLE_NAMES[role], ROLE_MEANS[role]) for role in roles_of(school_id))


def role_choices(school_id: SchoolId, giver: Collection[Role], has: Collection[Role] = ()) -> tuple[tuple[Role, str, str], ...]:
    """Role, its name and what it means, for each that the giver may give, and that the person has: it can be taken away."""
    offered = (role for role in roles_of(school_id) if role in has or judge_gift([role], giver) is None)
    return tuple((role, ROLE_NAMES[role], ROLE_MEANS[role]) for role in offered)


def roles_chosen(school_id: SchoolId, form: Mapping[str, str]) -> frozenset[Role]:
    return frozenset(role for role in roles_of(school_id) if form.get(f"role_{role}"))
