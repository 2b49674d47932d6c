"""Loads a content folder: every file is read and checked, and only a content without errors becomes a Catalogue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from course_catalogue.across import check_across
from course_catalogue.folder import is_itself
from course_catalogue.loading import Loading
from course_catalogue.model import Catalogue, Network
from course_catalogue.problem import ContentProblems, Problem

__all__ = ["ContentProblems", "examine", "load", "network_of"]


def load(
    content: Path,
    *,
    today: date | None = None,
    cache: Path | None = None,
    tell: Callable[[int, int], None] = lambda _done, _of: None,
    forks: bool = False,
) -> Catalogue:
    """The catalogue of a content folder. Refuses with ContentProblems when any file has an error.

    `today` adds the warnings that depend on the day, as in `examine`. `cache` is a file in which courses without problems are
    kept from load to load; `tell` hears how many courses of all have been read. `forks`: all processors read many courses; never
    where threads run, as in the service.
    """
    catalogue, problems = examine(content, today=today, cache=cache, tell=tell, forks=forks)
    if catalogue is None:
        raise ContentProblems(problems)
    return catalogue


def network_of(content: Path) -> Network | None:
    """The network of a content folder, read without the rest and without telling its problems; None when its file has an error."""
    loading = Loading(content)
    return loading.network_alone() if is_itself(content, loading.problems) else None


def examine(
    content: Path,
    *,
    today: date | None = None,
    cache: Path | None = None,
    tell: Callable[[int, int], None] = lambda _done, _of: None,
    forks: bool = False,
) -> tuple[Catalogue | None, list[Problem]]:
    """The catalogue, or None when any problem is an error; and all problems, warnings too, in order of place."""
    loading = Loading(content, cache, tell, forks=forks)
    if not is_itself(content, loading.problems):
        return None, loading.problems
    loading.read()
    check_across(loading, today)
    loading.problems.sort(key=Problem.sort_key)
    return loading.catalogue(), loading.problems
