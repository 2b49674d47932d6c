"""The steps an enrolment and a commitment may take, as data: state → step → the next state, and who may take it in which role.

Everything about steps lives here. Pages, commands, docs/states.md and tests read these tables; no other place knows a step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from enrol_service.refusals.base import IllegalStep
from enrol_service.school.role import COORDINATORS, DECIDERS, TEACHERS, Role

State = str
StepName = str
ActorKind = Literal["student", "home_school", "offering_school", "service"]

NEW: State = "new"  # before the first step; never stored


@dataclass(frozen=True, slots=True)
class Step:
    """Where a step leads, and who takes it: kind of actor → the roles of which a person needs one; empty for those who have no roles."""

    to: State
    by: Mapping[ActorKind, frozenset[Role]]

    def allows(self, actor: ActorKind, roles: frozenset[Role]) -> bool:
        needed = self.by.get(actor)
        return needed is not None and (not needed or bool(needed & roles))


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

    def after(self, state: State, step: StepName, actor: ActorKind, roles: frozenset[Role] = frozenset()) -> State:
        """The state after `step`. Refuses with IllegalStep, and nothing happens, when the table does not allow it."""
        found = self.steps[state].get(step)
        if found is None or not found.allows(actor, roles):
            raise IllegalStep(noun=self.noun, state=state, step=step, actor=actor)
        return found.to


By = Mapping[ActorKind, frozenset[Role]]

STUDENT: By = {"student": frozenset()}
SERVICE: By = {"service": frozenset()}  # the clock, and what follows from somebody else's step
HOME: By = {"home_school": DECIDERS}
OFFERING: By = {"offering_school": COORDINATORS}
TEACHING: By = {"offering_school": TEACHERS}

_WITHDRAW = Step("withdrawn", {**STUDENT, **HOME})
_LET_LEAVE = Step("withdrawn", OFFERING)  # when the offering school accepts a request to leave free of charge
_CANCEL = Step("cancelled", {**OFFERING, **SERVICE})  # the service, when the content says so or the minimum was not reached
_EXPIRE = Step("expired", SERVICE)
_REFUSE = Step("refused", {**HOME, **SERVICE})  # the service, when the network does not admit a guest school
_COMPLETE = Step("completed", TEACHING)
_FAIL = Step("failed", TEACHING)
_INTERRUPT = Step("interrupted", {**STUDENT, **HOME, **TEACHING})
_RESUME = Step("active", TEACHING)  # marked by mistake

ENROLMENT = StepTable(
    "enrolment",
    {
        NEW: {"enrol": Step("requested", {**STUDENT, **HOME}), "queue": Step("queued", {**STUDENT, **HOME})},
        # Holds a seat until the home school has answered or its time is up. The service places under a standing authorisation.
        "requested": {
            "place": Step("placed", {**HOME, **SERVICE}),
            "refuse": _REFUSE,
            "expire": _EXPIRE,
            "withdraw": _WITHDRAW,
            "cancel": _CANCEL,
        },
        # Promoted to be decided about when a seat is free; offered to the student when the home school has committed in advance.
        "queued": {
            "promote": Step("requested", SERVICE),
            "offer": Step("offered", SERVICE),
            "move": Step("queued", OFFERING),
            "refuse": _REFUSE,
            "expire": _EXPIRE,
            "withdraw": _WITHDRAW,
            "cancel": _CANCEL,
        },
        # A seat is kept for the student until a stated time.
        "offered": {"accept": Step("placed", {**STUDENT, **HOME}), "expire": _EXPIRE, "withdraw": _WITHDRAW, "cancel": _CANCEL},
        "placed": {
            "start": Step("active", TEACHING),
            "miss": Step("no_show", TEACHING),
            "transfer": Step("placed", OFFERING),
            "withdraw": Step("withdrawn", {**_WITHDRAW.by, **_LET_LEAVE.by}),
            "cancel": _CANCEL,
        },
        "active": {
            "complete": _COMPLETE,
            "fail": _FAIL,
            "interrupt": _INTERRUPT,
            "transfer": Step("active", OFFERING),
            "unstart": Step("placed", TEACHING),
            "withdraw": _LET_LEAVE,
            "cancel": _CANCEL,
        },
        # A published completion may be corrected, with a reason; `correct` is the same ending on another day.
        "completed": {
            "correct": Step("completed", TEACHING),
            "fail": _FAIL,
            "interrupt": Step("interrupted", TEACHING),
            "resume": _RESUME,
        },
        "failed": {
            "correct": Step("failed", TEACHING),
            "complete": _COMPLETE,
            "interrupt": Step("interrupted", TEACHING),
            "resume": _RESUME,
        },
        "interrupted": {"correct": Step("interrupted", TEACHING), "complete": _COMPLETE, "fail": _FAIL, "resume": _RESUME},
        "no_show": {"resume": Step("placed", TEACHING)},
        "refused": {},
        "expired": {},
        "withdrawn": {},
        "cancelled": {},
    },
)

_RELEASE = Step("released", {**STUDENT, **HOME, **TEACHING, **SERVICE})

COMMITMENT = StepTable(
    "commitment",
    {
        NEW: {"ask": Step("asked", {**STUDENT, **HOME})},
        # Given by the service under a standing authorisation of the payer. Released while asked: the student left before the home
        # school had answered, so nothing is asked any more.
        "asked": {"give": Step("given", {**HOME, **SERVICE}), "refuse": _REFUSE, "expire": _EXPIRE, "release": _RELEASE},
        "given": {"release": _RELEASE, "charge": Step("charged", {**STUDENT, **HOME, **TEACHING, **SERVICE})},
        # Corrected with the completion that charged it, until it is settled. Reopened by the service when the run is not held.
        "charged": {
            "correct": Step("charged", TEACHING),
            "reopen": Step("given", {**TEACHING, **SERVICE}),
            "settle": Step("settled", SERVICE),
        },
        "settled": {"credit": Step("credited", SERVICE)},
        "refused": {},
        "expired": {},
        "released": {"reopen": Step("given", TEACHING)},  # a dropping out that cost nothing was marked by mistake
        "credited": {},
    },
)

# Seats taken are counted from these states, never kept in a counter that can drift.
HOLDS_SEAT = frozenset({"requested", "offered", "placed", "active"})
# One student has at most one enrolment in these states on one offering.
LIVE = HOLDS_SEAT | {"queued"}
# A promise that may still cost the home school something.
# Whoever studies, or will when the course begins.
HAS_PLACE = frozenset({"placed", "active"})
COMMITMENT_LIVE = frozenset({"asked", "given", "charged", "settled"})
