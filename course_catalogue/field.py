"""One field of a content file, as the schema defines it, in the form that the reader wants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

Kind = Literal[
    "line",  # text on one line, without markup
    "text",  # the same, in one language or in several
    "choice",
    "reference",
    "integer",
    "money",
    "boolean",
    "date",
    "local_date_time",
    "clock",
    "id",
    "email",
    "https",
    "business_id",
    "time_zone",
    "colour",
    "list",
    "record",
    "map",
]

SCHEMA_FOLDER = Path(__file__).parent / "schema"
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FORMATS: Mapping[str, Kind] = {
    "date": "date",
    "local-date-time": "local_date_time",
    "clock": "clock",
    "id": "id",
    "email": "email",
    "https": "https",
    "business-id": "business_id",
    "time-zone": "time_zone",
    "colour": "colour",
}
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Field:
    """What a value may be. `fields` are in the order of the canonical form."""

    name: str
    kind: Kind
    required: tuple[str, ...] = ()
    minimum: int | None = None  # of a number (money: cents), a text's length, a list's or map's size
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # choice → language → label
    relation: str | None = None
    unique: bool = False
    items: Field | None = None  # of a list, and of the values of a map
    keys: Field | None = None  # of a map
    fields: Mapping[str, Field] = field(default_factory=dict)  # of a record
    id_field: str | None = None  # names the record in a list, unique there
    pattern: re.Pattern[str] | None = None
    body: bool = False  # a Markdown body follows
    titles: Mapping[str, str] = field(default_factory=dict)  # by language
    helps: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[Any, ...] = ()


@cache
def raw_schema(name: str) -> Mapping[str, Any]:
    """The schema file as written, parsed."""
    loaded: Mapping[str, Any] = yaml.load((SCHEMA_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded


@cache
def definition(name: str) -> Field:
    """The field definition of one kind of file: course, school, agreement, network, page, subjects, levels, search_words."""
    return _compile(name, raw_schema(name))


def _compile(name: str, raw: Mapping[str, Any]) -> Field:
    if "$ref" in raw:
        return definition(raw["$ref"])
    kind = _kind(raw)
    low, high = _limits(kind, raw)
    return Field(
        name=name,
        kind=kind,
        required=tuple(raw.get("required", ())),
        minimum=low,
        maximum=high,
        choices=tuple(raw.get("enum", ())),
        labels=_labels(raw),
        relation=raw.get("x-relation"),
        unique=bool(raw.get("uniqueItems")),
        items=_items(name, kind, raw),
        keys=_compile(name, {"type": "string", **raw["propertyNames"]}) if kind == "map" else None,
        fields={key: _compile(key, value) for key, value in raw.get("properties", NOTHING).items()},
        id_field=raw.get("x-id-field"),
        pattern=re.compile(raw["pattern"]) if "pattern" in raw else None,
        body=raw.get("x-body") == "required",
        titles=raw.get("x-title", NOTHING),
        helps=raw.get("x-help", NOTHING),
        examples=tuple(raw.get("examples", ())),
    )


def _kind(raw: Mapping[str, Any]) -> Kind:
    if raw.get("x-text") == "localised":
        return "text"
    if raw["type"] == "object":
        return "map" if "additionalProperties" in raw else "record"
    if "enum" in raw:
        return "choice"
    if "x-relation" in raw:
        return "reference"
    if "format" in raw:
        return FORMATS[raw["format"]]
    kinds: Mapping[str, Kind] = {"array": "list", "integer": "integer", "number": "money", "boolean": "boolean", "string": "line"}
    return kinds[raw["type"]]


def _limits(kind: Kind, raw: Mapping[str, Any]) -> tuple[int | None, int | None]:
    low, high = {
        "list": ("minItems", "maxItems"),
        "map": ("minProperties", "maxProperties"),
        "integer": ("minimum", "maximum"),
        "money": ("minimum", "maximum"),
    }.get(kind, ("minLength", "maxLength"))
    scale = 100 if kind == "money" else 1
    return tuple(raw[key] * scale if key in raw else None for key in (low, high))  # type: ignore[return-value]


def _labels(raw: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    if "x-labels-of" in raw:
        kind, key = raw["x-labels-of"].split(".")
        labels: Mapping[str, Mapping[str, str]] = raw_schema(kind)["properties"][key]["x-labels"]
        return {choice: labels[choice] for choice in raw["enum"]}
    own: Mapping[str, Mapping[str, str]] = raw.get("x-labels", NOTHING)
    return own


def _items(name: str, kind: Kind, raw: Mapping[str, Any]) -> Field | None:
    if kind == "list":
        return _compile(name, raw["items"])
    if kind == "map":
        return _compile(name, raw["additionalProperties"])
    return None
