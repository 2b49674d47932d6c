"""A new file is right as it is, tells in the school's language what to write, and never takes the place of another."""

from __future__ import annotations

from shutil import rmtree

import pytest

from course_catalogue.catalogue import examine
from course_catalogue.form import canonical_text
from course_catalogue.scaffold import ScaffoldRefused, new_course, new_school
from tests.course_catalogue.broken_networks import periods
from tests.course_catalogue.conftest import COURSE, SMALL, Network


@pytest.mark.parametrize(
    ("school", "name"), [("kuusikko", "fy5-jaksot"), ("strand", "fy2-fy3-energi"), ("rantakyla", "retki"), ("strand", "maa")]
)
def test_a_new_course_is_a_draft_without_a_problem(school: str, name: str, network: Network) -> None:
    path, text = new_course(SMALL, school, name)
    catalogue, problems = examine(network({path: text}))
    errors = [problem for problem in problems if problem.is_error and problem.code != "T601"]  # Rantakylä offers nothing before
    assert errors == []
    assert path == f"courses/{school}/{name}.md"
    assert canonical_text(path, text) == text
    if catalogue:
        assert catalogue.courses[f"{school}/{name}"].status == "draft"


def test_a_name_with_module_codes_fills_in_what_follows_from_them() -> None:
    _, text = new_course(SMALL, "strand", "fy2-fy3-energi")
    assert "subject: FY\n" in text
    assert "  - FY2\n  - FY3\n" in text
    assert "credits: 3\n" in text
    assert "# Kursens namn på undervisningsspråket" in text
    assert "## Så studerar du" in text


def test_a_module_whose_extent_is_agreed_locally_gets_a_reason(network: Network) -> None:
    content = network({"vocabulary/modules.csv": [("FY8,FY,2,", "FY8,FY,,")], "courses/kuusikko/fy8-luonnos.md": None})
    path, text = new_course(content, "kuusikko", "fy8-aine")
    (content / path).write_text(text, encoding="utf-8")
    assert "credits_reason: 'FY8: 2'\n" in text
    assert examine(content)[1] == []


def test_a_new_course_can_be_begun_while_another_file_is_broken(network: Network) -> None:
    path, _ = new_course(network({COURSE: "broken", "schools/strand.yaml": ": : :"}), "strand", "fy2-x")
    assert path == "courses/strand/fy2-x.md"


def test_the_first_course_of_a_network_has_invented_dates(network: Network) -> None:
    content = network({})
    rmtree(content / "courses")
    path, text = new_course(content, "kuusikko", "fy4-voima")
    assert "starts_on: 2027-01-28" in text
    assert [problem for problem in examine(network({path: text}))[1] if problem.is_error] == []


def test_a_new_school_is_right_as_it_is(network: Network) -> None:
    path, text = new_school(SMALL, "uusi-koulu")
    catalogue, problems = examine(network({path: text}))
    assert problems == []
    assert catalogue is not None
    assert catalogue.schools["uusi-koulu"].contacts_for("payer")
    assert canonical_text(path, text) == text


def test_a_new_school_begins_with_the_periods_that_most_schools_have(network: Network) -> None:
    ours, theirs = periods("p1 2026-08-11 2026-10-02"), periods("h1 2026-08-31 2026-12-18")
    places = dict.fromkeys(("strand", "kuusikko"), ours) | {"rantakyla": theirs}
    content = network({f"schools/{school}.yaml": one["schools/strand.yaml"] for school, one in places.items()})
    path, text = new_school(content, "uusi-koulu")
    assert "periods:\n  - id: p1\n    label:\n      fi: Jakso\n      sv: Period\n      en: Period\n    starts_on: 2026-08-11\n" in text
    assert "2026-12-18" not in text
    (content / path).write_text(text, encoding="utf-8")
    assert examine(content)[1] == []
    assert canonical_text(path, text) == text


@pytest.mark.parametrize(
    ("school", "name", "said"),
    [
        ("kuusiko", "fy5", "There is no school 'kuusiko'; did you mean kuusikko?"),
        ("xyz", "fy5", "There is no school 'xyz'; the schools are kuusikko, rantakyla, strand"),
        ("kuusikko", "fy4-voima-ja-liike", "courses/kuusikko/fy4-voima-ja-liike.md is already there"),
        ("kuusikko", "Fysiikka 5", "'Fysiikka 5' will not do as a name; use a–z, digits and hyphens, for example fysiikka-5"),
        ("kuusikko", "../../x", "will not do as a name"),
        ("kuusikko", "con", "will not do as a name"),
        ("kuusikko", "", "for example maa3-geometria"),
    ],
)
def test_what_cannot_be_begun_is_refused_in_a_sentence(school: str, name: str, said: str) -> None:
    with pytest.raises(ScaffoldRefused, match=said.replace("(", r"\(")):
        new_course(SMALL, school, name)


def test_a_school_that_is_there_is_not_overwritten() -> None:
    with pytest.raises(ScaffoldRefused, match=r"schools/strand\.yaml is already there"):
        new_school(SMALL, "strand")
