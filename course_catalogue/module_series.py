"""The order in which modules are studied: a series such as MAA2 … MAA12, in the vocabulary's own order.

A subject may hold several series (mother tongues, syllabi), told apart by the letters of their codes. A module that is
alone with its letters, as MAY1 is, opens the series that comes after it in the subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from course_catalogue.model import Module

LETTERS = re.compile(r"[A-ZÅÄÖ]+")


def series_of(modules: Iterable[Module]) -> Mapping[str, tuple[str, ...]]:
    """The series of each module, by its code: the codes in order, its own among them."""
    groups: dict[tuple[str, str], list[str]] = {}
    for module in modules:
        letters = LETTERS.match(module.code)
        groups.setdefault((module.subject_id, letters[0] if letters else ""), []).append(module.code)
    found: dict[str, tuple[str, ...]] = {}
    opening: dict[str, list[str]] = {}  # by subject: what is alone and waits for a series
    for (subject, _), codes in groups.items():
        if len(codes) == 1:
            opening.setdefault(subject, []).extend(codes)
            continue
        whole = (*opening.pop(subject, ()), *codes)
        found.update((code, whole) for code in whole)
    found.update((code, tuple(codes)) for codes in opening.values() for code in codes)
    return found
