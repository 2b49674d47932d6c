"""For programs: every fact of every problem."""

from __future__ import annotations

import json
from collections.abc import Sequence

from course_catalogue.problem import Problem
from course_catalogue.report.wording import excerpt, located


def write(problems: Sequence[Problem], language: str, folder: str) -> str:
    """An object with the counts and the list of problems, in ASCII."""
    found = [
        {
            "code": problem.code,
            "severity": problem.severity,
            "path": located(problem, folder),
            "line": problem.line,
            "column": problem.column,
            "end_column": problem.end_column,
            "message": problem.message(language),
            "replacement": problem.replacement,
            "source": excerpt(problem)[0],
        }
        for problem in problems
    ]
    errors = sum(problem.is_error for problem in problems)
    return json.dumps({"errors": errors, "warnings": len(problems) - errors, "problems": found}, indent=1)
