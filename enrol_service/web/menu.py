"""The pages of staff, in the order of the menu: each person sees those for which they may do something."""

from __future__ import annotations

from dataclasses import dataclass

from enrol_service.permissions import ActName
from enrol_service.refusals.base import sentence
from enrol_service.school.accounts import Staff


@dataclass(frozen=True, slots=True)
class MenuItem:
    """`name` is the page's `nav_current` and its address below /staff/; `acts`: any one of them opens it."""

    name: str
    title: str
    acts: tuple[ActName, ...]


MENU = (
    MenuItem("requests", sentence("To decide"), ("decide",)),
    MenuItem("students", sentence("My students"), ("see_students",)),
    MenuItem("completions", sentence("Grades"), ("see_students",)),
    MenuItem("offerings", sentence("Our courses"), ("see_offerings",)),
    MenuItem("changes", sentence("Late changes"), ("ask_changes", "answer_changes")),
    MenuItem("network", sentence("Network"), ("see_network",)),
    MenuItem("reports", sentence("Reports"), ("see_home_reports", "see_offering_reports", "see_network_reports")),
    MenuItem("school", sentence("School"), ("see_school",)),
)


def menu_of(person: Staff) -> tuple[MenuItem, ...]:
    """The items of a person's menu; the first is where they start."""
    return tuple(item for item in MENU if person.can(*item.acts))
