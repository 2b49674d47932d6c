"""The comments of a YAML text, by what they belong to, so that they move with it when the text is written anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from course_catalogue.yaml_tree import Mapping, Node, Scalar, Sequence

COMMENT = re.compile(r"(?:^|\s)(#.*)$")


class _Anchor(NamedTuple):
    """A key or an item that comments may belong to."""

    line: int
    owner: int  # the id of its node
    depth: int


class Comments:
    """Full lines belong to the key or the item below them, a comment at the end of a line to the one it stands beside.

    A single blank line above a key of the outermost level is kept too, when `keep_gaps` is true.
    """

    def __init__(self, tree: Mapping, lines: list[str], first_line: int, *, keep_gaps: bool) -> None:
        self.last: list[str] = []  # what stands below everything
        self._above: dict[int, list[str]] = {}
        self._beside: dict[int, str] = {}
        self._anchors = tuple(_anchors(tree))
        self._keep_gaps = keep_gaps
        self._gap = False
        for number, bare in enumerate(_without_scalars(tree, lines, first_line), first_line):
            self._take(number, bare, lines[number - first_line])
            self._gap = keep_gaps and number > first_line and not lines[number - first_line].strip()

    def above(self, node: Node, indent: str) -> list[str]:
        """The lines to write above a key or an item."""
        return [f"{indent}{line}" if line else "" for line in self._above.get(id(node), [])]

    def beside(self, node: Node) -> str:
        """What to write after it on its line, two blanks included."""
        return f"  {self._beside[id(node)]}" if id(node) in self._beside else ""

    def _take(self, number: int, bare: str, source: str) -> None:
        match = COMMENT.search(bare)
        if match is None:
            first = next((anchor for anchor in self._anchors if anchor.line == number), None)
            if self._gap and first and first.depth == 0:
                self._above.setdefault(first.owner, []).append("")
            return
        comment = source[match.start(1) :].rstrip()
        before = [anchor for anchor in self._anchors if anchor.line <= number]
        if source[: match.start(1)].strip() and before and before[-1].owner not in self._beside:
            self._beside[before[-1].owner] = comment
            return
        after = next((anchor for anchor in self._anchors if anchor.line > number), None)
        block = self._above.setdefault(after.owner, []) if after else self.last
        block += [""] * (self._gap and (after is None or after.depth == 0)) + [comment]


def _anchors(node: Node, depth: int = 0) -> Iterator[_Anchor]:
    """Keys and items in the order of the text; an item before its first key."""
    if isinstance(node, Mapping):
        for key, value in node.entries:
            yield _Anchor(key.position[0], id(key), depth)
            yield from _anchors(value, depth + 1)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield _Anchor(item.position[0], id(item), depth)
            yield from _anchors(item, depth + 1)


def _without_scalars(tree: Node, lines: list[str], first_line: int) -> list[str]:
    """The lines with every scalar blanked out: what is left of a hash sign begins a comment."""
    rest = list(lines)
    for scalar in _scalars(tree):
        (line, column, _), (end_line, end_column) = scalar.position, scalar.end
        for number in range(line, min(end_line, first_line + len(rest) - 1) + 1):
            index = number - first_line
            start = column - 1 if number == line else 0
            end = end_column - 1 if number == end_line else len(rest[index])
            rest[index] = rest[index][:start] + "x" * (end - start) + rest[index][end:]
    return rest


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            yield key
            yield from _scalars(value)
