"""The canonical form of a content file: the fields in the order of the schema, one value on a line, quotes only where needed.

It is the form that the web editor writes, so a file edited there and a file edited by hand differ only where they were
edited. Reading a file gives the same before and after; comments stay with the field or the item that they stand above.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from course_catalogue.content_file import ContentFile, file_of_bytes, front_matter
from course_catalogue.field import Field, definition
from course_catalogue.problem import LANGUAGES
from course_catalogue.yaml_tree import Mapping, Node, Position, Scalar, Sequence, read_tree

KINDS = (
    (re.compile(r"courses/[^/]+/[^/]+\.md"), "course"),
    (re.compile(r"pages/[^/]+/[^/]+\.md"), "page"),
    (re.compile(r"schools/[^/]+\.yaml"), "school"),
    (re.compile(r"agreements/[^/]+\.yaml"), "agreement"),
    (re.compile(r"network\.yaml"), "network"),
    (re.compile(r"vocabulary/subjects\.yaml"), "subjects"),
    (re.compile(r"vocabulary/levels\.yaml"), "levels"),
)


def kind_of(path: str) -> str | None:
    """Which kind of content file a path below the content folder is, if it has a canonical form."""
    return next((kind for pattern, kind in KINDS if pattern.fullmatch(path)), None)


def canonical_text(path: str, text: str) -> str:
    """The file's text in canonical form. `path` is below the content folder.

    A text that cannot be read as YAML without a problem, and a file of no known kind, come back unchanged: the check
    says what is wrong with them.
    """
    kind = kind_of(path)
    file = file_of_bytes(path, text.encode("utf-8", "surrogatepass"), []) if kind else None
    if kind is None or file is None:
        return text
    if not path.endswith(".md"):
        lines = _canonical_yaml(definition(kind), file.text, 1, file, keep_gaps=True)
        return text if lines is None else "\n".join(lines) + "\n"
    parts = front_matter(file)
    if parts is None:
        return text
    yaml_text, body, _ = parts
    lines = _canonical_yaml(definition(kind), yaml_text, 2, file, keep_gaps=False)
    if lines is None:
        return text
    return "\n".join(["---", *lines, "---", "", body.strip("\n")]).rstrip("\n") + "\n"


def _canonical_yaml(spec: Field, text: str, first_line: int, file: ContentFile, *, keep_gaps: bool) -> list[str] | None:
    problems: list[str] = []

    def report(code: str, position: Position, replacement: str | None = None, **facts: str) -> None:
        problems.append(code)

    tree, whole = read_tree(text, first_line, report)
    if problems or not whole or not isinstance(tree, Mapping) or not tree.entries or _has_twins(tree):
        return None
    comments = _Comments(tree, text.split("\n"), first_line, keep_gaps=keep_gaps)
    return [*_mapping(spec, tree, comments), *comments.last]


def _has_twins(node: Node) -> bool:
    if isinstance(node, Mapping):
        keys = [key.value for key, _ in node.entries]
        return len(set(keys)) < len(keys) or any(_has_twins(value) for _, value in node.entries)
    return isinstance(node, Sequence) and any(_has_twins(item) for item in node.items)


class _Comments:
    """Comments by what they belong to: full lines above a key or an item, and a comment at the end of its line."""

    def __init__(self, tree: Mapping, lines: list[str], first_line: int, *, keep_gaps: bool) -> None:
        self.above: dict[int, list[str]] = {}  # by id of the key or the item
        self.beside: dict[int, str] = {}
        self.last: list[str] = []
        anchors = list(_anchors(tree))
        gap = False
        for number, line in enumerate(_without_scalars(tree, lines, first_line), first_line):
            source = lines[number - first_line]
            match = re.search(r"(?:^|\s)(#.*)$", line)
            comment = source[match.start(1) :].rstrip() if match else ""
            if comment and not source[: match.start(1) if match else 0].strip():
                owner = next((anchor for anchor in anchors if anchor[0] > number), None)
                block = self.above.setdefault(owner[1], []) if owner else self.last
                block += [""] * (gap and keep_gaps and (not owner or owner[2] == 0) and number > first_line) + [comment]
            elif comment:
                self._beside([anchor for anchor in anchors if anchor[0] <= number][-1][1], comment)
            elif gap and keep_gaps and source.strip():
                for line_number, anchor, depth in anchors:
                    if line_number == number and depth == 0 and number > first_line:
                        self.above.setdefault(anchor, []).append("")
            gap = not source.strip()

    def _beside(self, anchor: int, comment: str) -> None:
        if anchor in self.beside:
            self.above.setdefault(anchor, []).append(comment)
        else:
            self.beside[anchor] = comment

    def before(self, anchor: object, indent: str) -> list[str]:
        return [f"{indent}{line}" if line else "" for line in self.above.get(id(anchor), [])]

    def after(self, anchor: object) -> str:
        return f"  {self.beside[id(anchor)]}" if id(anchor) in self.beside else ""


def _anchors(node: Node, depth: int = 0) -> Iterator[tuple[int, int, int]]:
    """Line, id and depth of every key and item, in the order of the text; an item before its first key."""
    if isinstance(node, Mapping):
        for key, value in node.entries:
            yield key.position[0], id(key), depth
            yield from _anchors(value, depth + 1)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield item.position[0], id(item), depth
            yield from _anchors(item, depth + 1)


def _without_scalars(tree: Node, lines: list[str], first_line: int) -> list[str]:
    """The lines with every scalar blanked out: what is left of a hash sign begins a comment."""
    rest = list(lines)
    for scalar in _scalars(tree):
        (line, column, _), (end_line, end_column) = scalar.position, scalar.end
        for number in range(line, end_line + 1):
            index = number - first_line
            if index >= len(rest):
                break
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


def _mapping(spec: Field | None, tree: Mapping, comments: _Comments, indent: str = "") -> list[str]:
    lines: list[str] = []
    for key, node in _in_order(spec, tree):
        inner = _field_of(spec, key.value)
        head = f"{indent}{scalar_text(key.value, None)}:"
        lines += comments.before(key, indent)
        beside = comments.after(key)
        if isinstance(node, Scalar):
            value = scalar_text(node.value, inner) if node.value or not node.plain else ""
            lines.append(f"{head} {value}".rstrip() + beside)
        elif isinstance(node, Sequence):
            lines.append(f"{head}{'' if node.items else ' []'}{beside}")
            lines += _sequence(inner, node, comments, indent + "  ")
        elif isinstance(node, Mapping):
            lines.append(f"{head}{'' if node.entries else ' {}'}{beside}")
            lines += _mapping(inner, node, comments, indent + "  ")
    return lines


def _sequence(spec: Field | None, node: Sequence, comments: _Comments, indent: str) -> list[str]:
    items = spec.items if spec and spec.kind == "list" else None
    lines: list[str] = []
    for item in node.items:
        lines += comments.before(item, indent)
        if isinstance(item, Scalar):
            value = scalar_text(item.value, items) if item.value or not item.plain else ""
            lines.append(f"{indent}- {value}".rstrip() + comments.after(item))
            continue
        inner = _nested(items, item, comments, indent + "  ")
        heads = next(index for index, line in enumerate(inner) if not line.lstrip().startswith("#"))
        lines += [indent + line.lstrip() for line in inner[:heads]]
        beside = comments.after(item)
        lines += [f"{indent}{beside.strip()}"] if beside else []
        lines += [f"{indent}- {inner[heads][len(indent) + 2 :]}", *inner[heads + 1 :]]
    return lines


def _nested(spec: Field | None, node: Node, comments: _Comments, indent: str) -> list[str]:
    """The lines of a mapping or a list within a list."""
    if isinstance(node, Sequence):
        return _sequence(spec, node, comments, indent) or [f"{indent}[]"]
    return (_mapping(spec, node, comments, indent) if isinstance(node, Mapping) else []) or [f"{indent}{{}}"]


def _field_of(spec: Field | None, key: str) -> Field | None:
    if spec is None:
        return None
    return spec.fields.get(key) if spec.kind == "record" else spec.items if spec.kind == "map" else spec if spec.kind == "text" else None


def _in_order(spec: Field | None, tree: Mapping) -> list[tuple[Scalar, Node]]:
    """A record's fields in the order of the schema, texts by language in the usual order, all else as it was."""
    order = tuple(spec.fields) if spec and spec.kind == "record" else LANGUAGES if spec and spec.kind == "text" else ()
    places = {key: place for place, key in enumerate(order)}
    return sorted(tree.entries, key=lambda entry: places.get(entry[0].value, len(places)))


TYPED = frozenset(("integer", "money", "boolean", "date", "local_date_time"))
# What YAML 1.1 or 1.2 reads as something else than text: true, no, 12, 0x1F, 1e3, 11:00, 2026-12-07, ~, =, <<.
NOT_TEXT = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|=|<<|[-+]?\.(?:inf|nan)|0[xob][0-9a-f_]+"
    r"|[-+]?(?:[0-9][0-9_,]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:e[-+]?[0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t\s].*)?",
    re.IGNORECASE,
)
UNSAFE_START = re.compile(r"[-?:](?:\s|$)|[,\[\]{}#&*!|>'\"%@`]|---|\.\.\.")
UNSAFE_INSIDE = re.compile(r":(?:\s|$)|\s#")


def scalar_text(value: str, field: Field | None) -> str:
    """A value as YAML: plain where every YAML reader takes it for what the field is, else in single quotes."""
    if not value or "\n" in value or value != value.strip() or "\t" in value:
        return json.dumps(value, ensure_ascii=False) if "\n" in value or "\t" in value else _quoted(value)
    if UNSAFE_START.match(value) or UNSAFE_INSIDE.search(value):
        return _quoted(value)
    typed = field is not None and field.kind in TYPED
    return _quoted(value) if not typed and NOT_TEXT.fullmatch(value) else value


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
