"""No test is left out of `.ci/run`: what `build.py test` passes over by its marker is asked for by another stage."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

ROOT = Path(__file__).resolve().parent.parent
RUN = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
OPTIONS: Mapping[str, str | list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"][
    "ini_options"
]


def marker_expression(arguments: str) -> str | None:
    words = shlex.split(arguments)
    return words[words.index("-m") + 1] if "-m" in words else None


def expressions() -> Iterator[str]:
    """The marker expression of each stage that goes through all tests."""
    usual = marker_expression(str(OPTIONS["addopts"]))
    assert usual is not None
    for arguments in re.findall(r"^python3 build\.py test\b(.*)$", RUN, re.MULTILINE):
        if "--collect-only" not in arguments and "tests/" not in arguments:
            yield marker_expression(arguments) or usual


def combinations_of(names: set[str]) -> Iterator[frozenset[str]]:
    for size in range(len(names) + 1):
        yield from (frozenset(chosen) for chosen in combinations(sorted(names), size))


def named() -> set[str]:
    """The markers by which a stage chooses."""
    return {word for expression in expressions() for word in re.findall(r"\w+", expression)} - {"not", "and", "or"}


@pytest.mark.parametrize("markers", list(combinations_of(named())), ids=lambda markers: " ".join(sorted(markers)) or "none")
def test_a_test_with_any_markers_is_run_by_some_stage(markers: frozenset[str]) -> None:
    assert any(Expression.compile(one).evaluate(lambda name, **_: name in markers) for one in expressions())


def test_every_marker_by_which_a_stage_chooses_is_a_known_one() -> None:
    assert {"slow", "quality"} <= named() <= {line.split(":")[0] for line in OPTIONS["markers"]}


def test_the_outside_judges_and_the_measured_build_are_asked() -> None:
    for program in ("tests.quality.lighthouse", "benchmarks/site_build.py"):
        assert re.search(rf"^\.venv/bin/python (?:-m )?{re.escape(program)}$", RUN, re.MULTILINE)


def test_a_bare_machine_gets_what_the_judges_need() -> None:
    for package in ("chromium", "default-jre-headless", "nodejs", "npm", "python3-venv"):
        assert re.search(rf"^lacks \S+ {package}$|missing\+=\({package}\)", RUN, re.MULTILINE), package
