"""catalogue.json: the whole offer in one file, for whoever wants to show it elsewhere; and the JSON Schema that it follows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from course_catalogue.json_schema import DIALECT, VERSION
from course_catalogue.model import Catalogue, Course
from tray_site.files.past import Past
from tray_site.files.tables.column import Column
from tray_site.files.tables.tables import COURSES, OFFERINGS, SCHOOLS, SUBJECTS, choices_of, course_line, offering_lines
from tray_site.plan.planned import PlannedFile

FORMAT = 2  # of catalogue.json; a change that breaks a reader raises it
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
SCHEMA = f"/schema/{VERSION}/catalogue.json"


def print_catalogue(catalogue: Catalogue, planned: PlannedFile) -> Iterator[bytes]:
    """The file in pieces, so that a large one is never whole in memory. Money is whole cents."""
    network = catalogue.network
    pasts: tuple[Past, ...] = planned.inputs["pasts"]  # type: ignore[assignment]
    head = {
        "$schema": network.site_url + SCHEMA,
        "format": FORMAT,
        "network": dict(network.name.by_language),
        "site": network.site_url,
        "commit": planned.inputs["commit"],
        "licence": LICENCE,
        "schools": [_record(SCHOOLS, one) for one in catalogue.schools.values()],
        "subjects": [_record(SUBJECTS, one) for one in catalogue.subjects.values()],
    }
    yield _written(head)[:-1] + b',"courses":['
    for number, past in enumerate(pasts):
        record = {**_record(COURSES, course_line(catalogue, past)), "offerings": _offerings(catalogue, past.course)}
        yield (b"," if number else b"") + b"\n" + _written(record)
    yield b"]}\n"


def _offerings(catalogue: Catalogue, course: Course) -> list[dict[str, Any]]:
    return [_record(OFFERINGS, one) for one in offering_lines(catalogue, course)]


def _record(columns: tuple[Column[Any], ...], line: Any) -> dict[str, Any]:
    return {one.name: one.json(line) for one in columns if not one.only_in_csv}


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def catalogue_schema(catalogue: Catalogue) -> dict[str, Any]:
    """The JSON Schema of catalogue.json, from the same columns."""
    choices = choices_of(catalogue)
    course = _object(COURSES, choices)
    course["properties"]["offerings"] = {"type": "array", "items": _object(OFFERINGS, choices)}
    course["required"].append("offerings")
    properties = {
        "$schema": {"type": "string", "format": "uri"},
        "format": {"const": FORMAT},
        "network": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}},
        "site": {"type": "string", "format": "uri"},
        "commit": {"type": ["string", "null"], "description": "The commit of the content that the file was made from."},
        "licence": {"type": "string", "format": "uri"},
        "schools": {"type": "array", "items": _object(SCHOOLS, choices)},
        "subjects": {"type": "array", "items": _object(SUBJECTS, choices)},
        "courses": {"type": "array", "items": course},
    }
    return {
        "$schema": DIALECT,
        "$id": catalogue.network.site_url + SCHEMA,
        "title": "The course tray as open data",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _object(columns: tuple[Column[Any], ...], choices: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    shown = [one for one in columns if not one.only_in_csv]
    return {
        "type": "object",
        "properties": {one.name: one.schema(choices) for one in shown},
        "required": [one.name for one in shown],
        "additionalProperties": False,
    }
