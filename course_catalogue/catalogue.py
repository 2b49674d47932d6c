"""Loads a content folder: every file is read and checked, and only a content without errors becomes a Catalogue."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from course_catalogue.across import check_across
from course_catalogue.folder import is_itself
from course_catalogue.loading import Loading
from course_catalogue.model import Catalogue
from course_catalogue.problem import ContentProblems, Problem

__all__ = ["ContentProblems", "examine", "load"]


def load(content: Path, *, today: date | None = None) -> Catalogue:
    """The catalogue of a content folder. Refuses with ContentProblems when any file has an error.

    `today` adds the warnings that depend on the day, as in `examine`.
    """
    catalogue, problems = examine(content, today=today)
    if catalogue is None:
        raise ContentProblems(problems)
    return catalogue


def examine(content: Path, *, today: date | None = None) -> tuple[Catalogue | None, list[Problem]]:
    """The catalogue, or None when any problem is an error; and all problems, warnings too, in order of place."""
    loading = Loading(content)
    if not is_itself(content, loading.problems):
        return None, loading.problems
    loading.read()
    check_across(loading, today)
    loading.problems.sort(key=Problem.sort_key)
    return loading.catalogue(), loading.problems
