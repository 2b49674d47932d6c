"""What is wrong in a content file, where, and what to write instead. Texts are in problems.yaml, in three languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

Severity = Literal["error", "warning"]
LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. Line and column count from 1; `end_column` is the first column after the text meant.

    `path` is relative to the content folder, with forward slashes. `replacement` is what to write in
    place of the text meant, when there is a good guess.
    """

    path: str
    line: int
    column: int
    end_column: int
    code: str
    facts: tuple[tuple[str, str], ...] = ()
    source_line: str = ""
    replacement: str | None = None

    @property
    def severity(self) -> Severity:
        severity: Severity = problem_texts()[self.code].get("severity", "error")
        return severity

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def message(self, language: str = "en") -> str:
        """One or two sentences: what is wrong, and what to do."""
        entry = problem_texts()[self.code]
        facts = dict(self.facts)
        if "reason" in facts:  # a closed list of words has its own translation
            facts["reason"] = entry["reasons"][facts["reason"]][language]
        text: str = entry[language].format_map(facts)
        return text

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    def sort_key(self) -> tuple[str, int, int, str, tuple[tuple[str, str], ...]]:
        return (self.path, self.line, self.column, self.code, self.facts)


class ContentProblems(Exception):
    """The content has errors and was not loaded. `problems` holds all of them, warnings included, in order of place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        errors = [problem for problem in self.problems if problem.is_error]
        first = f"; first {errors[0].code} at {errors[0].place}: {errors[0].message()}" if errors else ""
        super().__init__(f"{len(errors)} errors in the content{first}")


@cache
def problem_texts() -> Mapping[str, Mapping[str, Any]]:
    """Texts and severity by code."""
    path = Path(__file__).with_name("problems.yaml")
    loaded: Mapping[str, Mapping[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded
