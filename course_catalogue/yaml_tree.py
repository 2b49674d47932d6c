"""YAML read as a tree of texts with positions: no types, no aliases, no tags, no deep nesting.

Scalars stay text, because YAML's own typing reads 11:00 as 660, no as False and 010 as 8. The tree is built
from the C parser's events in a loop: composing a deeply nested file in PyYAML's C code ends the process.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import yaml

MAX_DEPTH = 12  # twice what any schema needs
MAX_REPAIRS = 50
Position = tuple[int, int, int]  # line, column, end column; from 1
Report = Callable[..., None]  # report(code, position, replacement=None, **facts)


@dataclass(slots=True)
class Scalar:
    value: str
    plain: bool  # written without quotes
    position: Position
    end: tuple[int, int] = (0, 0)  # line and column after its last character


@dataclass(slots=True)
class Sequence:
    position: Position
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    position: Position
    entries: list[tuple[Scalar, Node]] = field(default_factory=list)
    key: Scalar | None = None  # while building: the key that waits for its value
    skip: bool = False  # while building: the key was not a text, its value is dropped


@dataclass(slots=True)
class Refused:
    """Something that was reported and has no value: an alias."""

    position: Position


Node = Scalar | Sequence | Mapping | Refused


class TooDeep(Exception):
    """The file nests deeper than any content file may."""


def read_tree(text: str, first_line: int, report: Report) -> tuple[Node | None, bool]:
    """The tree of one YAML document, and whether it was read to its end.

    Reports what the text must not hold. After a syntax error with an obvious repair, reading goes on with the
    repaired text, so that one forgotten pair of quotes does not hide the other problems. After any other, what
    stands before the field with the error is kept.
    """
    lines = text.split("\n")
    for _ in range(MAX_REPAIRS):
        builder = _Builder(first_line, report)
        error = builder.run("\n".join(lines))
        if error is None:
            builder.tell()
            return builder.root, builder.whole
        if not _repair(lines, error, first_line, report):
            break
    builder.tell()
    if isinstance(builder.root, Mapping) and builder.root.entries:
        builder.root.entries.pop()
    return builder.root, False


@dataclass(slots=True)
class _Error:
    line: int  # from 0, in the text
    column: int
    problem: str
    opened: tuple[int, int] | None  # where the bracket or quotation mark stands that is not closed


class _Builder:
    """Builds the tree from the parser's events; findings wait until the text is known to be the final one."""

    def __init__(self, first_line: int, report: Report) -> None:
        self.first_line = first_line
        self.report = report
        self.root: Node | None = None
        self.whole = True
        self.stack: list[Sequence | Mapping] = []
        self.findings: list[tuple[str, Position, dict[str, str]]] = []

    def tell(self) -> None:
        for code, position, facts in self.findings:
            self.report(code, position, **facts)

    def run(self, text: str) -> _Error | None:
        documents = 0
        try:
            for event in yaml.parse(text, Loader=yaml.CBaseLoader):
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1 or event.version or event.tags:
                        self._find("T111", event)
                        self.whole = False
                        break
                else:
                    self._take(event)
        except TooDeep:
            self.findings.append(("T112", self.stack[-1].position, {}))
            self.whole = False
        except yaml.MarkedYAMLError as error:
            mark, context = error.problem_mark or error.context_mark, error.context_mark
            opened = (context.line, context.column) if context else None
            problem = f"{error.context or ''} {error.problem or ''}".strip()
            return _Error(mark.line if mark else 0, mark.column if mark else 0, problem, opened)
        except yaml.YAMLError as error:
            return _Error(0, 0, str(error).split("\n")[0], None)
        return None

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._check_properties(event)
            self._add(Scalar(event.value, event.style in (None, ""), self._position(event), self._end(event)))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._check_properties(event)
            if len(self.stack) >= MAX_DEPTH:
                raise TooDeep
            position = self._position(event)
            node: Sequence | Mapping = Mapping(position) if isinstance(event, yaml.MappingStartEvent) else Sequence(position)
            self._add(node)
            self.stack.append(node)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._find("T107", event, text=f"*{event.anchor}")
            self._add(Refused(self._position(event)))

    def _check_properties(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            self._find("T107", event, text=f"&{event.anchor}")
        if event.tag is not None:
            self._find("T108", event, text=event.tag.replace("tag:yaml.org,2002:", "!!"))

    def _add(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif parent.skip:
            parent.skip = False
        elif parent.key is not None:
            parent.entries.append((parent.key, node))
            parent.key = None
        elif isinstance(node, Scalar):
            parent.key = node
        else:
            parent.skip = True
            self.findings.append(("T113", node.position, {}))

    def _find(self, code: str, event: yaml.Event, **facts: str) -> None:
        self.findings.append((code, self._position(event), facts))

    def _position(self, event: yaml.Event) -> Position:
        start, end = event.start_mark, event.end_mark
        if start is None or end is None:
            return (self.first_line, 1, 0)
        column = start.column + 1
        end_column = end.column + 1 if end.line == start.line else 0  # 0: to the end of the line
        return (start.line + self.first_line, column, end_column)

    def _end(self, event: yaml.Event) -> tuple[int, int]:
        return (event.end_mark.line + self.first_line, event.end_mark.column + 1) if event.end_mark else (self.first_line, 1)


# A value that YAML cannot read without quotes: a colon and a blank inside it, or a first character with a meaning.
UNQUOTED = re.compile(r"""^(?P<lead>\s*(?:-\s+)?[\w-]+:[ ]+)(?P<value>(?!["'\[{|>#]).*?)(?P<tail>\s*)$""")
STARTS_BADLY = "@`%*&!"
GLUED = re.compile(r"^\s*(?:-\s+)?(?P<name>[a-z_]+):(?=[^\s:/])")
# What the parser's own message says, and the reason that is told instead.
REASONS = {
    "',' or ']'": "bracket",
    "',' or '}'": "brace",
    "quoted scalar": "quotes",
    "mapping values are not allowed": "colon",
    "expected key": "indent",
    "'-' indicator": "indent",
    "expected ':'": "no_colon",
    "sequence entries are not allowed": "dash",
    "cannot start any token": "character",
}


def _repair(lines: list[str], error: _Error, first_line: int, report: Report) -> bool:
    """Mend the line of the error in place where the mistake is clear, and report it; else report and return False."""
    index = min(error.line, len(lines) - 1)
    if "expected a single document" in error.problem or "document start" in error.problem:
        report("T111", (index + first_line, 1, 0))
        return False
    for candidate in (index, index - 1):
        if candidate >= 0 and _repair_line(lines, candidate, first_line, report):
            return True
    reason = next((name for sign, name in REASONS.items() if sign in error.problem), "other")
    line, column = error.opened if error.opened and reason in ("bracket", "brace", "quotes") else (index, error.column)
    report("T101", (line + first_line, column + 1, column + 2), None, reason=reason)
    return False


def _repair_line(lines: list[str], index: int, first_line: int, report: Report) -> bool:
    line, number = lines[index], index + first_line
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        before = next((one for one in reversed(lines[:index]) if one.strip()), "")
        spaces = " " * (len(before) - len(before.lstrip(" -")))
        report("T103", (number, 1, len(indent) + 1), spaces or None)
        lines[index] = spaces + line.lstrip()
        return True
    match = UNQUOTED.match(line)
    if match and _needs_quotes(match["value"]):
        quoted = quote(match["value"])
        report("T102", (number, match.start("value") + 1, match.end("value") + 1), quoted)
        lines[index] = match["lead"] + quoted
        return True
    glued = GLUED.match(line)
    if glued:
        report("T104", (number, glued.start("name") + 1, glued.end() + 1), f"{glued['name']}: ")
        lines[index] = f"{line[: glued.end()]} {line[glued.end() :]}"
        return True
    return False


def _needs_quotes(value: str) -> bool:
    return bool(value) and (": " in value or value.endswith(":") or value[0] in STARTS_BADLY or value.startswith("- "))


def quote(value: str) -> str:
    """The value in double quotes, as YAML wants it."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
