"""SARIF 2.1.0, which code hosts and editors read. https://docs.oasis-open.org/sarif/sarif/v2.1.0/"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from course_catalogue.problem import Problem, problem_texts
from course_catalogue.report.wording import advice, located

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def write(problems: Sequence[Problem], language: str, folder: str) -> str:
    codes = sorted({problem.code for problem in problems})
    rules = [{"id": code, "defaultConfiguration": {"level": problem_texts()[code].get("severity", "error")}} for code in codes]
    results = [_result(problem, language, folder, codes) for problem in problems]
    run = {
        "tool": {"driver": {"name": "tarjotin", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)


def _result(problem: Problem, language: str, folder: str, codes: list[str]) -> dict[str, Any]:
    region = {
        "startLine": problem.line,
        "startColumn": problem.column,
        "endLine": problem.line,
        "endColumn": problem.end_column,
    }
    place = {"artifactLocation": {"uri": quote(located(problem, folder).strip('"'))}, "region": region}
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": codes.index(problem.code),
        "level": problem.severity,
        "message": {"text": advice(problem, language)},
        "locations": [{"physicalLocation": place}],
    }
    if problem.replacement is not None:
        change = {"deletedRegion": region, "insertedContent": {"text": problem.replacement}}
        result["fixes"] = [{"artifactChanges": [{"artifactLocation": place["artifactLocation"], "replacements": [change]}]}]
    return result
