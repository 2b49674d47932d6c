"""Problems printed for people and for machines: text, JSON, GitHub, GitLab, SARIF, JUnit, and a Markdown summary.

Content is written by strangers, so no output lets a file's name or text pass for a command, a colour or markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from course_catalogue.problem import Problem
from course_catalogue.report import github, gitlab, json_report, junit, sarif, summary, text

Format = Callable[[Sequence[Problem], str, str], str]
FORMATS: Mapping[str, Format] = {
    "text": text.write,
    "json": json_report.write,
    "github": github.write,
    "gitlab": gitlab.write,
    "sarif": sarif.write,
    "junit": junit.write,
}


def check_report(problems: Sequence[Problem], format: str, language: str, folder: str = "content") -> str:
    """The problems in one of FORMATS, without a line end at its end. `folder` is put before the paths."""
    return FORMATS[format](problems, language, folder).rstrip("\n")


def check_summary(problems: Sequence[Problem], language: str, folder: str = "content") -> str:
    """All problems as Markdown, for the page of a pipeline: hosts show only the first few annotations."""
    return summary.write(problems, language, folder)
