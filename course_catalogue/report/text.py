"""For a person at a terminal: place, code, message, the line with a caret."""

from __future__ import annotations

from collections.abc import Sequence

from course_catalogue.problem import Problem
from course_catalogue.report.wording import WORDS, advice, counted, excerpt, located


def write(problems: Sequence[Problem], language: str, folder: str) -> str:
    """`path:line:column: error T201: …`, then the source line behind a bar, so that it cannot pass for output of ours."""
    words = WORDS[language]
    lines: list[str] = []
    for problem in problems:
        place = f"{located(problem, folder)}:{problem.line}:{problem.column}"
        lines.append(f"{place}: {words[problem.severity]} {problem.code}: {advice(problem, language)}")
        source, carets = excerpt(problem)
        if source:
            lines += [f"    | {source}", f"    | {carets}"]
    lines.append(counted(problems, language) + "." if problems else words["none"])
    return "\n".join(lines)
