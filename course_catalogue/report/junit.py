"""JUnit XML, which every continuous integration reads: one failed test for each error, one passed with a note for each warning."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from course_catalogue.problem import Problem
from course_catalogue.report.wording import WORDS, advice, excerpt, located


def write(problems: Sequence[Problem], language: str, folder: str) -> str:
    errors = sum(problem.is_error for problem in problems)
    cases = [_case(problem, language, folder) for problem in problems] or [f'  <testcase classname={quoteattr(folder)} name="check"/>']
    head = f'<testsuite name={quoteattr(WORDS[language]["title"])} tests="{len(cases)}" failures="{errors}" errors="0">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>"])


def _case(problem: Problem, language: str, folder: str) -> str:
    path = located(problem, folder)
    name = f"{path}:{problem.line}:{problem.column} {problem.code}"
    message = advice(problem, language)
    inside = (
        f"<failure type={quoteattr(problem.code)} message={quoteattr(message)}>{escape(chr(10).join(excerpt(problem)))}</failure>"
        if problem.is_error
        else f"<system-out>{escape(message)}</system-out>"
    )
    return f"  <testcase classname={quoteattr(path)} name={quoteattr(name)}>{inside}</testcase>"
