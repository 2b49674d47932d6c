"""The steps an enrolment and a commitment may take, as data: state → step → the next state and who may take it.

Everything about steps lives here. Pages, commands, docs/states.md and tests read these tables; no other place knows a step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from enrol_service.refusals import IllegalStep

State = str
StepName = str
ActorKind = Literal["student", "home_school", "offering_school", "service"]

NEW: State = "new"  # before the first step; never stored


@dataclass(frozen=True, slots=True)
class Step:
    to: State
    by: tuple[ActorKind, ...]


@dataclass(frozen=True, slots=True)
class StepTable:
    """All steps of one noun. A state without steps is a last one."""

    noun: Literal["enrolment", "commitment"]
    steps: Mapping[State, Mapping[StepName, Step]]

    @property
    def states(self) -> tuple[State, ...]:
        return tuple(state for state in self.steps if state != NEW)

    def names(self) -> tuple[StepName, ...]:
        """Every step of the table, in order of first appearance."""
        return tuple(dict.fromkeys(name for row in self.steps.values() for name in row))

    def after(self, state: State, step: StepName, actor: ActorKind) -> State:
        """The state after `step`. Refuses with IllegalStep, and nothing happens, when the table does not allow it."""
        found = self.steps[state].get(step)
        if found is None or actor not in found.by:
            raise IllegalStep(noun=self.noun, state=state, step=step, actor=actor)
        return found.to


STUDENT: ActorKind = "student"
HOME: ActorKind = "home_school"
OFFERING: ActorKind = "offering_school"
SERVICE: ActorKind = "service"  # the clock, and what follows from somebody else's step

_WITHDRAW = Step("withdrawn", (STUDENT, HOME))
_CANCEL = Step("cancelled", (OFFERING, SERVICE))  # the service, when the content says that the run is cancelled
_EXPIRE = Step("expired", (SERVICE,))
_REFUSE = Step("refused", (HOME,))

ENROLMENT = StepTable(
    "enrolment",
    {
        NEW: {"enrol": Step("requested", (STUDENT, HOME)), "queue": Step("queued", (STUDENT, HOME))},
        # Holds a seat until the home school has answered or its time is up.
        "requested": {"place": Step("placed", (HOME,)), "refuse": _REFUSE, "expire": _EXPIRE, "withdraw": _WITHDRAW, "cancel": _CANCEL},
        # Promoted when a seat is free; placed at once when the home school has committed in advance.
        "queued": {
            "promote": Step("requested", (SERVICE,)),
            "place": Step("placed", (SERVICE,)),
            "offer": Step("offered", (SERVICE,)),
            "refuse": _REFUSE,
            "expire": _EXPIRE,
            "withdraw": _WITHDRAW,
            "cancel": _CANCEL,
        },
        # A seat is kept for the student until a stated time.
        "offered": {"accept": Step("placed", (STUDENT,)), "expire": _EXPIRE, "withdraw": _WITHDRAW, "cancel": _CANCEL},
        "placed": {"start": Step("active", (OFFERING,)), "miss": Step("no_show", (OFFERING,)), "withdraw": _WITHDRAW, "cancel": _CANCEL},
        "active": {
            "complete": Step("completed", (OFFERING,)),
            "fail": Step("failed", (OFFERING,)),
            "interrupt": Step("interrupted", (STUDENT, HOME, OFFERING)),
            "cancel": _CANCEL,
        },
        "completed": {},
        "failed": {},
        "interrupted": {},
        "no_show": {},
        "refused": {},
        "expired": {},
        "withdrawn": {},
        "cancelled": {},
    },
)

COMMITMENT = StepTable(
    "commitment",
    {
        NEW: {"ask": Step("asked", (STUDENT, HOME))},
        # Released while asked: the student left before the home school had answered, so nothing is asked any more.
        "asked": {
            "give": Step("given", (HOME,)),
            "refuse": _REFUSE,
            "expire": _EXPIRE,
            "release": Step("released", (STUDENT, HOME, OFFERING, SERVICE)),
        },
        "given": {
            "release": Step("released", (STUDENT, HOME, OFFERING, SERVICE)),
            "charge": Step("charged", (STUDENT, HOME, OFFERING, SERVICE)),
        },
        "charged": {"settle": Step("settled", (SERVICE,))},
        "settled": {"credit": Step("credited", (SERVICE,))},
        "refused": {},
        "expired": {},
        "released": {},
        "credited": {},
    },
)

# Seats taken are counted from these states, never kept in a counter that can drift.
HOLDS_SEAT = frozenset({"requested", "offered", "placed", "active"})
# One student has at most one enrolment in these states on one offering.
LIVE = HOLDS_SEAT | {"queued"}
# A promise that may still cost the home school something.
COMMITMENT_LIVE = frozenset({"asked", "given", "charged", "settled"})
