"""A build that takes twice its limit is a regression on any machine; one a little above it may be a busy one."""

from __future__ import annotations

import pytest

from benchmarks.site_build import LIMITS, too_slow


@pytest.mark.parametrize(
    ("ratios", "said"),
    [
        (dict.fromkeys(LIMITS, 0.5), []),
        (dict.fromkeys(LIMITS, 2.0), []),
        ({"cold": 0.5, "nothing changed": 2.01}, ["nothing changed: 2.01 times the limit of 1.0 s"]),
        (
            {"cold": 3.0, "one course changed": 2.5},
            ["cold: 3.00 times the limit of 5.0 s", "one course changed: 2.50 times the limit of 1.0 s"],
        ),
    ],
)
def test_more_than_twice_the_limit_is_too_slow(ratios: dict[str, float], said: list[str]) -> None:
    assert too_slow(ratios) == said
