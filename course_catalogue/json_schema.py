"""The field definitions as ordinary JSON Schema, for code editors and for anybody who writes content by program.

What JSON Schema cannot say (references, sums, dates in order) is left to the check.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from course_catalogue.field import ID, NOTHING, raw_schema
from course_catalogue.model import Catalogue, Language
from course_catalogue.scalar import BUSINESS_ID, CLOCK, COLOUR, DATE, DATE_TIME, EMAIL, HTTPS, MARKUP

NAMES = ("course", "school", "agreement", "network", "page", "subjects", "levels", "search_words")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
VERSION = "v1"  # in the published address; a change that refuses a file that was right makes the next one
PATTERNS = {
    "date": DATE,
    "local-date-time": DATE_TIME,
    "clock": CLOCK,
    "id": ID,
    "email": EMAIL,
    "https": HTTPS,
    "business-id": BUSINESS_ID,
    "colour": COLOUR,
}
STANDARD_FORMATS = {"date": "date", "email": "email", "https": "uri"}
PLAIN_TEXT = {"minLength": 1, "pattern": r"^[^\n]*$", "not": {"pattern": MARKUP.pattern}}


def published_schema(name: str, catalogue: Catalogue | None = None, language: Language = "en") -> dict[str, Any]:
    """The JSON Schema of one kind of file; of a course and a page, of its front matter.

    With a catalogue, references list the ids that it knows, and the schema has the site's address as its `$id`.
    """
    body = _Publishing(catalogue, language).schema(raw_schema(name))
    address = f"{catalogue.network.site_url}/schema/{VERSION}/{name}.json" if catalogue else f"{name}.json"
    return {"$schema": DIALECT, "$id": address, **body}


class _Publishing:
    def __init__(self, catalogue: Catalogue | None, language: Language) -> None:
        self.language = language
        self.languages = catalogue.network.languages if catalogue else ("fi", "sv", "en")
        self.ids: Mapping[str, tuple[str, ...]] = _ids(catalogue) if catalogue else {}

    def schema(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        if "$ref" in raw:
            return self.schema(raw_schema(raw["$ref"]))
        found = self._words(raw)
        if raw.get("x-text") == "localised":
            return {**found, **self._localised(raw)}
        found["type"] = raw["type"]
        for key in ("enum", "minimum", "maximum", "minItems", "maxItems", "uniqueItems", "minProperties", "required", "allOf", "examples"):
            if key in raw:
                found[key] = raw[key]
        if raw["type"] == "object":
            found |= self._object(raw)
        elif raw["type"] == "array":
            found["items"] = self.schema(raw["items"])
        elif raw["type"] == "string":
            found |= self._string(raw)
        return found

    def _words(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Title and description in the language asked for, and the labels of a closed list."""
        found: dict[str, Any] = {}
        for key, hint in (("title", "x-title"), ("description", "x-help")):
            if hint in raw:
                found[key] = raw[hint][self.language]
        if "x-labels" in raw:
            found["x-labels"] = {choice: label[self.language] for choice, label in raw["x-labels"].items()}
        return found

    def _object(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {"properties": {key: self.schema(one) for key, one in raw.get("properties", NOTHING).items()}}
        if "additionalProperties" in raw:
            names = {"type": "string", **raw["propertyNames"]}
            return {"propertyNames": self.schema(names), "additionalProperties": self.schema(raw["additionalProperties"])}
        return {**found, "additionalProperties": False}

    def _string(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if "format" in raw:
            if raw["format"] in PATTERNS:
                found["pattern"] = f"^(?:{PATTERNS[raw['format']].pattern})$"
            if raw["format"] in STANDARD_FORMATS:
                found["format"] = STANDARD_FORMATS[raw["format"]]
        elif "x-relation" in raw:
            if raw["x-relation"] in self.ids:
                found["enum"] = list(self.ids[raw["x-relation"]])
        elif "pattern" in raw:
            found["pattern"] = raw["pattern"]
        elif "enum" not in raw:
            found |= PLAIN_TEXT
        return {**found, "maxLength": raw["maxLength"]} if "maxLength" in raw else found

    def _localised(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        text = {"type": "string", **PLAIN_TEXT, **({"maxLength": raw["maxLength"]} if "maxLength" in raw else {})}
        by_language = {
            "type": "object",
            "properties": {language: text for language in self.languages},
            "additionalProperties": False,
            "minProperties": 1,
        }
        found: dict[str, Any] = {"anyOf": [text, by_language]}
        return {**found, "examples": raw["examples"]} if "examples" in raw else found


def _ids(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """Not of courses: the schema is public and a draft is not, and a network may have very many."""
    return {
        "schools": tuple(catalogue.schools),
        "subjects": tuple(catalogue.subjects),
        "modules": tuple(catalogue.modules),
        "levels": tuple(catalogue.words["audience"]),
    }
