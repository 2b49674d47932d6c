"""docs/permissions.md, drawn from the table of acts and the tables of steps; a test fails when the file is stale."""

from __future__ import annotations

from collections.abc import Iterable

from enrol_service.permissions import ACTS, Side
from enrol_service.school.role import NETWORK_COORDINATOR, ROLES, Role
from enrol_service.states import COMMITMENT, ENROLMENT, NEW, ActorKind, Step, StepTable

HEAD = """# Who may do what

Drawn from `enrol_service/permissions.py` and `enrol_service/states.py` by `python -m enrol_service permissions > docs/permissions.md`.
A role holds in one school, and for that school's own enrolments alone. The student and the service have no roles: the student acts by
the link in the mail, the service when time is up and when somebody else's step asks for more.
"""
SIDES: dict[Side, str] = {
    "home_school": "For the home school",
    "offering_school": "For the offering school",
    "school": "For one's own school",
    "network": "For the network",
}
COLUMNS: tuple[Role, ...] = (*ROLES, NETWORK_COORDINATOR)
STEPPERS: tuple[tuple[str, ActorKind, Role | None], ...] = (
    ("student", "student", None),
    *((f"home: {role.replace('_', ' ')}", "home_school", role) for role in ("contact_person", "payer", "office")),
    *((f"offering: {role}", "offering_school", role) for role in ("coordinator", "teacher", "office")),
    ("service", "service", None),
)


def permissions_document() -> str:
    """The page's text."""
    return HEAD + "".join(_acts(side, title) for side, title in SIDES.items()) + _steps(ENROLMENT) + _steps(COMMITMENT)


def _acts(side: Side, title: str) -> str:
    rows = "".join(
        _row((f"`{name}`", act.means, *("yes" if role in act.roles else "–" for role in COLUMNS)))
        for name, act in ACTS.items()
        if act.side == side
    )
    return f"\n## {title}\n\n" + _head(("act", "what", *(role.replace("_", " ") for role in COLUMNS))) + rows


def _steps(table: StepTable) -> str:
    rows = "".join(
        _row(
            (
                "–" if state == NEW else f"`{state}`",
                name,
                *("yes" if _may(step, kind, role) else "–" for _, kind, role in STEPPERS),
            )
        )
        for state, steps in table.steps.items()
        for name, step in steps.items()
    )
    return f"\n## Steps of {table.noun}s\n\n" + _head(("state", "step", *(title for title, _, _ in STEPPERS))) + rows


def _may(step: Step, kind: ActorKind, role: Role | None) -> bool:
    return step.allows(kind, frozenset({role}) if role else frozenset())


def _head(cells: Iterable[str]) -> str:
    titles = tuple(cells)
    return _row(titles) + _row("---" for _ in titles)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
