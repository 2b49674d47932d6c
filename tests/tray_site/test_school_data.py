"""my.json: every school with its membership and its periods, the words of scripts in each language, and nothing else of a school."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue
from tests.served import ROOT
from theme.static_file import STATIC
from tray_site.files.school_data import school_data

ADDRESSES = {"fi": "/my.json", "sv": "/sv/my.json", "en": "/en/my.json"}
SAID = re.compile(r'\bsay\("([a-z-]+)"|words\("([a-z-]+)"|name: "([a-z-]+)"')


@pytest.fixture(scope="module")
def sample() -> Catalogue:
    return load(ROOT / "content")


@pytest.fixture(scope="module")
def files(sample: Catalogue) -> dict[str, Any]:
    return {address: json.loads(content) for address, content in school_data(sample).items()}


@pytest.mark.parametrize("language", ADDRESSES)
def test_it_has_every_school_in_the_words_of_the_language(sample: Catalogue, files: dict[str, Any], language: str) -> None:
    found = {one["id"]: one for one in files[ADDRESSES[language]]["schools"]}
    assert set(found) == set(sample.schools)
    for school in sample.schools.values():
        told = found[school.id]
        assert told["name"] == school.name.to(language)
        assert told["member"] == [one.id for one in sample.agreements.values() if school.id in one.members]
        assert [(one["label"], one["from"], one["to"]) for one in told["periods"]] == [
            (one.label.to(language), one.starts_on.isoformat(), one.ends_on.isoformat()) for one in school.periods
        ]
        assert set(told) == {"id", "name", "member", "periods"}


def test_members_come_before_outside_schools(files: dict[str, Any]) -> None:
    members = [bool(one["member"]) for one in files["/my.json"]["schools"]]
    assert members == sorted(members, reverse=True)
    assert {True, False} == set(members)


def test_the_words_are_the_same_in_every_language_and_say_the_same_facts(files: dict[str, Any]) -> None:
    words = [files[address]["words"] for address in ADDRESSES.values()]
    for other in words[1:]:
        assert set(other) == set(words[0])
        for name, text in other.items():
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", words[0][name])), name


def test_every_word_that_a_script_asks_for_is_there(files: dict[str, Any]) -> None:
    templates = [(ROOT / "theme" / "templates" / f"{one}.html").read_text(encoding="utf-8") for one in ("shortlist", "compare", "my_page")]
    known = set(files["/my.json"]["words"]) | {name for text in templates for name in re.findall(r'data-word="([a-z.-]+)"', text)}
    known |= {name.removesuffix(".other") for name in known}
    for path in [*STATIC.glob("my*.js"), STATIC / "shortlist.js", STATIC / "compare.js"]:
        asked = {next(filter(None, groups)) for groups in SAID.findall(path.read_text(encoding="utf-8"))}
        assert asked <= known, path.name


def test_each_schools_periods_are_its_own(sample: Catalogue) -> None:
    """Schools do not share their calendar: that is why a course's run has dates."""
    assert all(school.periods for school in sample.schools.values())
    calendars = {tuple((one.starts_on, one.ends_on) for one in school.periods) for school in sample.schools.values()}
    assert len(calendars) > len(sample.schools) / 2
    assert {len(school.periods) for school in sample.schools.values()} >= {5, 6}
