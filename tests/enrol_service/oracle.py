"""What must hold of events, found by the tables of steps alone: the judge of the tests, who trusts no stored state."""

from __future__ import annotations

from collections.abc import Iterable

from enrol_service.events import Event
from enrol_service.school import role
from enrol_service.states import COMMITMENT, ENROLMENT, NEW, State

TABLES = {"enrolment": ENROLMENT, "commitment": COMMITMENT}


def replay(events: tuple[Event, ...]) -> dict[str, State]:
    """The state of each noun after its events. ValueError when a chain has a gap."""
    states = {"enrolment": NEW, "commitment": NEW}
    for one in events:
        if one.from_state != states[one.noun]:
            raise ValueError(f"{one.noun}: {one.step} from {one.from_state}, but it was {states[one.noun]}")
        states[one.noun] = TABLES[one.noun].after(one.from_state, one.step, one.actor_kind, frozenset(role.ROLES))
    return states


def line_after(events: Iterable[tuple[int, Event]]) -> list[int]:
    """The enrolments in line after the events of one offering, each with its enrolment's number, in the order they were written.

    Joining is at the end, leaving closes the gap, and nothing else but a `move` changes a rank. ValueError when a move does not say
    what it changed.
    """
    line: list[int] = []
    moving: dict[int, tuple[int, int]] = {}  # one move's events until they are a whole: enrolment → from, to
    for number, one in events:
        if one.noun != "enrolment":
            continue
        if one.step == "move":
            moving[number] = (one.facts["from"], one.facts["to"])
            if {before for before, _ in moving.values()} == {after for _, after in moving.values()}:
                line = _moved(line, moving)
                moving = {}
        elif moving:
            raise ValueError(f"a rank changed without its event: {moving}")
        elif one.to_state == "queued":
            line.append(number)
        elif one.from_state == "queued":
            line.remove(number)
    return line


def _moved(line: list[int], moving: dict[int, tuple[int, int]]) -> list[int]:
    after = list(line)
    for number, (before, now) in moving.items():
        if line[before - 1] != number:
            raise ValueError(f"{number} was not at {before} of {line}")
        after[now - 1] = number
    return after
