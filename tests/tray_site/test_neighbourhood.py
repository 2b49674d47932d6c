"""Neighbours of a course: on the sample network, and on networks made at random."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue, Course
from course_catalogue.offering import offering_state
from tests.served import ROOT
from tray_site.plan.neighbourhood import MOST, Neighbourhood


@pytest.fixture(scope="module")
def sample() -> Catalogue:
    return load(ROOT / "content")


@pytest.fixture(scope="module")
def now(sample: Catalogue) -> datetime:
    return datetime(2026, 11, 23, 9, 41, tzinfo=sample.network.time_zone)


def shuffled(sample: Catalogue, seed: int) -> list[Course]:
    """The courses with other modules, states and times."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    codes = list(sample.modules)[:12]

    def changed(course: Course) -> Course:
        later = timedelta(days=chance.randrange(-200, 200))
        offerings = tuple(
            replace(one, enrolment_opens_at=one.enrolment_opens_at + later, enrolment_closes_at=one.enrolment_closes_at + later)
            for one in course.offerings
        )
        modules = tuple(chance.sample(codes, chance.randrange(4)))
        return replace(course, modules=modules, status=chance.choice(["published", "published", "cancelled"]), offerings=offerings)

    return [changed(course) for course in sample.published()]


@pytest.mark.parametrize("seed", range(8))
def test_neighbours_are_other_courses_that_one_can_take_each_once(sample: Catalogue, now: datetime, seed: int) -> None:
    courses = shuffled(sample, seed) if seed else list(sample.published())
    by_id = {one.id: one for one in courses}
    near = Neighbourhood(sample, courses, now)
    found = 0
    for course in courses:
        same, following = near.same(course), near.following(course)
        for rows in (same, following):
            ids = [one.id for one in rows]
            assert course.id not in ids
            assert len(ids) == len(set(ids)) <= MOST
            assert all(by_id[one].status == "published" for one in ids)
            assert all(offering_state(by_id[one.id], one.shown, now) in ("open", "not_open") for one in rows)
        assert all(set(one.modules) & set(course.modules) for one in same)
        assert not any(set(one.modules) & set(course.modules) for one in following)
        found += len(same) + len(following)
    assert found > len(courses) / 3


@pytest.mark.parametrize(
    ("course_id", "same", "following"),
    [
        (
            "harju/ai8-romaani-ja-yhteiskunta",
            ["jarvilukio/ai8-kirjallisuuden-kontekstit", "tuulensuu/", "ulappa/"],
            ["ÄI9", "ÄI10", "ÄI11", "ÄI9"],
        ),
        ("harju/fy3-energia-ja-lampo", [], ["FY4", "FY6", "FY7"]),
        ("harju/ke-kemian-olympiavalmennus", [], []),
    ],
)
def test_neighbours_on_the_sample_network(sample: Catalogue, now: datetime, course_id: str, same: list[str], following: list[str]) -> None:
    near = Neighbourhood(sample, sample.published(), now)
    course = sample.courses[course_id]
    found = [one.id for one in near.same(course)]
    assert len(found) == len(same)
    assert all(one.startswith(start) for one, start in zip(found, same, strict=True))
    assert [one.modules[0] for one in near.following(course)] == following


def test_ten_thousand_courses_have_neighbours_at_once(sample: Catalogue, now: datetime) -> None:
    """Each course looks at a few others, so a hundred times as many take about a hundred times as long, not ten thousand."""
    one = sample.courses["harju/ai8-romaani-ja-yhteiskunta"]
    many = [replace(one, id=f"harju/c{number}") for number in range(10_000)]
    near = Neighbourhood(sample, many, now)
    looked: list[int] = []
    for course in many:
        looked.append(len(near.same(course)))
    assert set(looked) == {MOST}
