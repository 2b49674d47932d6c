"""What is promised has one form, and its digest changes exactly when the promise does."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from course_catalogue.model import Catalogue, Source
from course_catalogue.promise import canonical, digest
from tests.course_catalogue.conftest import HELSINKI


def test_the_form_is_sorted_json_with_dates_as_texts_and_money_in_cents(small: Catalogue) -> None:
    form = canonical(small.agreements["2026-2027"])
    read = json.loads(form)
    assert read["kind"] == "agreement"
    assert (read["starts_on"], read["prices"][0]["amount_cents"]) == ("2026-08-01", 6000)
    assert read["title"]["sv"] == "Lilla nätverkets spelregler 2026–2027"
    assert "source" not in read
    assert json.dumps(read, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() == form


def test_an_offering_is_told_with_its_course_and_instants_in_utc(small: Catalogue) -> None:
    course = small.courses["kuusikko/fy4-voima-ja-liike"]
    read = json.loads(canonical((course, course.offerings[1])))
    assert read["offering"]["enrolment_opens_at"] == "2026-08-15T05:00:00Z"
    assert read["offering"]["reserved"] == {}
    assert read["course"]["id"] == course.id
    assert not {"status", "offerings", "keywords", "production", "source"} & read["course"].keys()


def test_the_digest_names_its_algorithm_and_stays_the_same(small: Catalogue) -> None:
    course = small.courses["kuusikko/fy4-voima-ja-liike"]
    first = digest((course, course.offerings[1]))
    assert first.startswith("sha256-jcs:")
    assert len(first) == len("sha256-jcs:") + 64
    moved = replace(course.offerings[1], enrolment_opens_at=course.offerings[1].enrolment_opens_at.astimezone(HELSINKI))
    assert digest((replace(course, source=Source("elsewhere.md"), status="cancelled", keywords=("x",)), moved)) == first


@pytest.mark.parametrize(
    "change",
    [{"seats": 31}, {"label": None}, {"minimum": 9}, {"reserved": {"strand": 1}}, {"cancelled": True}, {"decided_on": None}],
    ids=str,
)
def test_every_change_of_the_offering_changes_the_digest(change: dict[str, Any], small: Catalogue) -> None:
    course = small.courses["kuusikko/fy4-voima-ja-liike"]
    offering = course.offerings[1]
    assert digest((course, replace(offering, **change))) != digest((course, offering))
    closes = replace(offering, enrolment_closes_at=offering.enrolment_closes_at + timedelta(minutes=1))
    assert digest((course, closes)) != digest((course, offering))


def test_every_field_of_an_agreement_but_its_source_is_promised(small: Catalogue) -> None:
    agreement = small.agreements["2026-2027"]
    told = set(json.loads(canonical(agreement))) - {"kind"}
    assert told == {field.name for field in fields(agreement)} - {"source"}


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical((1.5, object()))  # type: ignore[arg-type]
