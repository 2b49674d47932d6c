"""The roles that a person may have in a school or in the network, and the groups of them that tables of rights name."""

from __future__ import annotations

Role = str

ROLES: tuple[Role, ...] = ("contact_person", "payer", "coordinator", "teacher", "office")
NETWORK_COORDINATOR: Role = "network_coordinator"

ANY = frozenset(ROLES)
DECIDERS = frozenset({"contact_person", "payer"})  # answer for the home school
CARERS = DECIDERS | {"office"}  # see the home school's own students
COORDINATORS = frozenset({"coordinator"})  # answer for the offering school
TEACHERS = frozenset({"coordinator", "teacher"})  # teach, or stand in for who does
HOSTS = TEACHERS | {"contact_person", "office"}  # see the offering school's participants
ACCOUNTANTS = frozenset({"coordinator", "contact_person", "office"})  # of those, who also see sums and national learner IDs
KEEPERS = frozenset({"contact_person", "payer", "coordinator"})  # keep the school's people in order
PAYERS = frozenset({"payer"})
CONTACTS = frozenset({"contact_person"})  # asked first for the home school
FOLLOWERS = CONTACTS | {"office"}  # told of completions
NETWORK = frozenset({NETWORK_COORDINATOR})
