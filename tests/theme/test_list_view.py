"""The list: which run a row tells about, what the filters show, in which order the rows come, and the pages of a long list."""

from __future__ import annotations

from datetime import datetime

import pytest

from course_catalogue.facet import facts_of
from course_catalogue.model import Catalogue
from course_catalogue.search import index_of
from course_catalogue.selection import Selection
from theme.list_view import ListView, Pages, Row
from theme.listing import Listing


def shown(catalogue: Catalogue, now: datetime, query: str = "", size: int = 100, number: int = 1) -> ListView:
    selection = Selection.from_pairs(pair for pair in (tuple(part.split("=")) for part in query.split("&")) if len(pair) == 2)
    index = index_of(catalogue)
    return Listing(catalogue, index, facts_of(catalogue, index.courses), now).view(selection, "fi", size=size, number=number)


def rows(catalogue: Catalogue, now: datetime) -> dict[str, Row]:
    return {row.course.id: row for row in shown(catalogue, now).rows}


def names(view: ListView) -> list[str]:
    return [row.course.id.split("/")[1] for row in view.rows]


def test_without_a_choice_every_course_with_a_page_is_there(catalogue: Catalogue, now: datetime) -> None:
    view = shown(catalogue, now)
    assert view.count == len(view.rows) == len(catalogue.published())
    assert [group.subject.id for group in view.groups if group.subject] == ["MAA", "FY", "HI", "YR", "OPE"]


def test_a_row_names_the_other_runs_to_come_but_not_those_that_are_over(catalogue: Catalogue, now: datetime) -> None:
    row = rows(catalogue, now)["kuusikko/fy4-voima-ja-liike"]
    assert row.shown.offering.id == "2026-p3"
    assert [run.offering.id for run in row.also] == ["2027-p4"]
    assert [run.offering.id for run in row.runs] == ["2026-p3", "2027-p4"]


def test_in_the_list_of_a_month_a_row_tells_about_the_run_of_that_month(catalogue: Catalogue, now: datetime) -> None:
    row = rows(catalogue, now)["kuusikko/fy4-voima-ja-liike"].of_month("2027-02")
    assert row.shown.offering.id == "2027-p4"
    assert [run.offering.id for run in row.also] == ["2026-p3"]


def test_a_cancelled_course_is_listed_but_counted_nowhere_as_open(catalogue: Catalogue, now: datetime) -> None:
    row = rows(catalogue, now)["kuusikko/yritysretki"]
    assert row.runs == ()
    assert not row.is_to_come


def test_a_choice_with_nothing_to_show_stays_with_its_zero(catalogue: Catalogue, now: datetime) -> None:
    facet = next(one for one in shown(catalogue, now, "school=strand").facets if one.name == "subject")
    assert {value.value: value.count for value in facet.values}["HI"] == 0


def test_a_choice_that_no_course_has_any_more_can_still_be_taken_away(catalogue: Catalogue, now: datetime) -> None:
    view = shown(catalogue, now, "month=2025-01&subject=XX")
    assert view.count == 0
    assert [(one.name, one.value) for one in view.chosen] == [("month", "2025-01"), ("subject", "XX")]


def test_the_choices_in_force_are_told_for_the_chips(catalogue: Catalogue, now: datetime) -> None:
    view = shown(catalogue, now, "open=1&mode=guided")
    assert [(one.name, one.value) for one in view.chosen] == [("open", "1"), ("mode", "guided")]


def test_with_a_text_the_best_hit_leads_and_there_are_no_headings(catalogue: Catalogue, now: datetime) -> None:
    view = shown(catalogue, now, "q=derivaatta")
    assert view.rows[0].course.id == "kuusikko/maa6-derivaatta"
    assert [group.subject for group in view.groups] == [None]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("title", ["maa6-derivaatta", "fy1-fysik", "hi1-ihminen-ja-ymparisto", "feedback-online", "fy4-voima-ja-liike", "yritysretki"]),
        ("start", ["fy1-fysik", "fy4-voima-ja-liike", "feedback-online", "hi1-ihminen-ja-ymparisto", "maa6-derivaatta", "yritysretki"]),
        ("school", ["maa6-derivaatta", "fy4-voima-ja-liike", "hi1-ihminen-ja-ymparisto", "yritysretki", "fy1-fysik", "feedback-online"]),
        ("price", ["maa6-derivaatta", "feedback-online", "fy1-fysik", "fy4-voima-ja-liike", "hi1-ihminen-ja-ymparisto", "yritysretki"]),
    ],
)
def test_rows_come_in_the_order_asked_for(order: str, expected: list[str], catalogue: Catalogue, now: datetime) -> None:
    """A course that cannot be started any more comes last by start and by price; equal ones stay by subject, module and title."""
    assert names(shown(catalogue, now, f"order={order}")) == expected


@pytest.mark.parametrize(
    ("count", "number", "pages", "first", "last"),
    [
        (0, 1, 1, 0, 0),
        (1, 1, 1, 0, 1),
        (200, 1, 1, 0, 200),
        (201, 1, 2, 0, 200),
        (201, 2, 2, 200, 201),
        (401, 3, 3, 400, 401),
        (201, 9, 2, 200, 201),
    ],
)
def test_pages_hold_so_many_rows(count: int, number: int, pages: int, first: int, last: int) -> None:
    found = Pages.holding(count, 200, number)
    assert found.of == pages
    assert list(range(count))[found.slice(200)] == list(range(first, last))


def test_a_page_shows_its_own_rows_and_counts_all(catalogue: Catalogue, now: datetime) -> None:
    whole = shown(catalogue, now)
    parts = [shown(catalogue, now, size=4, number=number) for number in (1, 2)]
    assert [row for part in parts for row in part.rows] == list(whole.rows)
    assert [part.count for part in parts] == [6, 6]
    assert [part.facets for part in parts] == [whole.facets, whole.facets]
