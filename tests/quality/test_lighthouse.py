"""How Lighthouse's reports are read and judged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.quality import lighthouse
from tests.quality.lighthouse import BEGINS, CATEGORIES, DOCUMENT, ENDS, MEASURES, Score, best, score_of, table


def report(**scores: float | None) -> Mapping[str, Any]:
    return {
        "categories": {name: {"score": scores.get(name.replace("-", "_"), 1)} for name in CATEGORIES},
        "audits": {audit: {"displayValue": "0.8\u00a0s"} for audit in MEASURES.values()},
    }


@pytest.mark.parametrize(
    ("scores", "perfect"),
    [
        ({}, True),
        ({"performance": 0.99}, False),
        ({"accessibility": 0.99}, False),
        ({"best_practices": 0.96}, False),
        ({"seo": 0.92}, False),
        ({"performance": None}, False),
    ],
)
def test_a_page_is_right_with_a_hundred_points_in_every_category(scores: Mapping[str, float | None], perfect: bool) -> None:
    assert score_of("front", "/", report(**scores)).perfect is perfect


@pytest.mark.parametrize(("performance", "tries"), [([1.0], 1), ([0.9, 1.0], 2), ([0.9, 0.95, 0.9], 3)])
def test_a_page_is_looked_at_until_it_is_right_at_most_three_times(
    monkeypatch: pytest.MonkeyPatch, performance: list[float], tries: int
) -> None:
    waiting = [report(performance=one) for one in performance]
    monkeypatch.setattr(lighthouse, "_report", lambda _: waiting.pop(0))
    assert lighthouse.look("front", "", "/").points["performance"] == round(100 * max(performance))
    assert len(waiting) == len(performance) - tries


def test_the_best_try_counts() -> None:
    scores = [Score("front", "/", {"performance": points}, {}) for points in (98, 100, 99)]
    assert best(scores) is scores[1]


def test_the_table_has_a_row_for_each_page() -> None:
    lines = table([score_of("front", "/", report()), score_of("rules", "/pages/rules.html", report(seo=0.9))]).splitlines()
    assert lines[0].startswith("| page | address | performance | accessibility | best practices | SEO |")
    assert lines[2].startswith("| front | `/` | 100 | 100 | 100 | 100 | 0.8 s |")
    assert lines[3].startswith("| rules | `/pages/rules.html` | 100 | 100 | 100 | 90 |")


def test_the_document_has_a_place_for_the_table(tmp_path: Path) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text.count(BEGINS) == text.count(ENDS) == 1
    for page in ("front", "list", "course", "rules"):
        assert f"| {page} | `/" in text
