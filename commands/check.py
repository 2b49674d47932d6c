"""Check every content file and print all that is wrong, with what to write instead."""

from __future__ import annotations

import argparse
from pathlib import Path

from course_catalogue.catalogue import examine
from course_catalogue.report import check_report, check_summary


def run(options: argparse.Namespace) -> int:
    """Exit code 1 when there is an error; warnings alone are 0."""
    _, problems = examine(options.content, forks=True)
    print(check_report(problems, options.format, options.language, _shown(options.content)))
    if options.summary:
        with options.summary.open("a", encoding="utf-8") as summary:
            summary.write(check_summary(problems, options.language, _shown(options.content)))
    return 1 if any(problem.is_error for problem in problems) else 0


def _shown(content: Path) -> str:
    """The folder as it is put before the paths: relative to where the command runs, so that a host finds the line."""
    here = Path.cwd()
    return (content.resolve().relative_to(here) if content.resolve().is_relative_to(here) else content).as_posix()
