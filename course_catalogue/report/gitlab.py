"""GitLab's code quality report. https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from course_catalogue.problem import Problem
from course_catalogue.report.wording import advice, excerpt, located

SEVERITIES = {"error": "major", "warning": "minor"}


def write(problems: Sequence[Problem], language: str, folder: str) -> str:
    """A list of issues. A fingerprint does not hold the line's number, so that moved text is not a new issue."""
    seen: Counter[str] = Counter()
    issues = []
    for problem in problems:
        same = "\0".join((problem.code, problem.path, excerpt(problem)[0], repr(problem.facts)))
        seen[same] += 1
        issues.append(
            {
                "description": advice(problem, language),
                "check_name": problem.code,
                "fingerprint": hashlib.sha256(f"{same}\0{seen[same]}".encode()).hexdigest(),
                "severity": SEVERITIES[problem.severity],
                "location": {
                    "path": located(problem, folder),
                    "positions": {
                        "begin": {"line": problem.line, "column": problem.column},
                        "end": {"line": problem.line, "column": problem.end_column},
                    },
                },
            }
        )
    return json.dumps(issues, indent=1)
