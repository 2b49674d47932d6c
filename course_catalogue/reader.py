"""Reads a tree of texts by a field definition: every value is typed or reported, with what to write instead.

All problems are collected; a value that is wrong is left out of the record, so that later checks do not stumble on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from course_catalogue import guess
from course_catalogue.content_file import ContentFile
from course_catalogue.field import Field
from course_catalogue.known import Known
from course_catalogue.scalar import MISSING, read_scalar
from course_catalogue.yaml_tree import Mapping as Tree
from course_catalogue.yaml_tree import Node, Position, Refused, Scalar, Sequence, read_tree


@dataclass(slots=True)
class Record:
    """The values of one mapping that could be read, and where every key and value stands."""

    position: Position
    values: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Position] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)

    def get(self, key: str, default: Any = None) -> Any:
        return self.values.get(key, default)

    def at(self, key: str) -> Position:
        """Where the value stands; where the record begins when the key is not given."""
        node = self.nodes.get(key)
        return node.position if node else self.position

    def whole(self, key: str) -> bool:
        """Whether every item of a list could be read."""
        return len(self.values.get(key, ())) == len(getattr(self.nodes.get(key), "items", ()))

    def broken(self, key: str) -> bool:
        """Whether the key is given but its value could not be read."""
        return key in self.keys and key not in self.values


def read_record(spec: Field, text: str, first_line: int, file: ContentFile, known: Known) -> Record | None:
    """Read YAML text as the record that `spec` defines; None when it is no mapping at all."""
    tree, whole = read_tree(text, first_line, file.report)
    if tree is None and whole:
        tree = Tree((first_line, 1, 0))
    if not isinstance(tree, Tree):
        if tree is not None:
            file.report("T110", tree.position, key=spec.name)
        return None
    reading = _Reading(file, known, whole)
    return reading.map_as_record(spec, tree) if spec.kind == "map" else reading.record(spec, tree)


@dataclass(slots=True)
class _Reading:
    file: ContentFile
    known: Known
    whole: bool  # the text was read to its end, so a field that was not seen is missing

    def value(self, spec: Field, node: Node, key: str) -> Any:
        if isinstance(node, Refused):
            return MISSING
        if spec.kind == "list":
            return self.sequence(spec, node, key)
        if spec.kind in ("record", "map"):
            if not isinstance(node, Tree):
                self.file.report("T110", node.position, key=key)
                return MISSING
            return self.record(spec, node) if spec.kind == "record" else self.map_as_record(spec, node)
        if spec.kind == "text" and isinstance(node, Tree):
            return self.localised(spec, node, key)
        if not isinstance(node, Scalar):
            self.file.report("T109", node.position, key=key)
            return MISSING
        return read_scalar(spec, node, key, self.file, self.known)

    def record(self, spec: Field, tree: Tree) -> Record:
        record = Record(tree.position)
        meant: set[str | None] = set()  # by a key that is misspelt; it is not reported as missing too
        for name, node in tree.entries:
            key = name.value
            if key not in spec.fields:
                meant.add(self._unknown(spec, name))
                continue
            if key in record.keys:
                self.file.report("T106", name.position, key=key, line=str(record.keys[key][0]))
                continue
            record.keys[key] = name.position
            record.nodes[key] = node
            value = self.value(spec.fields[key], node, key)
            if value is not MISSING:
                record.values[key] = value
        if self.whole:
            for key in spec.required:
                if key not in record.keys and key not in meant:
                    self.file.report("T105", record.position, key=key)
        return record

    def _unknown(self, spec: Field, name: Scalar) -> str | None:
        """Report a key that is no field; the field that was meant, when there is a guess."""
        labels = {key: one.titles for key, one in spec.fields.items() if one.titles}
        near = guess.nearest(name.value, spec.fields, labels)
        code = "T116" if near else "T117"
        self.file.report(code, name.position, near, key=name.value, known=", ".join(spec.fields), near=near or "")
        return near

    def map_as_record(self, spec: Field, tree: Tree) -> Record:
        assert spec.items is not None  # noqa: S101 - the schema compiler gives items and keys to every map
        assert spec.keys is not None  # noqa: S101
        record = Record(tree.position)
        folded: dict[str, Position] = {}
        for name, node in tree.entries:
            key = name.value
            if key.casefold() in folded:
                self.file.report("T106", name.position, key=key, line=str(folded[key.casefold()][0]))
                continue
            folded[key.casefold()] = name.position
            record.keys[key] = name.position
            record.nodes[key] = node
            key_ok = self.value(spec.keys, name, spec.name) is not MISSING
            value = self.value(spec.items, node, key)
            if value is not MISSING and key_ok:
                record.values[key] = value
        return record

    def sequence(self, spec: Field, node: Node, key: str) -> Any:
        if not isinstance(node, Sequence):
            replacement = None
            if isinstance(node, Scalar) and node.value.strip() and spec.items and spec.items.kind != "record":
                replacement = f"[{', '.join(part.strip() for part in node.value.split(','))}]"
            self.file.report("T118", node.position, replacement, key=key)
            return MISSING
        assert spec.items is not None  # noqa: S101 - the schema compiler gives them to every list
        if spec.minimum is not None and len(node.items) < spec.minimum:
            self.file.report("T215", node.position, key=key, minimum=str(spec.minimum))
        if spec.maximum is not None and len(node.items) > spec.maximum:
            self.file.report("T216", node.position, key=key, maximum=str(spec.maximum))
        values = [self.value(spec.items, one, key) for one in node.items]
        if spec.unique:
            self._report_twice(values, node, key)
        if spec.items.id_field:
            self._report_same_ids(values, spec.items.id_field)
        return tuple(value for value in values if value is not MISSING)

    def _report_twice(self, values: list[Any], node: Sequence, key: str) -> None:
        seen: set[str] = set()
        for value, one in zip(values, node.items, strict=True):
            folded = str(value).casefold()
            if value is not MISSING and folded in seen:
                self.file.report("T217", one.position, key=key, value=str(value))
            seen.add(folded)

    def _report_same_ids(self, values: list[Any], id_field: str) -> None:
        seen: dict[str, Position] = {}
        for record in values:
            if isinstance(record, Record) and id_field in record.values:
                one = record.values[id_field]
                if one in seen:
                    self.file.report("T307", record.at(id_field), id=one, line=str(seen[one][0]))
                seen.setdefault(one, record.at(id_field))

    def localised(self, spec: Field, tree: Tree, key: str) -> Any:
        texts: dict[str, str] = {}
        seen: dict[str, Position] = {}
        for name, node in tree.entries:
            language = name.value
            if language in seen:
                self.file.report("T106", name.position, key=language, line=str(seen[language][0]))
                continue
            seen[language] = name.position
            if language not in self.known.languages:
                near = guess.nearest(language, self.known.languages)
                self.file.report("T219", name.position, near, key=key, language=language, known=", ".join(self.known.languages))
                continue
            if not isinstance(node, Scalar):
                self.file.report("T109", node.position, key=language)
            else:
                text = read_scalar(spec, node, f"{key}.{language}", self.file, self.known)
                if text is not MISSING:
                    texts[language] = text
        absent = [language for language in self.known.languages if language not in seen]
        if absent and seen:
            self.file.report("T220", tree.position, key=key, languages=", ".join(absent))
        elif not seen:
            self.file.report("T114", tree.position, key=key)
        return texts or MISSING
