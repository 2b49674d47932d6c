"""The API's OpenAPI 3.1 document, drawn from the operations, so that neither can say what the other does not."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from enrol_service.permissions import ACTS
from enrol_service.refusals.api import (
    BodyNotJson,
    BodyWrong,
    IdempotencyKeyReused,
    IdempotencyKeyWrong,
    MethodWrong,
    ScopeMissing,
    TokenUnknown,
    TooManyCalls,
)
from enrol_service.refusals.base import IllegalStep, Refusal
from enrol_service.refusals.web import BodyTooLarge, FormFailed, NotFound, NotYours, RequestUnreadable
from enrol_service.web.api.operation import OPERATIONS, PARAMETER, SAFE, Operation

REFERENCE = "#/components/schemas/{model}"
# What every operation may refuse with, and what those that change something may.
ALWAYS: tuple[type[Refusal], ...] = (RequestUnreadable, TokenUnknown, ScopeMissing, NotYours, MethodWrong, TooManyCalls)
CHANGING: tuple[type[Refusal], ...] = (IdempotencyKeyWrong, IdempotencyKeyReused, IllegalStep, BodyTooLarge)
PROBLEM_TYPE = "application/problem+json"
HEADERS: dict[int, dict[str, Any]] = {429: {"Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}}}

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `refusal` is the reason's name for programs, `title` a sentence for people.",
    "required": ["title", "status", "refusal"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "refusal": {"type": "string"},
        "number": {"type": "string", "description": "The request's number, for asking the operator."},
        "errors": {
            "type": "array",
            "description": "What must be mended, and where.",
            "items": {
                "type": "object",
                "required": ["at", "what"],
                "properties": {"at": {"type": "string"}, "what": {"type": "string"}, "refusal": {"type": "string"}},
            },
        },
    },
}


def openapi(server: str, version: str) -> dict[str, Any]:
    """The document. `server` is the service's own address."""
    bodies = dict.fromkeys(made.body for made in OPERATIONS.values() if made.body is not None)
    _, schema = models_json_schema([(one, "validation") for one in bodies], ref_template=REFERENCE)
    schemas = dict(schema.get("$defs", {}))
    paths: dict[str, dict[str, Any]] = {}
    for made in OPERATIONS.values():
        path = "/api" + PARAMETER.sub(r"{\1}", made.path)
        paths.setdefault(path, {})[made.method.lower()] = _operation(made, schemas)
    schemas["Problem"] = PROBLEM
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tarjotin",
            "version": version,
            "description": "What school staff do on the pages, for programs: the same rules and the same refusals.",
        },
        "servers": [{"url": server}],
        "security": [{"key": []}],
        "tags": [{"name": name, "description": act.means} for name, act in ACTS.items() if _is_used(name)],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "A school's key, made on the page School. Each has scopes."}
            },
        },
    }


def _is_used(act: str) -> bool:
    return any(made.act == act for made in OPERATIONS.values())


def _operation(made: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": made.name,
        "summary": made.summary,
        "tags": [made.act],
        "parameters": [*_path_parameters(made), *_query_parameters(made), *_key_parameter(made)],
        "responses": _responses(made, schemas),
    }
    if made.body is not None:
        content = {"application/json": {"schema": {"$ref": REFERENCE.format(model=made.body.__name__)}}}
        told["requestBody"] = {"required": made.needs_body, "content": content}
    return told


def _path_parameters(made: Operation) -> list[dict[str, Any]]:
    number = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    return [
        {"name": name, "in": "path", "required": True, "schema": number if kind == "number" else {"type": "string", "minLength": 1}}
        for name, kind in PARAMETER.findall(made.path)
    ]


def _query_parameters(made: Operation) -> list[dict[str, Any]]:
    if made.query is None:
        return []
    schema = made.query.model_json_schema()
    required = schema.get("required", [])
    return [{"name": name, "in": "query", "required": name in required, "schema": one} for name, one in schema["properties"].items()]


def _key_parameter(made: Operation) -> list[dict[str, Any]]:
    if made.method in SAFE:
        return []
    schema = {"type": "string", "minLength": 8, "maxLength": 100, "pattern": "^[A-Za-z0-9_-]+$"}
    words = "The same request with the same key gets the same answer, and nothing is done twice."
    return [{"name": "Idempotency-Key", "in": "header", "required": False, "description": words, "schema": schema}]


def _responses(made: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    if made.answer is not None:
        adapter = TypeAdapter(made.answer)
        schema = adapter.json_schema(mode="serialization", ref_template=REFERENCE)
        schemas.update(schema.pop("$defs", {}))
        name = getattr(made.answer, "__name__", "")
        if schema.get("type") == "object" and name:
            schemas[name] = schema
            schema = {"$ref": REFERENCE.format(model=name)}
        found: dict[str, Any] = {"200": {"description": "Done.", "content": {"application/json": {"schema": schema}}}}
    elif made.media != ("application/json",):
        found = {"200": {"description": "The file.", "content": {media: {} for media in made.media}}}
    else:
        found = {"204": {"description": "Done."}}
    refusals: list[type[Refusal]] = [*ALWAYS, *made.refusals, *(() if made.method in SAFE else CHANGING)]
    if made.body is not None:
        refusals += [BodyWrong, BodyNotJson]
    if made.query is not None:
        refusals += [BodyWrong]
    if PARAMETER.search(made.path):
        refusals += [NotFound]
    by_status: dict[int, list[str]] = {}
    named: dict[type[Refusal], None] = dict.fromkeys([*refusals, FormFailed])
    for refusal in named:
        by_status.setdefault(refusal.status, []).append(refusal.__name__)
    return found | {str(status): _problem(status, names) for status, names in sorted(by_status.items())}


def _problem(status: int, names: list[str]) -> dict[str, Any]:
    """The answer of a status, with the refusals that it may be."""
    named = {"properties": {"refusal": {"enum": names}}}
    schema = {"allOf": [{"$ref": REFERENCE.format(model="Problem")}, named]}
    told: dict[str, Any] = {"description": ", ".join(names) + ".", "content": {PROBLEM_TYPE: {"schema": schema}}}
    return told | ({"headers": HEADERS[status]} if status in HEADERS else {})
