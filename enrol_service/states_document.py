"""docs/states.md, drawn from the tables of steps; a test fails when the file is stale."""

from __future__ import annotations

from enrol_service.states import COMMITMENT, COMMITMENT_LIVE, ENROLMENT, HOLDS_SEAT, LIVE, NEW, Step, StepTable

HEAD = """# The steps of an enrolment and of a commitment

Drawn from `enrol_service/states.py` by `python -m enrol_service states > docs/states.md`. A step that is not here is refused, and
nothing happens. Each step writes an event in the same transaction.
"""


def states_document() -> str:
    """The page's text."""
    return HEAD + _section("Enrolment", ENROLMENT, _enrolment_notes()) + _section("Commitment", COMMITMENT, _commitment_notes())


def _section(title: str, table: StepTable, notes: str) -> str:
    every = [(state, name, step) for state, steps in table.steps.items() for name, step in steps.items()]
    diagram = "".join(f"    {'[*]' if state == NEW else state} --> {step.to}: {name}\n" for state, name, step in every)
    diagram += "".join(f"    {state} --> [*]\n" for state in table.states if not table.steps[state])
    rows = "".join(f"| {'–' if state == NEW else f'`{state}`'} | {name} | `{step.to}` | {_people(step)} |\n" for state, name, step in every)
    return (
        f"\n## {title}\n\n{notes}\n\n```mermaid\nstateDiagram-v2\n{diagram}```\n\n"
        f"| state | step | next state | who takes it |\n|---|---|---|---|\n{rows}"
    )


def _people(step: Step) -> str:
    return ", ".join(f"{kind} ({', '.join(sorted(roles))})" if roles else kind for kind, roles in step.by.items()).replace("_", " ")


def _listed(states: frozenset[str]) -> str:
    return ", ".join(f"`{state}`" for state in sorted(states))


def _enrolment_notes() -> str:
    return (
        f"Holds a seat in {_listed(HOLDS_SEAT)}. A student has at most one enrolment on an offering in {_listed(LIVE)}.\n"
        "The *service* acts when time is up, and when somebody else's step has freed a seat."
    )


def _commitment_notes() -> str:
    return f"May still cost the home school something in {_listed(COMMITMENT_LIVE)}."
