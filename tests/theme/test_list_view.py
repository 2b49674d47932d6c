"""The list: which run a row tells about, and what the filters count."""

from __future__ import annotations

from datetime import datetime

import pytest

from course_catalogue.model import Catalogue
from course_catalogue.search_index import index_of
from course_catalogue.selection import Selection, select
from theme.list_view import ListView, list_view


def shown(catalogue: Catalogue, now: datetime, query: str = "") -> ListView:
    pairs = [tuple(pair.split("=")) for pair in query.split("&") if pair]
    selection = Selection.from_pairs((name, value) for name, value in pairs)
    index = index_of(catalogue)
    return list_view(catalogue, index, selection, select(catalogue, selection, now, index), now)


def counts(view: ListView, name: str) -> dict[str, int]:
    facet = next(one for one in view.facets if one.name == name)
    return {value.value: value.count for value in facet.values}


def test_without_a_choice_every_course_with_a_page_is_there(catalogue: Catalogue, now: datetime) -> None:
    view = shown(catalogue, now)
    assert view.count == len(catalogue.published())
    assert sum(len(group.rows) for group in view.groups) == view.count


def test_a_row_names_the_other_runs_to_come_but_not_those_that_are_over(catalogue: Catalogue, now: datetime) -> None:
    rows = {row.course.id: row for group in shown(catalogue, now).groups for row in group.rows}
    row = rows["kuusikko/fy4-voima-ja-liike"]
    assert row.shown.offering.id == "2026-p3"
    assert [run.offering.id for run in row.also] == ["2027-p4"]
    assert [run.offering.id for run in row.runs] == ["2026-p3", "2027-p4"]


def test_a_cancelled_course_is_listed_but_counted_nowhere_as_open(catalogue: Catalogue, now: datetime) -> None:
    rows = {row.course.id: row for group in shown(catalogue, now).groups for row in group.rows}
    assert rows["kuusikko/yritysretki"].runs == ()


@pytest.mark.parametrize("query", ["", "open=1", "school=kuusikko", "month=2026-11", "open=1&month=2027-02", "mode=guided&language=fi"])
def test_a_count_is_the_number_of_courses_the_choice_would_show(catalogue: Catalogue, now: datetime, query: str) -> None:
    """A filter's own choices are alternatives: ticking a value alone shows as many courses as its count says."""
    view = shown(catalogue, now, query)
    pairs = [pair for pair in query.split("&") if pair]
    for facet in view.facets:
        others = [pair for pair in pairs if not pair.startswith(f"{facet.name}=")]
        for value in facet.values:
            alone = "&".join([*others, f"{facet.name}={value.value}"])
            assert value.count == shown(catalogue, now, alone).count, alone


def test_a_choice_with_nothing_to_show_stays_with_its_zero(catalogue: Catalogue, now: datetime) -> None:
    assert counts(shown(catalogue, now, "school=strand"), "subject")["HI"] == 0


def test_the_choices_in_force_are_told_for_the_chips(catalogue: Catalogue, now: datetime) -> None:
    view = shown(catalogue, now, "open=1&mode=guided")
    assert [(one.name, one.value) for one in view.chosen] == [("open", "1"), ("mode", "guided")]


def test_with_a_text_the_best_hit_leads(catalogue: Catalogue, now: datetime) -> None:
    view = shown(catalogue, now, "q=derivaatta")
    assert view.groups[0].rows[0].course.id == "kuusikko/maa6-derivaatta"
