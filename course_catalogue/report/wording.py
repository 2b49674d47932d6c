"""The few words of the reports themselves, and how a path and a count are shown."""

from __future__ import annotations

from collections.abc import Sequence

from course_catalogue.content_file import CONTROL, INVISIBLE
from course_catalogue.problem import Problem

WORDS = {
    "fi": {
        "error": "virhe",
        "warning": "huomautus",
        "write": "Kirjoita",
        "line": "Rivi",
        "file": "Tiedosto",
        "problem": "Mikä on vialla",
        "title": "Sisällön tarkistus",
        "none": "Sisältö on kunnossa.",
    },
    "sv": {
        "error": "fel",
        "warning": "anmärkning",
        "write": "Skriv",
        "line": "Rad",
        "file": "Fil",
        "problem": "Vad som är fel",
        "title": "Granskning av innehållet",
        "none": "Innehållet är i sin ordning.",
    },
    "en": {
        "error": "error",
        "warning": "warning",
        "write": "Write",
        "line": "Line",
        "file": "File",
        "problem": "What is wrong",
        "title": "Content check",
        "none": "The content is in order.",
    },
}
COUNTS = {
    "fi": (("virhe", "virhettä"), ("huomautus", "huomautusta")),
    "sv": (("fel", "fel"), ("anmärkning", "anmärkningar")),
    "en": (("error", "errors"), ("warning", "warnings")),
}
WIDEST = 160  # characters of a source line that are shown


def located(problem: Problem, folder: str) -> str:
    """The path with the content folder before it; a quoted path stays quoted."""
    if not folder:
        return problem.path
    return f'"{folder}/{problem.path[1:]}' if problem.path.startswith('"') else f"{folder}/{problem.path}"


def advice(problem: Problem, language: str) -> str:
    """The message, and what to write instead when there is a guess."""
    message = problem.message(language)
    return f"{message} {WORDS[language]['write']}: {problem.replacement}" if (problem.replacement or "").strip() else message


def counted(problems: Sequence[Problem], language: str) -> str:
    """`2 errors, 1 warning`."""
    errors = sum(problem.is_error for problem in problems)
    counts = zip((errors, len(problems) - errors), COUNTS[language], strict=True)
    return ", ".join(f"{count} {one if count == 1 else many}" for count, (one, many) in counts if count)


def excerpt(problem: Problem) -> tuple[str, str]:
    """The source line and a line of carets below the text meant; a long line is cut round it."""
    start = problem.column - 1
    cut = max(0, start - WIDEST // 2) if len(problem.source_line) > WIDEST else 0
    shown = problem.source_line[cut : cut + WIDEST].replace("\t", " ")
    shown = INVISIBLE.sub("\ufffd", CONTROL.sub("\ufffd", shown))
    width = max(1, min(problem.end_column - problem.column, len(shown) - (start - cut)))
    return shown.rstrip(), " " * (start - cut) + "^" * width
