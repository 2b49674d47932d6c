"""All problems as Markdown, grouped by file, for the page of a pipeline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from xml.sax.saxutils import escape

from course_catalogue.problem import Problem
from course_catalogue.report.wording import WORDS, advice, counted, excerpt, located

LONGEST = 900_000  # bytes; GitHub cuts a step's summary at 1 MiB
SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~@:-])")


def write(problems: Sequence[Problem], language: str, folder: str) -> str:
    words = WORDS[language]
    if not problems:
        return f"## {words['title']}\n\n{words['none']}\n"
    parts = [f"## {words['title']}\n\n{counted(problems, language)}\n"]
    for path, group in groupby(problems, key=lambda problem: located(problem, folder)):
        found = list(group)
        parts.append(f"\n### {_escaped(path)}\n\n" + "".join(_item(problem, language) for problem in found))
    text = "".join(parts)
    return text if len(text.encode()) <= LONGEST else text.encode()[:LONGEST].decode("utf-8", "ignore") + "\n\n…\n"


def _item(problem: Problem, language: str) -> str:
    words = WORDS[language]
    head = f"- **{words['line']} {problem.line}**, {words[problem.severity]} {problem.code}: {_escaped(advice(problem, language))}\n"
    source, carets = excerpt(problem)
    return f"{head}\n      {source}\n      {carets}\n\n" if source else head


def _escaped(text: str) -> str:
    """Text that Markdown prints as it is. A mention or a reference in it must not notify anybody."""
    return escape(SPECIAL.sub(r"\\\1", text)).replace("\\@", "@\u2060")
