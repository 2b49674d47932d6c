"""The boxes for roles on a form: which ones somebody may tick, and which were."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from enrol_service.school.role import PAYERS, ROLES, Role
from enrol_service.school.role_words import ROLE_MEANS, ROLE_NAMES

ROLE_WORDS = tuple((ROLE_NAMES[role], ROLE_MEANS[role]) for role in ROLES)


def role_choices(giver: Collection[Role], has: Collection[Role] = ()) -> tuple[tuple[Role, str, str], ...]:
    """Role, its name and what it means, for each that the giver may give, and that the person has: it can be taken away."""
    offered = (role for role in ROLES if role not in PAYERS or PAYERS & set(giver) or role in has)
    return tuple((role, ROLE_NAMES[role], ROLE_MEANS[role]) for role in offered)


def roles_chosen(form: Mapping[str, str]) -> frozenset[Role]:
    return frozenset(role for role in ROLES if form.get(f"role_{role}"))
