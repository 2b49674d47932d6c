"""What changed in a course's file between two of its versions, in a few closed kinds of change.

The versions may be of any age and need not pass today's check: what cannot be understood has changed as "other".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

from course_catalogue.model import OfferingId
from course_catalogue.yaml_tree import Mapping as Tree
from course_catalogue.yaml_tree import Node, Scalar, Sequence, read_tree

Kind = Literal[
    "added", "run_added", "run_cancelled", "run_removed", "dates", "seats", "title", "teacher", "text", "other"
]  # what a reader wants to know first
KINDS: tuple[Kind, ...] = get_args(Kind)
Difference = tuple[Kind, OfferingId]  # the run is "" where the change is of the whole course

PUBLIC = ("published", "cancelled")
BY_FIELD: Mapping[str, Kind] = {"title": "title", "teacher": "teacher", "summary": "text"}
BY_RUN_FIELD: Mapping[str, Kind] = {
    **dict.fromkeys(("starts_on", "ends_on", "enrolment_opens_at", "enrolment_closes_at", "decided_on", "nonstop", "days"), "dates"),
    **dict.fromkeys(("seats", "minimum", "reserved"), "seats"),
}
# A field begins with a character in the first column that is no item of a list, comment or white space.
FIELD = re.compile(r"^(?=[^\s#-])", re.MULTILINE)

PLAIN_STATUS = re.compile(r"status: *([a-z]+) *\n")


def differences(old: str | None, new: str | None) -> tuple[Difference, ...]:
    """What readers of the public page see changed from `old` to `new`, in the order of KINDS; None is no file, or none that can be read.

    A version that is a draft or archived has no page: what changes in it is nothing, and its coming into view is "added".
    """
    if new is None:
        return (("other", ""),) if old is not None else ()
    fields, body = _parts(new)
    before, body_before = _parts(old) if old is not None else ({}, "")
    if not _is_public(fields):
        return ()
    if not _is_public(before):
        return (("added", ""),)
    found = set(_field_differences(before, fields))
    if body.strip() != body_before.strip():
        found.add(("text", ""))
    return tuple(sorted(found, key=lambda one: (KINDS.index(one[0]), one[1])))


def _is_public(fields: Mapping[str, str]) -> bool:
    written = fields.get("status", "")
    plain = PLAIN_STATUS.fullmatch(written)  # as nearly always; saves half of the reading
    return (plain[1] if plain else _value(fields, "status")) in PUBLIC


def _field_differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for name in before.keys() | after.keys():
        if before.get(name) == after.get(name):
            continue
        old, new = _value(before, name), _value(after, name)
        if old == new:
            continue
        if name == "offerings" and isinstance(old, list) and isinstance(new, list):
            yield from _run_differences(_runs(old), _runs(new))
        elif name == "status":
            yield ("run_cancelled" if new == "cancelled" else "run_added", "")
        else:
            yield (BY_FIELD.get(name, "other"), "")


def _run_differences(before: Mapping[OfferingId, dict[str, Any]], after: Mapping[OfferingId, dict[str, Any]]) -> Iterator[Difference]:
    for run in before.keys() | after.keys():
        old, new = before.get(run), after.get(run)
        if old is None or new is None:
            yield ("run_added" if old is None else "run_removed", run)
            continue
        for name in old.keys() | new.keys():
            if old.get(name) == new.get(name):
                continue
            if name == "cancelled":
                yield ("run_cancelled" if new.get(name) == "true" else "run_added", run)
            else:
                yield (BY_RUN_FIELD.get(name, "other"), run)


def _runs(offerings: list[Any]) -> Mapping[OfferingId, dict[str, Any]]:
    """The runs by their id. A run without one counts by its place."""
    return {str(run.get("id", place)): run for place, run in enumerate(offerings) if isinstance(run, dict)}


def _parts(text: str) -> tuple[Mapping[str, str], str]:
    """The raw text of each field of the front matter, and the body. A file without front matter has no fields."""
    pieces = re.split(r"^---[ \t]*$", text.removeprefix("\ufeff").replace("\r\n", "\n"), maxsplit=2, flags=re.MULTILINE)
    if len(pieces) < 3 or pieces[0].strip():
        return {}, text
    fields = (piece for piece in FIELD.split(pieces[1]) if piece.strip())
    return {piece.partition(":")[0].strip(" \"'"): piece for piece in fields}, pieces[2]


def _value(fields: Mapping[str, str], name: str) -> Any:
    """The value of one field: texts, lists and mappings; None where it is missing or cannot be read."""
    if name not in fields:
        return None
    tree, _ = read_tree(fields[name], 1, lambda *_args, **_facts: None)
    read = _plain(tree)
    return next(iter(read.values()), None) if isinstance(read, dict) else read


def _plain(node: Node | None) -> Any:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [_plain(one) for one in node.items]
    return {key.value: _plain(value) for key, value in node.entries} if isinstance(node, Tree) else None
