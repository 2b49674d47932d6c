"""A column of the open data: its name, kind, unit and meaning, and how it is read. All shapes of the data are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from course_catalogue.model import Text

Line = TypeVar("Line")
Kind = Literal["id", "text", "texts", "list", "whole", "truth", "day", "moment", "address"]
Value = str | int | bool | Text | date | datetime | tuple[str, ...] | None

ID = {"type": "string", "minLength": 1}
# Kind → what it is in JSON (JSON Schema, draft 2020-12). A column that may be empty is null there.
IN_JSON: Mapping[Kind, Mapping[str, Any]] = {
    "id": ID,
    "text": {"type": "string"},
    "texts": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string", "minLength": 1}},
    "list": {"type": "array", "items": ID},
    "whole": {"type": "integer", "minimum": 0},
    "truth": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "address": {"type": "string", "format": "uri"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Line]):
    """A column. `meaning` and `unit` are msgids; `choices` names the closed list that its values are from."""

    name: str
    kind: Kind
    meaning: str
    read: Callable[[Line], Value]
    unit: str = ""
    choices: str = ""
    may_be_empty: bool = False
    only_in_csv: bool = False  # says in a table what nesting says in JSON

    def json(self, line: Line) -> Any:
        """The value as JSON has it. A day is 2026-11-30, an instant has its offset, text is by language where it is translated."""
        value = self.read(line)
        if isinstance(value, Text):
            return dict(value.by_language)
        if isinstance(value, datetime):
            return value.isoformat(timespec="seconds")
        if isinstance(value, date):
            return value.isoformat()
        return list(value) if isinstance(value, tuple) else value

    def cell(self, line: Line) -> str:
        """The value as CSV has it: as in JSON, text in its own language alone, a list with | between."""
        value = self.read(line)
        if isinstance(value, tuple):
            return "|".join(value)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, Text) or value is None:
            return str(value or "")
        return str(self.json(line))

    def schema(self, choices: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
        """What JSON Schema says of the column. `choices` are the values of closed lists by their name."""
        found = dict(IN_JSON[self.kind])
        if self.choices:
            allowed = {"enum": list(choices[self.choices])}
            found = {**found, "items": allowed} if self.kind == "list" else {**found, **allowed}
        if self.may_be_empty:
            found["type"] = [found["type"], "null"]
            if "enum" in found:
                found["enum"] = [*found["enum"], None]
        return {**found, "description": f"{self.meaning}{f' Unit: {self.unit}.' if self.unit else ''}"}


@dataclass(frozen=True, slots=True)
class Described:
    """A column as the data page tells of it."""

    name: str
    kind: Kind
    unit: str
    meaning: str
    choices: tuple[str, ...]
    may_be_empty: bool
