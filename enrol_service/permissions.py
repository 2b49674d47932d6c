"""Who may do what, beside the steps of states.py: every act by its name, for whom it is done, and the roles of which one is needed.

Pages, the API's scopes, the menu of a person and docs/permissions.md read this table; no other place knows a role.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from enrol_service.school.role import (
    ACCOUNTANTS,
    ANY,
    CARERS,
    COORDINATORS,
    DECIDERS,
    HOSTS,
    KEEPERS,
    NETWORK,
    PAYERS,
    TEACHERS,
    Role,
)

ActName = str
Side = Literal["home_school", "offering_school", "school", "network"]


@dataclass(frozen=True, slots=True)
class Act:
    """What a person may do for a school, or for the network. `means` is for the documents, in English."""

    side: Side
    roles: frozenset[Role]
    means: str


ACTS: Mapping[ActName, Act] = {
    # The home school.
    "decide": Act("home_school", DECIDERS, "see requests, give or refuse the payment commitment"),
    "enrol_students": Act("home_school", DECIDERS, "enrol students and commit in the same act"),
    "see_students": Act("home_school", CARERS, "see the school's own students, their courses and grades"),
    "ask_changes": Act("home_school", DECIDERS, "withdraw a student, ask the offering school for a late change"),
    "answer_completions": Act("home_school", CARERS, "acknowledge or query a completion"),
    "authorise": Act("home_school", PAYERS, "let requests within a budget commit by themselves"),
    "see_home_reports": Act("home_school", CARERS, "reports on the school's own students"),
    # The offering school.
    "see_offerings": Act("offering_school", HOSTS, "see runs, seats, the queue and participants"),
    "see_payments": Act("offering_school", ACCOUNTANTS, "see sums and national learner IDs of participants"),
    "mark_participation": Act("offering_school", TEACHERS, "mark first contact, no show and interruption"),
    "grade": Act("offering_school", TEACHERS, "write, publish and correct completions, answer queries"),
    "write_messages": Act("offering_school", TEACHERS, "write to the participants of a run"),
    "order_queue": Act("offering_school", COORDINATORS, "move somebody in the queue, with a reason"),
    "cancel_run": Act("offering_school", COORDINATORS, "cancel a run"),
    "answer_changes": Act("offering_school", COORDINATORS, "accept or refuse late changes"),
    "assign_teachers": Act("offering_school", COORDINATORS, "say who teaches a course"),
    "see_offering_reports": Act("offering_school", HOSTS, "reports on the school's own courses"),
    # Any school, for itself.
    "see_school": Act("school", ANY, "see the school's people, deputies and authorisations"),
    "manage_people": Act("school", KEEPERS, "invite people, give and end roles, name deputies"),
    "manage_tokens": Act("school", KEEPERS, "make and end keys to the API"),
    # The network.
    "see_network": Act("network", NETWORK, "see schools, people, events and undelivered mail"),
    "admit_schools": Act("network", NETWORK, "admit or refuse a guest school"),
    "manage_network": Act("network", NETWORK, "give and end roles in any school and in the network"),
    "see_network_reports": Act("network", NETWORK, "reports on all schools, without students' names"),
}


def roles_for(*acts: ActName) -> frozenset[Role]:
    """The roles of which one is needed for any of the acts."""
    return frozenset().union(*(ACTS[act].roles for act in acts))
