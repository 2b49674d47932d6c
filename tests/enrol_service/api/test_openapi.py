"""The OpenAPI document is valid, and what it says is what the API does: tried with made-up requests over all of it."""

from __future__ import annotations

import copy
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import jsonschema  # type: ignore[import-untyped]
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from enrol_service.database import Database, open_database
from enrol_service.holder import Holder
from enrol_service.links import Signer
from enrol_service.permissions import ACTS
from enrol_service.refusals.base import Refusal
from enrol_service.school.token import SCOPES
from enrol_service.service import Service
from enrol_service.settings import Settings
from enrol_service.web.api.document import openapi
from enrol_service.web.api.operation import OPERATIONS, Told
from enrol_service.web.api.operations_document import operations_document
from tests.enrol_service.api.scene import FY1, FY1_RUN, Scene, key_of, play, unlimited
from tests.enrol_service.apps import app_over
from tests.enrol_service.cast import FY4, P3, P4, SMALL, Office
from tests.enrol_service.conftest import Watch

CHECKS: list[Callable[..., Any]] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
EXAMPLES = {GenerationMode.POSITIVE: 6, GenerationMode.NEGATIVE: 2}  # of each operation


class World:
    """The application with one of everything, put back to how it was after each request."""

    def __init__(self, path: Path, app: Flask, database: Database, scene: Scene) -> None:
        self.app, self.scene, self.key = app, scene, key_of(database)
        self._path = path
        self._kept = sqlite3.connect(":memory:")
        with sqlite3.connect(path) as file:
            file.backup(self._kept)

    def put_back(self) -> None:
        with sqlite3.connect(self._path) as file:
            self._kept.backup(file)

    def document(self) -> dict[str, Any]:
        """The document with parameters and ids that often mean something: a made-up number meets no row."""
        told: dict[str, Any] = copy.deepcopy(openapi("http://localhost", "1"))
        scene = self.scene
        enrolments = [scene.requested, scene.placed, scene.graded, scene.protected, scene.participant, scene.queued, scene.strangers]
        known: dict[str, list[Any]] = {
            "enrolment_id": enrolments,
            "enrolment": enrolments,
            "id": enrolments,
            "students": enrolments,
            "change_id": [scene.change, scene.asked_of_us, 999],
            "authorisation_id": [scene.authorisation, 999],
            "deputy_id": [scene.deputy, 999],
            "completion": [1, scene.completion, 999],
            "course_name": [FY4.split("/")[1], "fy1-fysik"],
            "offering_id": [P3, P4, "never"],
            "offering": [P3, FY1_RUN],
            "course": [FY1, FY4],
        }
        for path in told["paths"].values():
            for operation in path.values():
                for parameter in operation["parameters"]:
                    _limit(parameter["schema"], known.get(parameter["name"]))
        for model in OPERATIONS.values():
            for name, schema in _bodies(told, model.body):
                _limit(schema, known.get(name))
        return told


def _bodies(told: dict[str, Any], body: type[Any] | None) -> Iterator[tuple[str, dict[str, Any]]]:
    for made in (body, *body.__annotations__.values()) if body is not None else ():
        for model in (made, *get_args(made)):
            name = getattr(model, "__name__", "")
            if name in told["components"]["schemas"]:
                yield from told["components"]["schemas"][name].get("properties", {}).items()


def _limit(schema: dict[str, Any], known: list[Any] | None) -> None:
    if known is None:
        return
    if schema.get("type") == "array":
        schema = schema["items"]
    if schema.get("type") in ("integer", "string"):
        schema["enum"] = known


@pytest.fixture(scope="module")
def world(empty_database: Path, tmp_path_factory: pytest.TempPathFactory, holder: Holder) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("api")
    path = folder / "tarjotin.db"
    shutil.copy(empty_database, path)
    database = open_database(f"sqlite:///{path}")
    scene = play(Office(database))
    made = Settings(
        development=True,
        content=SMALL,
        site=folder,
        data=folder,
        service_url="http://localhost",
        secret=b"a secret of the tests, long enough to be one",
        database_url=f"sqlite:///{path}",
    )
    app = app_over(Service(made, database, holder, Signer(made.secret), Watch()))
    unlimited(app)
    yield World(path, app, database, scene)
    database.close()


def test_the_document_is_valid_and_every_reference_leads_somewhere() -> None:
    told = openapi("http://localhost", "1")
    assert told["openapi"] == "3.1.0"
    schemas = told["components"]["schemas"]
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    named = {one.rsplit("/", 1)[1] for one in _references(told)}
    assert named <= set(schemas)
    assert len({made.name for made in OPERATIONS.values()}) == len(OPERATIONS)
    assert {made.act for made in OPERATIONS.values()} <= set(ACTS)
    assert [one for one in OPERATIONS.values() if ACTS[one.act].side == "network"] == []


def test_every_scope_opens_something() -> None:
    assert set(SCOPES) - {made.act for made in OPERATIONS.values()} == {"see_payments"}  # adds to what others tell


def test_no_two_models_share_a_name() -> None:
    answers = {made.answer for made in OPERATIONS.values() if made.answer is not None}
    names = [one.__name__ for one in {*answers, *Told.__subclasses__()}]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_s_refusals_exist_and_have_a_sentence(name: str) -> None:
    for refusal in OPERATIONS[name].refusals:
        assert issubclass(refusal, Refusal)
        assert refusal.text
        assert 400 <= refusal.status < 500


@pytest.mark.slow
@pytest.mark.parametrize("mode", EXAMPLES, ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_does_what_the_document_says(world: World, name: str, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_dict(world.document())
    schema.app = world.app
    schema.location = "/api/openapi.json"
    operation = schema.find_operation_by_id(name)
    headers = {"Authorization": f"Bearer {world.key}"}

    @seed(20261123)
    @settings(
        max_examples=EXAMPLES[mode],
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode))
    def tried(case: Any) -> None:
        try:
            answer = case.call(headers=headers)
            too_large = [one for one in CHECKS if one is not negative_data_rejection]
            case.validate_response(answer, checks=too_large if answer.status_code == 413 else CHECKS)
        finally:
            if OPERATIONS[name].method != "GET":
                world.put_back()

    tried()


def test_the_page_of_operations_is_drawn_from_them() -> None:
    root = Path(__file__).resolve().parents[3]
    assert (root / "docs" / "api.md").read_text(encoding="utf-8") == operations_document(), (
        "stale; run: python -m enrol_service api > docs/api.md"
    )


def _references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            else:
                yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)
