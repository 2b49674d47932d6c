"""The lists by subject, school, start, level, language and mode: every course stands on each it belongs to, once, a page at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from course_catalogue.catalogue import load
from course_catalogue.model import Catalogue
from course_catalogue.search import index_of
from tests.tray_site.conftest import NOW
from theme.list_view import ListView
from theme.row_words import RowWords
from tray_site.plan.browse_pages import browse_pages
from tray_site.plan.list_pages import ENDING_FIRST, ROWS_ON_FRONT, list_pages
from tray_site.plan.list_paging import MOST_ROWS
from tray_site.plan.planned import PlannedPage
from tray_site.plan.school_pages import school_pages
from tray_site.plan.site import Site

SAMPLE = Path(__file__).resolve().parent.parent.parent.parent / "content"
FORCE = "kuusikko/fy4-voima-ja-liike"


def site_of(catalogue: Catalogue) -> Site:
    return Site(catalogue, index_of(catalogue), NOW, "/static/search.json", {})


def copies(catalogue: Catalogue, count: int) -> Catalogue:
    """A catalogue of so many courses, all alike."""
    one = catalogue.courses[FORCE]
    ids = [f"kuusikko/kurssi-{number:04}" for number in range(count)]
    return replace(catalogue, courses={course_id: replace(one, id=course_id) for course_id in ids})


def view_of(page: PlannedPage) -> ListView:
    view = page.inputs["view"]
    assert isinstance(view, ListView)
    return view


def finnish(pages: Iterable[PlannedPage], *kinds: str) -> list[PlannedPage]:
    return [page for page in pages if page.language == "fi" and page.kind in kinds]


def lists(site: Site) -> dict[str, list[str]]:
    """The courses of each list in Finnish, over all its pages, by the address of its first one."""
    found: dict[str, list[str]] = {}
    pages = [*list_pages(site), *school_pages(site), *browse_pages(site)]
    for page in finnish(pages, "subject", "school", "browse"):
        stem, _, number = page.address.removesuffix(".html").rpartition("/")
        first = f"{stem}.html" if number.isdigit() and f"{stem}.html" in found else page.address
        found.setdefault(first, []).extend(row.course.id for row in view_of(page).rows)
    return found


def test_every_course_stands_on_each_list_it_belongs_to_exactly_once() -> None:
    """On the sample network."""
    site = site_of(load(SAMPLE))
    wanted: dict[str, list[str]] = {}
    for row in site.rows.values():
        course = row.course
        months = {run.month for run in row.runs}
        places = [f"/subjects/{course.subject_id.lower()}.html", f"/schools/{course.school_id}.html", f"/languages/{course.language}.html"]
        places += [f"/modes/{course.mode.replace('_', '-')}.html", *(f"/levels/{level}.html" for level in course.audience)]
        places += [f"/starts/{'any-time' if month == 'nonstop' else month}.html" for month in months]
        for place in places:
            wanted.setdefault(place, []).append(course.id)
    found = lists(site)
    assert {place: sorted(ids) for place, ids in found.items() if ids} == {place: sorted(ids) for place, ids in wanted.items()}
    assert all(set(Counter(ids).values()) <= {1} for ids in found.values())


@pytest.mark.parametrize(("count", "sizes"), [(1, [1]), (MOST_ROWS, [200]), (MOST_ROWS + 1, [200, 1]), (2 * MOST_ROWS + 1, [200, 200, 1])])
def test_a_long_list_goes_on_from_page_to_page(catalogue: Catalogue, count: int, sizes: list[int]) -> None:
    site = site_of(copies(catalogue, count))
    pages = finnish(list_pages(site), "subject")
    addresses = [page.address for page in pages]
    assert addresses == ["/subjects/fy.html", *(f"/subjects/fy/{number}.html" for number in range(2, len(sizes) + 1))]
    assert [len(view_of(page).rows) for page in pages] == sizes
    assert {view_of(page).count for page in pages} == {count}
    assert [page.inputs["before"] for page in pages] == [None, *addresses[:-1]]
    assert [page.inputs["after"] for page in pages] == [*addresses[1:], None]
    assert len({page.title for page in pages}) == len(pages)
    assert len({row.course.id for page in pages for row in view_of(page).rows}) == count


@pytest.mark.parametrize("kind", ["subject", "school", "browse"])
def test_the_pages_of_all_lists_have_titles_of_their_own(catalogue: Catalogue, kind: str) -> None:
    site = site_of(copies(catalogue, MOST_ROWS + 1))
    for language in site.languages:
        pages = [
            page
            for page in [*list_pages(site), *school_pages(site), *browse_pages(site)]
            if page.language == language and page.kind == kind
        ]
        assert len({page.title for page in pages}) == len(pages)
        assert len({page.address for page in pages}) == len(pages)


@pytest.mark.parametrize("count", [ROWS_ON_FRONT, ROWS_ON_FRONT + 1])
def test_the_front_page_shows_all_courses_up_to_a_number_and_then_those_whose_enrolment_ends_first(
    catalogue: Catalogue, count: int
) -> None:
    [front] = finnish(list_pages(site_of(copies(catalogue, count))), "front")
    view = view_of(front)
    whole = count <= ROWS_ON_FRONT
    assert front.inputs["whole"] is whole
    assert view.count == count
    assert len(view.rows) == (count if whole else ENDING_FIRST)
    assert bool(front.inputs["subjects"]) is not whole


def test_schools_and_months_stand_in_their_order(catalogue: Catalogue) -> None:
    [schools] = finnish(school_pages(site_of(catalogue)), "schools")
    rows: object = schools.inputs["rows"]
    assert isinstance(rows, tuple)
    assert [school.id for school, _, _ in rows] == ["kuusikko", "strand", "rantakyla"]  # one without courses comes last
    [index] = finnish(browse_pages(site_of(catalogue)), "lists")
    found: object = index.inputs["lists"]
    assert isinstance(found, dict)
    assert [value for value, _, _ in found["month"]] == ["2026-11", "2027-01", "2027-02", "2027-04", "nonstop"]


@pytest.mark.parametrize(
    ("language", "month", "words"),
    [("fi", "2026-11", "marraskuussa"), ("fi", "2028-01", "tammikuussa 2028"), ("en", "2027-02", "February")],
)
def test_a_month_tells_its_year_only_outside_the_school_year(catalogue: Catalogue, language: str, month: str, words: str) -> None:
    assert RowWords(language, catalogue).month(month) == words
