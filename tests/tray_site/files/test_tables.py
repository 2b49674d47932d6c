"""The open data holds every course, run, price and date of the catalogue, as its page and its schema say."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from course_catalogue.model import Catalogue, Text
from course_catalogue.price import agreement_for, price_for
from tests.tray_site.conftest import page
from tests.tray_site.files.conftest import files_of, planned, runs
from theme.translation import translation
from tray_site.files.tables.json_file import catalogue_schema
from tray_site.files.tables.tables import COURSES, OFFERINGS, TABLES

Told = tuple[Catalogue, Mapping[str, bytes]]


def table(files: Mapping[str, bytes], name: str) -> list[dict[str, str]]:
    text = files[f"/{name}.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def both_prices(catalogue: Catalogue, course: Any, one: Any) -> tuple[int, int]:
    agreement = agreement_for(catalogue, one)
    return price_for(agreement, course, agreement.members[0]).cents, price_for(agreement, course, "no such school").cents


def test_the_json_follows_its_published_schema(sample: Catalogue, sample_files: Mapping[str, bytes], told: Told) -> None:
    for catalogue, files in ((sample, sample_files), told):
        schema = catalogue_schema(catalogue)
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(json.loads(files["/catalogue.json"]))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("courses", 0, "credits"), "4"),
        (("courses", 0, "mode"), "by_pigeon"),
        (("courses", 0, "added_on"), "1.8.2026"),
        (("courses", 0, "title"), {}),
        (("courses", 0, "offerings", 0, "price_member_cents"), 150.5),
        (("courses", 0, "offerings", 0, "enrolment_opens_at"), "2026-08-15"),
        (("courses", 0, "secret"), "x"),
        (("format",), 1),
    ],
)
def test_the_schema_refuses_what_is_wrong(
    sample: Catalogue, sample_files: Mapping[str, bytes], path: tuple[Any, ...], value: object
) -> None:
    data = json.loads(sample_files["/catalogue.json"])
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    # jsonschema itself judges no date-time; a pattern of ours stands in for it.
    checker = FormatChecker()
    checker.checks("date-time", ValueError)(lambda text: not isinstance(text, str) or bool(datetime.fromisoformat(text).tzinfo))
    assert not Draft202012Validator(catalogue_schema(sample), format_checker=checker).is_valid(data)


def test_the_json_holds_every_course_with_its_words(sample: Catalogue, sample_files: Mapping[str, bytes]) -> None:
    data = json.loads(sample_files["/catalogue.json"])
    found = {one["id"]: one for one in data["courses"]}
    assert found.keys() == {course.id for course in sample.published()}
    for course in sample.published():
        one = found[course.id]
        assert one["url"] == f"{sample.network.site_url}/courses/{course.id}.html"
        assert one["title"] == dict(course.title.by_language)
        assert one["summary"] == dict(course.summary.by_language)
        plain = ("credits", "mode", "language", "status", "exam", "prerequisites", "materials_cost_cents")
        assert [one[name] for name in plain] == [getattr(course, name) for name in plain]
        assert (one["school"], one["subject"]) == (course.school_id, course.subject_id)
        assert (one["modules"], one["audience"], one["keywords"]) == (list(course.modules), list(course.audience), list(course.keywords))
    assert {one["id"] for one in data["schools"]} == set(sample.schools)
    assert {one["id"] for one in data["subjects"]} == set(sample.subjects)


def test_the_json_and_the_table_hold_every_run_with_its_days_and_prices(sample: Catalogue, sample_files: Mapping[str, bytes]) -> None:
    data = json.loads(sample_files["/catalogue.json"])
    nested = {(course["id"], one["id"]): one for course in data["courses"] for one in course["offerings"]}
    rows = {(row["course"], row["id"]): row for row in table(sample_files, "offerings")}
    assert nested.keys() == rows.keys() == {(course.id, one.id) for course, one in runs(sample)}
    for course, one in runs(sample):
        found, row = nested[course.id, one.id], rows[course.id, one.id]
        assert (found["price_member_cents"], found["price_outside_cents"]) == both_prices(sample, course, one)
        assert (int(row["price_member_cents"]), int(row["price_outside_cents"])) == both_prices(sample, course, one)
        for name in ("starts_on", "ends_on", "decided_on"):
            day = getattr(one, name)
            assert (found[name], row[name]) == ((day.isoformat(), day.isoformat()) if day else (None, ""))
        for name in ("enrolment_opens_at", "enrolment_closes_at"):
            assert datetime.fromisoformat(found[name]) == datetime.fromisoformat(row[name]) == getattr(one, name)
        for name in ("seats", "minimum", "days"):
            number = getattr(one, name)
            assert (found[name], row[name]) == (number, "" if number is None else str(number))
        assert (found["cancelled"], row["cancelled"] == "true") == (one.cancelled or course.status == "cancelled",) * 2
        assert row["label"] == str(one.label)


def test_the_table_of_courses_says_what_the_json_says(sample: Catalogue, sample_files: Mapping[str, bytes]) -> None:
    data = {one["id"]: one for one in json.loads(sample_files["/catalogue.json"])["courses"]}
    rows = table(sample_files, "courses")
    assert [row["id"] for row in rows] == list(data)
    for row in rows:
        one, course = data[row["id"]], sample.courses[row["id"]]
        assert (row["title"], row["summary"].lstrip("'")) == (str(course.title), str(course.summary))
        assert row["modules"].split("|") == (one["modules"] or [""])
        assert int(row["credits"]) == one["credits"]


def test_what_git_says_of_a_course_stands_in_the_data(told: Told) -> None:
    rows = {row["id"]: row for row in table(told[1], "courses")}
    assert (rows["kuusikko/fy4-voima-ja-liike"]["added_on"], rows["kuusikko/fy4-voima-ja-liike"]["changed_on"]) == (
        "2026-08-01",
        "2026-11-20",
    )
    assert date.fromisoformat(rows["strand/fy1-fysik"]["changed_on"]) == date(2026, 8, 1)


def test_excel_finds_the_encoding_and_the_columns(sample_files: Mapping[str, bytes]) -> None:
    for name in ("courses", "offerings"):
        raw = sample_files[f"/{name}.csv"]
        assert raw.startswith(b"\xef\xbb\xbf")
        assert raw.split(b"\r\n", 1)[0].count(b";") == len(TABLES[name]) - 1
        assert raw.endswith(b"\r\n")


@pytest.mark.parametrize("nasty", ['=HYPERLINK("https://x.example")', "+1", "-1", "@SUM(A1)", " =1", "\uff1d1"])
def test_no_cell_is_a_formula(sample: Catalogue, nasty: str) -> None:
    course = replace(sample.published()[0], title=Text("fi", {"fi": nasty}), keywords=(nasty, 'semi;colon "quoted"'), prerequisites=nasty)
    files = files_of(planned(replace(sample, courses={course.id: course})))
    row = table(files, "courses")[0]
    assert (row["title"], row["prerequisites"], row["keywords"]) == (f"'{nasty}", f"'{nasty}", f'\'{nasty}|semi;colon "quoted"')
    assert json.loads(files["/catalogue.json"])["courses"][0]["title"] == {"fi": nasty}  # JSON is no spreadsheet


def test_columns_have_names_of_their_own_and_the_same_in_both_shapes(sample_files: Mapping[str, bytes]) -> None:
    for columns in TABLES.values():
        assert len({one.name for one in columns}) == len(columns)
    data = json.loads(sample_files["/catalogue.json"])
    assert set(table(sample_files, "courses")[0]) == {one.name for one in COURSES} == set(data["courses"][0]) - {"offerings"}
    assert set(table(sample_files, "offerings")[0]) - {"course"} == set(data["courses"][0]["offerings"][0])
    assert {one.name for one in OFFERINGS if one.only_in_csv} == {"course"}


@pytest.mark.parametrize(("prefix", "language"), [("", "fi"), ("/sv", "sv"), ("/en", "en")])
def test_the_data_page_documents_every_column_in_every_language(site: Path, prefix: str, language: str) -> None:
    found = page(site, f"{prefix}/data.html")
    words = translation(language)
    for name, columns in TABLES.items():
        rows = {row.th.get_text(): row.get_text(" ") for row in found.select(f"#{name} + div tbody tr")}
        assert list(rows) == [one.name for one in columns]
        for one in columns:
            assert words.gettext(one.meaning) in rows[one.name]
            assert one.unit == "" or words.gettext(one.unit) in rows[one.name]


def test_the_data_page_leads_to_every_file_feed_calendar_frame_and_schema(site: Path) -> None:
    links = {link["href"] for link in page(site, "/sv/data.html").select("main a[href^='/']")}
    written = {f"/{path.relative_to(site).as_posix()}" for path in site.rglob("*") if path.is_file()}
    endings = (".atom", ".ics", ".csv", "/catalogue.json")
    assert {one for one in written if one.endswith(endings) and one.startswith("/sv/")} <= links
    assert {one for one in written if one.startswith(("/sv/embed/", "/schema/"))} <= links
    assert {"/catalogue.json", "/courses.csv", "/offerings.csv"} <= links


def test_the_schemas_of_the_content_s_files_are_published(site: Path) -> None:
    published = sorted((site / "schema" / "v1").glob("*.json"))
    assert {path.stem for path in published} >= {"catalogue", "course", "school", "agreement", "network", "page"}
    for path in published:
        schema = json.loads(path.read_bytes())
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == f"https://tarjotin.pikku.example/schema/v1/{path.name}"
