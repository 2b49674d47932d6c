"""GitHub's workflow commands: an annotation at the line. The host shows ten of each kind; the summary has them all.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Sequence

from course_catalogue.problem import Problem
from course_catalogue.report.wording import advice, counted, located

DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def write(problems: Sequence[Problem], language: str, folder: str) -> str:
    lines = [_command(problem, language, folder) for problem in problems]
    return "\n".join([*lines, counted(problems, language)])


def _command(problem: Problem, language: str, folder: str) -> str:
    path = located(problem, folder).translate(PROPERTY)
    place = f"file={path},line={problem.line},col={problem.column},endColumn={problem.end_column},title={problem.code}"
    return f"::{problem.severity} {place}::{advice(problem, language).translate(DATA)}"
