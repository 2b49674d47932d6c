"""The bytes of a first search are the same on every machine; its times are a regression at twice their limit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.search import FIRST_LIMITS, KEY_LIMIT, Figures, percentile

KILOBYTES, MILLISECONDS = FIRST_LIMITS[10_000]
AT_LIMIT = Figures(
    courses=10_000,
    cpu=1,
    names=1,
    texts=1,
    first_bytes=1000 * KILOBYTES,
    from_focus=1,
    first=MILLISECONDS,
    quick=KEY_LIMIT,
    whole=KEY_LIMIT,
)


@pytest.mark.parametrize(
    ("figures", "too_much"),
    [
        (AT_LIMIT, False),
        (replace(AT_LIMIT, first=2 * MILLISECONDS, quick=2 * KEY_LIMIT, whole=2 * KEY_LIMIT), False),
        (replace(AT_LIMIT, first_bytes=1000 * KILOBYTES + 1), True),
        (replace(AT_LIMIT, first=2.01 * MILLISECONDS), True),
        (replace(AT_LIMIT, whole=2.01 * KEY_LIMIT), True),
    ],
)
def test_what_is_too_much(figures: Figures, too_much: bool) -> None:
    assert figures.is_too_much() is too_much


def test_the_95th_of_a_hundred_leaves_the_slowest_out() -> None:
    assert 94 <= percentile([float(one) for one in range(1, 101)]) <= 96
