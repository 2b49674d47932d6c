"""The published JSON Schema and the reader agree on what is right and what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from course_catalogue.content_file import file_of_bytes, front_matter
from course_catalogue.field import Field, definition
from course_catalogue.json_schema import NAMES, published_schema
from course_catalogue.known import Known
from course_catalogue.model import Catalogue
from course_catalogue.problem import Problem
from course_catalogue.reader import read_record
from course_catalogue.yaml_tree import Mapping, Node, Scalar, Sequence, read_tree
from tests.course_catalogue.conftest import COURSE, SMALL

COURSE_TEXT = (SMALL / COURSE).read_text(encoding="utf-8")


def typed(node: Node, schema: Any) -> Any:
    """The tree as JSON, where a text that looks like a number is one if the schema wants a number there."""
    if isinstance(node, Mapping):
        inner = {**schema.get("properties", {})}
        for choice in schema.get("anyOf", ()):
            inner |= choice.get("properties", {})
        return {key.value: typed(value, inner.get(key.value, schema.get("additionalProperties") or {})) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [typed(item, schema.get("items", {})) for item in node.items]
    assert isinstance(node, Scalar)
    wanted = schema.get("type")
    try:
        if wanted == "integer" and str(int(node.value)) == node.value:
            return int(node.value)
        if wanted == "number":
            return float(node.value)
    except ValueError:
        return node.value
    return {"true": True, "false": False}.get(node.value, node.value) if wanted == "boolean" else node.value


def both(name: str, text: str) -> tuple[bool, bool]:
    """Whether the reader accepts the text, and whether the JSON Schema does."""
    problems: list[Problem] = []
    file = file_of_bytes("x", text.encode(), problems)
    assert file is not None
    spec = definition(name)
    source, line = (file.text, 1) if not spec.body else front_matter(file)[::2]  # type: ignore[index]
    tree, whole = read_tree(source, line, lambda *_, **__: None)
    assert whole
    assert tree is not None
    read_record(spec, source, line, file, Known())
    schema = published_schema(name)
    accepts = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).is_valid(typed(tree, schema))
    return not any(problem.is_error for problem in problems), accepts


@pytest.mark.parametrize("name", NAMES)
def test_the_published_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(published_schema(name))


@pytest.mark.parametrize("path", sorted(path.relative_to(SMALL).as_posix() for path in SMALL.rglob("*.[my]*") if path.is_file()))
def test_both_accept_every_file_of_the_small_network(path: str) -> None:
    folder = path.split("/")[0]
    name = {"courses": "course", "schools": "school", "agreements": "agreement", "pages": "page", "network.yaml": "network"}.get(folder)
    name = name or path.split("/")[1].removesuffix(".yaml")
    assert both(name, (SMALL / path).read_text(encoding="utf-8")) == (True, True)


VALUES: list[tuple[str, str, str, bool]] = [
    ("course", "title: Voima ja liike", "title: {fi: Voima, sv: Kraft}", True),
    ("course", "title: Voima ja liike", "title: {ru: Сила}", False),
    ("course", "title: Voima ja liike", "title: {}", False),
    ("course", "title: Voima ja liike", "title: <b>Voima</b>", False),
    ("course", "title: Voima ja liike", "title: a < b ja b > c", True),
    ("course", "title: Voima ja liike", "title: '{{ 1 }}'", False),
    ("course", "title: Voima ja liike", f"title: {'x' * 120}", True),
    ("course", "title: Voima ja liike", f"title: {'x' * 121}", False),
    ("course", "title: Voima ja liike", "title: ''", False),
    ("course", "title: Voima ja liike", "title: [Voima]", False),
    ("course", "title: Voima ja liike", 'title: "Voima\\nja"', False),
    ("course", "status: published", "status: Published", False),
    ("course", "modules: [FY4]", "modules: []", True),
    ("course", "modules: [FY4]", "modules: FY4", False),
    ("course", "modules: [FY4]", "modules: [FY4, FY4]", False),
    ("course", "credits: 2", "credits: 2.0", False),
    ("course", "credits: 2", "credits: 61", False),
    ("course", "credits: 2", "credits: 02", False),
    ("course", "credits: 2", "credits: -1", False),
    ("course", "audience: [lukio, lukio-aikuiset]", "audience: []", False),
    ("course", "exam: home_school", "exam: home_school\nmaterials_cost: 12.50", True),
    ("course", "exam: home_school", "exam: home_school\nmaterials_cost: 12,50", False),
    ("course", "exam: home_school", "exam: home_school\nmaterials_cost: -1", False),
    ("course", "exam: home_school", "exam: home_school\nsave_as: index.html", False),
    ("course", "subject: FY\n", "", False),
    ("course", "id: 2026-p2", "id: 2026-P2", False),
    ("course", "starts_on: 2026-10-05", "starts_on: 5.10.2026", False),
    ("course", "starts_on: 2026-10-05", "starts_on: 2026-02-30", False),
    ("course", "enrolment_opens_at: 2026-08-15T08:00", "enrolment_opens_at: 2026-08-15", False),
    ("course", "enrolment_opens_at: 2026-08-15T08:00", "enrolment_opens_at: 2026-08-15T08:00:00", False),
    ("course", "seats: 30", "seats: 0", False),
    ("course", "seats: 30", "seats: 30\n    cancelled: true", True),
    ("course", "seats: 30", "seats: 30\n    cancelled: kyllä", False),
    ("course", "seats: 30", "seats: 30\n    reserved: {strand: 3}", True),
    ("course", "seats: 30", "seats: 30\n    reserved: {strand: 0}", False),
    ("course", "production: {licence", "production: {license", False),
    ("school", "business_id: 1234567-1", "business_id: '12345671'", False),
    ("school", "email: anna.laine@kuusikko.example", "email: anna.laine(at)kuusikko.example", False),
    ("school", "website: https://www.kuusikko.example", "website: http://www.kuusikko.example", False),
    ("school", "roles: [payer]", "roles: []", False),
    ("school", "roles: [payer]", "roles: [maksaja]", False),
    ("school", "kind: lukio\n", "", False),
    ("agreement", 'answer_by_hour: "16:00"', 'answer_by_hour: "24:00"', False),
    ("agreement", 'answer_by_hour: "16:00"', "answer_by_hour: 9:30", False),
    ("agreement", "share: 50", "share: 101", False),
    ("agreement", "anchor: starts", "anchor: start", False),
    ("agreement", "currency: EUR", "currency: SEK", False),
    ("agreement", "  network:\n", "  verkosto:\n", False),
    ("network", "languages: [fi, sv, en]", "languages: []", False),
    ("network", "languages: [fi, sv, en]", "languages: [fi, fi]", False),
    ("subjects", "YR: {", "yr: {", False),
    ("levels", "lukio: {", "Lukio: {", False),
]
FILES = {
    "course": COURSE,
    "school": "schools/kuusikko.yaml",
    "agreement": "agreements/2026-2027.yaml",
    "network": "network.yaml",
    "subjects": "vocabulary/subjects.yaml",
    "levels": "vocabulary/levels.yaml",
}


@pytest.mark.parametrize(("name", "old", "new", "right"), VALUES, ids=[f"{name} {new[:40]!r}" for name, _, new, _ in VALUES])
def test_reader_and_schema_agree(name: str, old: str, new: str, right: bool) -> None:
    text = (SMALL / FILES[name]).read_text(encoding="utf-8")
    assert old in text
    assert both(name, text.replace(old, new, 1)) == (right, right)


def test_dates_of_an_offering_depend_on_nonstop_in_the_schema() -> None:
    schema = published_schema("course")["properties"]["offerings"]["items"]
    times = {"id": "x", "enrolment_opens_at": "2026-08-01T08:00", "enrolment_closes_at": "2027-05-14T16:00"}
    dates = {"starts_on": "2026-11-30", "ends_on": "2027-02-05"}
    valid = Draft202012Validator(schema).is_valid
    assert valid({**times, **dates})
    assert valid({**times, "nonstop": True, "days": 120})
    assert not valid(times)
    assert not valid({**times, **dates, "nonstop": True})
    assert not valid({**times, **dates, "days": 120})
    assert not valid({**times, **dates, "minimum": 8})


def test_with_a_catalogue_references_list_their_ids(small: Catalogue) -> None:
    schema = published_schema("course", small, "fi")
    assert schema["$id"] == "https://tarjotin.pikku.example/schema/v1/course.json"
    assert schema["properties"]["subject"]["enum"] == ["MAA", "FY", "HI", "YR", "OPE"]
    assert schema["properties"]["mode"]["title"] == "Suoritustapa"


def fields(spec: Field) -> list[Field]:
    below = [*spec.fields.values(), *([spec.items] if spec.items else [])]
    return [spec, *(one for inner in below for one in fields(inner))]


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_its_name_and_help_in_three_languages(name: str) -> None:
    for field in fields(definition(name)):
        for words in (field.titles, field.helps, *field.labels.values()):
            assert set(words) in (set(), {"fi", "sv", "en"})
            assert all(isinstance(text, str) and text for text in words.values())
    for key, field in definition(name).fields.items():
        assert field.titles, key


@pytest.mark.parametrize("name", NAMES)
def test_every_example_of_the_schema_is_right(name: str) -> None:
    schema = published_schema(name)

    def walk(one: Any) -> None:
        if isinstance(one, dict):
            for example in one.get("examples", ()):
                assert Draft202012Validator(one).is_valid(example), (one, example)
            for inner in one.values():
                walk(inner)

    walk(schema)
