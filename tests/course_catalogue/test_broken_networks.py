"""What is wrong outside the single course file is found, at its place, and nothing else is."""

from __future__ import annotations

import pytest

from course_catalogue.catalogue import examine
from tests.course_catalogue.broken_networks import CASES, Case
from tests.course_catalogue.conftest import Network


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_is_found_at_its_place(case: Case, network: Network) -> None:
    catalogue, problems = examine(network(case.changes))
    assert [f"{problem.code} {problem.place}" for problem in problems] == case.found
    assert (catalogue is None) == any(problem.is_error for problem in problems)
