"""The canonical form of a content file: the fields in the order of the schema, one value on a line, quotes only where needed.

It is the form that the web editor writes, so a file edited there and a file edited by hand differ only where they were
edited. Reading a file gives the same before and after; comments stay with the field or the item that they stand above.
"""

from __future__ import annotations

import json
import re

from course_catalogue.content_file import ContentFile, file_of_bytes, front_matter
from course_catalogue.field import Field, definition
from course_catalogue.problem import LANGUAGES
from course_catalogue.scalar import NULLS
from course_catalogue.yaml_comment import Comments
from course_catalogue.yaml_tree import Mapping, Node, Position, Scalar, Sequence, read_tree

KINDS = (
    (re.compile(r"courses/[^/]+/[^/]+\.md"), "course"),
    (re.compile(r"pages/[^/]+/[^/]+\.md"), "page"),
    (re.compile(r"schools/[^/]+\.yaml"), "school"),
    (re.compile(r"agreements/[^/]+\.yaml"), "agreement"),
    (re.compile(r"network\.yaml"), "network"),
    (re.compile(r"vocabulary/subjects\.yaml"), "subjects"),
    (re.compile(r"vocabulary/levels\.yaml"), "levels"),
    (re.compile(r"vocabulary/search_words\.yaml"), "search_words"),
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
    comments = Comments(tree, text.split("\n"), first_line, keep_gaps=keep_gaps)
    return [*_mapping(spec, tree, comments), *comments.last]


def _has_twins(node: Node) -> bool:
    if isinstance(node, Mapping):
        keys = [key.value for key, _ in node.entries]
        return len(set(keys)) < len(keys) or any(_has_twins(value) for _, value in node.entries)
    return isinstance(node, Sequence) and any(_has_twins(item) for item in node.items)


def _mapping(spec: Field | None, tree: Mapping, comments: Comments, indent: str = "") -> list[str]:
    lines: list[str] = []
    for key, node in _in_order(spec, tree):
        inner = _field_of(spec, key.value)
        head = f"{indent}{scalar_text(key.value, None)}:"
        lines += comments.above(key, indent)
        beside = comments.beside(key)
        if isinstance(node, Scalar):
            value = _scalar(node, inner)
            lines.append(f"{head} {value}".rstrip() + beside)
        elif isinstance(node, Sequence):
            lines.append(f"{head}{'' if node.items else ' []'}{beside}")
            lines += _sequence(inner, node, comments, indent + "  ")
        elif isinstance(node, Mapping):
            lines.append(f"{head}{'' if node.entries else ' {}'}{beside}")
            lines += _mapping(inner, node, comments, indent + "  ")
    return lines


def _sequence(spec: Field | None, node: Sequence, comments: Comments, indent: str) -> list[str]:
    items = spec.items if spec and spec.kind == "list" else None
    lines: list[str] = []
    for item in node.items:
        lines += comments.above(item, indent)
        if isinstance(item, Scalar):
            value = _scalar(item, items)
            lines.append(f"{indent}- {value}".rstrip() + comments.beside(item))
            continue
        inner = _nested(items, item, comments, indent + "  ")
        heads = next(index for index, line in enumerate(inner) if not line.lstrip().startswith("#"))
        lines += [indent + line.lstrip() for line in inner[:heads]]
        beside = comments.beside(item)
        lines += [f"{indent}{beside.strip()}"] if beside else []
        lines += [f"{indent}- {inner[heads][len(indent) + 2 :]}", *inner[heads + 1 :]]
    return lines


def _nested(spec: Field | None, node: Node, comments: Comments, indent: str) -> list[str]:
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


def _scalar(node: Scalar, field: Field | None) -> str:
    """The value as it is written; nothing at all where there is none."""
    return "" if node.plain and (not node.value or node.value in NULLS) else scalar_text(node.value, field)


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
    typed = field is not None and field.kind in TYPED and value not in NULLS
    return _quoted(value) if not typed and NOT_TEXT.fullmatch(value) else value


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
