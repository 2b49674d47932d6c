"""Reads a tree of texts by a field definition: every value is typed or reported, with what to write instead.

All problems are collected; a value that is wrong is left out of the record, so that later checks do not stumble on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from course_catalogue import guess
from course_catalogue.content_file import ContentFile
from course_catalogue.field import ID, Field
from course_catalogue.yaml_tree import Node, Position, Scalar, Sequence, read_tree
from course_catalogue.yaml_tree import Mapping as Tree


class Missing:
    """The value of a field that could not be read."""


MISSING = Missing()


@dataclass(frozen=True, slots=True)
class Relation:
    """The ids that a reference may name, and their labels for guesses."""

    ids: Collection[str]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What a value may refer to."""

    languages: tuple[str, ...] = ("fi", "sv", "en")
    relations: Mapping[str, Relation] = field(default_factory=dict)


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
        if spec.kind == "list":
            return self.list(spec, node, key)
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
        if not node.value.strip() or (node.plain and node.value in ("~", "null", "Null", "NULL")):
            self.file.report("T114", node.position, key=key)
            return MISSING
        return READERS[spec.kind](self, spec, node, key)

    def record(self, spec: Field, tree: Tree) -> Record:
        record = Record(tree.position)
        for name, node in tree.entries:
            key = name.value
            if key not in spec.fields:
                self._unknown(spec, name)
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
                if key not in record.keys:
                    self.file.report("T105", record.position, key=key)
        return record

    def _unknown(self, spec: Field, name: Scalar) -> None:
        labels = {key: one.titles for key, one in spec.fields.items() if one.titles}
        near = guess.nearest(name.value, spec.fields, labels)
        code = "T116" if near else "T117"
        self.file.report(code, name.position, near, key=name.value, known=", ".join(spec.fields), near=near or "")

    def map_as_record(self, spec: Field, tree: Tree) -> Record:
        assert spec.items and spec.keys  # noqa: S101  the schema compiler gives both to every map
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

    def list(self, spec: Field, node: Node, key: str) -> Any:
        if not isinstance(node, Sequence):
            replacement = None
            if isinstance(node, Scalar) and node.value.strip() and spec.items and spec.items.kind != "record":
                replacement = f"[{', '.join(part.strip() for part in node.value.split(','))}]"
            self.file.report("T118", node.position, replacement, key=key)
            return MISSING
        assert spec.items  # noqa: S101  the schema compiler gives them to every list
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
            elif not node.value.strip():
                self.file.report("T114", node.position, key=language)
            else:
                text = self.line(spec, node, f"{key}.{language}")
                if text is not MISSING:
                    texts[language] = text
        absent = [language for language in self.known.languages if language not in seen]
        if absent and seen:
            self.file.report("T220", tree.position, key=key, languages=", ".join(absent))
        elif not seen:
            self.file.report("T114", tree.position, key=key)
        return texts or MISSING

    def line(self, spec: Field, node: Scalar, key: str) -> Any:
        text = node.value.strip()
        if "\n" in text:
            self.file.report("T218", node.position, " ".join(text.split()), key=key)
            return MISSING
        match = MARKUP.search(text)
        if match:
            self.file.report("T214", node.position, None, key=key, text=match[0])
            return MISSING
        if spec.maximum is not None and len(text) > spec.maximum:
            self.file.report("T209", node.position, key=key, length=str(len(text)), maximum=str(spec.maximum))
            return MISSING
        if spec.pattern and not spec.pattern.search(text):
            self.file.report("T210", node.position, key=key, value=text, pattern=spec.pattern.pattern)
            return MISSING
        return text

    def choice(self, spec: Field, node: Scalar, key: str) -> Any:
        if node.value in spec.choices:
            return node.value
        near = guess.nearest(node.value, spec.choices, spec.labels)
        self.file.report("T208", node.position, near, key=key, value=node.value, known=", ".join(spec.choices))
        return MISSING

    def reference(self, spec: Field, node: Scalar, key: str) -> Any:
        relation = self.known.relations.get(spec.relation or "")
        if relation is None or node.value in relation.ids:
            return node.value
        near = guess.nearest(node.value, relation.ids, relation.labels)
        code = REFERENCE_CODES[spec.relation or ""]
        self.file.report(code, node.position, near, key=key, value=node.value)
        return MISSING

    def integer(self, spec: Field, node: Scalar, key: str) -> Any:
        if not WHOLE.fullmatch(node.value):
            near = guess.number_text(node.value)
            self.file.report("T204", node.position, near, key=key, value=node.value)
            return MISSING
        return self._within(spec, node, key, int(node.value), str)

    def money(self, spec: Field, node: Scalar, key: str) -> Any:
        match = MONEY.fullmatch(node.value)
        if not match:
            near = guess.money_text(node.value)
            self.file.report("T206", node.position, near, key=key, value=node.value)
            return MISSING
        cents = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
        return self._within(spec, node, key, cents, lambda limit: f"{limit // 100}.{limit % 100:02}")

    def _within(self, spec: Field, node: Scalar, key: str, number: int, shown: Callable[[int], str]) -> Any:
        if spec.minimum is not None and number < spec.minimum:
            self.file.report("T205", node.position, key=key, value=node.value, limit=shown(spec.minimum), reason="least")
            return MISSING
        if spec.maximum is not None and number > spec.maximum:
            self.file.report("T205", node.position, key=key, value=node.value, limit=shown(spec.maximum), reason="most")
            return MISSING
        return number

    def boolean(self, spec: Field, node: Scalar, key: str) -> Any:
        if node.value in ("true", "false"):
            return node.value == "true"
        self.file.report("T207", node.position, guess.boolean_text(node.value), key=key, value=node.value)
        return MISSING

    def date(self, spec: Field, node: Scalar, key: str) -> Any:
        if DATE.fullmatch(node.value):
            try:
                return date.fromisoformat(node.value)
            except ValueError:
                self.file.report("T221", node.position, key=key, value=node.value)
                return MISSING
        self.file.report("T201", node.position, guess.date_text(node.value), key=key, value=node.value)
        return MISSING

    def local_date_time(self, spec: Field, node: Scalar, key: str) -> Any:
        if DATE_TIME.fullmatch(node.value):
            try:
                return datetime.fromisoformat(node.value)  # naive: the network's zone is added where it is known
            except ValueError:
                self.file.report("T221", node.position, key=key, value=node.value)
                return MISSING
        near = guess.date_time_text(node.value, "08:00" if key.endswith("opens_at") else "16:00")
        self.file.report("T202", node.position, near, key=key, value=node.value)
        return MISSING

    def clock(self, spec: Field, node: Scalar, key: str) -> Any:
        if CLOCK.fullmatch(node.value):
            return node.value
        near = guess.clock_of(node.value)
        self.file.report("T203", node.position, f'"{near}"' if near else None, key=key, value=node.value)
        return MISSING

    def id(self, spec: Field, node: Scalar, key: str) -> Any:
        if not ID.fullmatch(node.value):
            self.file.report("T211", node.position, guess.id_text(node.value) or None, key=key, value=node.value)
            return MISSING
        return self.line(spec, node, key)

    def email(self, spec: Field, node: Scalar, key: str) -> Any:
        if EMAIL.fullmatch(node.value):
            return self.line(spec, node, key)
        mended = re.sub(r"\s*[(\[]\s*(?:at|ät|a)\s*[)\]]\s*", "@", node.value, flags=re.IGNORECASE).removeprefix("mailto:").strip()
        self.file.report("T212", node.position, mended if EMAIL.fullmatch(mended) else None, key=key, value=node.value)
        return MISSING

    def https(self, spec: Field, node: Scalar, key: str) -> Any:
        if HTTPS.fullmatch(node.value):
            return node.value.rstrip("/")
        mended = "https://" + re.sub(r"^(?:http:)?/*", "", node.value.strip())
        self.file.report("T213", node.position, mended if HTTPS.fullmatch(mended) else None, key=key, value=node.value)
        return MISSING

    def business_id(self, spec: Field, node: Scalar, key: str) -> Any:
        match = BUSINESS_ID.fullmatch(node.value)
        digit = check_digit(match[1]) if match else None
        if match and digit == match[2]:
            return node.value
        digits = re.sub(r"\D", "", node.value)
        mended = f"{digits[:7]}-{digits[7:]}" if len(digits) == 8 and check_digit(digits[:7]) == digits[7:] else None
        self.file.report("T222", node.position, mended, key=key, value=node.value)
        return MISSING

    def time_zone(self, spec: Field, node: Scalar, key: str) -> Any:
        try:
            return ZoneInfo(node.value)
        except (ValueError, OSError, KeyError):
            self.file.report("T223", node.position, key=key, value=node.value)
            return MISSING


# HTML tags and entities, Markdown emphasis, code, links and images, template text and Pelican's own links.
MARKUP = re.compile(
    r"</?[a-zA-Z!?][^>]*>?|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});|\*\*|__|`|\]\(|\]\[|\{\{|\}\}|\{%|\{#"
    r"|\{(?:attach|static|filename|tag|category|author|index)\}"
)
WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,8})")
MONEY = re.compile(r"(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+")
HTTPS = re.compile(r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{2,5})?(?:/[^\s<>\"'`{}|\\^]*)?")
BUSINESS_ID = re.compile(r"([0-9]{7})-([0-9])")
REFERENCE_CODES = {"schools": "T301", "subjects": "T302", "modules": "T303", "levels": "T304", "courses": "T305"}

READERS: Mapping[str, Callable[[_Reading, Field, Scalar, str], Any]] = {
    "line": _Reading.line,
    "text": _Reading.line,
    "choice": _Reading.choice,
    "reference": _Reading.reference,
    "integer": _Reading.integer,
    "money": _Reading.money,
    "boolean": _Reading.boolean,
    "date": _Reading.date,
    "local_date_time": _Reading.local_date_time,
    "clock": _Reading.clock,
    "id": _Reading.id,
    "email": _Reading.email,
    "https": _Reading.https,
    "business_id": _Reading.business_id,
    "time_zone": _Reading.time_zone,
}


def check_digit(seven: str) -> str | None:
    """The check digit of a Finnish business ID: weights 7 9 10 5 8 4 2, modulo 11; None when there is no such id."""
    rest = sum(int(digit) * weight for digit, weight in zip(seven, (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return None if rest == 1 else str(0 if rest == 0 else 11 - rest)
