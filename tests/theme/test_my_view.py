"""What the browser is told of a course is what the catalogue says, for both classes of schools."""

from __future__ import annotations

from datetime import datetime

import pytest

from course_catalogue.leaving import leaving_table
from course_catalogue.model import Catalogue
from course_catalogue.price import agreement_for, price_for
from theme.course_view import course_view
from theme.my_view import course_facts, price_mark, priced

OUTSIDE = "rantakyla"


def courses(catalogue: Catalogue) -> list[str]:
    return [one.id for one in catalogue.published()]


def test_each_run_has_its_days_and_the_price_of_both_classes(catalogue: Catalogue, now: datetime) -> None:
    for course_id in courses(catalogue):
        course = catalogue.courses[course_id]
        facts = course_facts(course_view(catalogue, course, now))
        assert (facts["id"], facts["school"]) == (course.id, course.school_id)
        assert {one["id"] for one in facts["runs"]} == {one.id for one in course.offerings}
        for told in facts["runs"]:
            offering = course.offering(told["id"])
            assert offering is not None
            agreement = agreement_for(catalogue, offering)
            member, outside = (price_for(agreement, course, one).cents for one in (agreement.members[0], OUTSIDE))
            assert told["price"] == [member, outside]
            assert told["agreement"] == agreement.id
            days = [one.isoformat() if one else None for one in (offering.starts_on, offering.ends_on)]
            assert [told.get("from"), told.get("to")] == days
            assert told.get("reserved", {}) == offering.reserved


def test_the_price_of_leaving_is_told_for_both_classes_in_the_order_of_the_table(catalogue: Catalogue, now: datetime) -> None:
    for course_id in courses(catalogue):
        view = course_view(catalogue, catalogue.courses[course_id], now)
        rows = view.shown.leaving
        outside = leaving_table(view.shown.agreement, view.shown.offering, view.shown.outside.cents)
        told = course_facts(view)["leaving"]
        assert len(told) == len(rows) + len(view.shown.outcomes)
        assert told[: len(rows)] == [[ours.cents, theirs.cents] for ours, theirs in zip(rows, outside, strict=True)]


@pytest.mark.parametrize("written", ["150,00 €", "<b>"])
def test_a_marked_sum_is_text(catalogue: Catalogue, now: datetime, written: str) -> None:
    one = course_view(catalogue, catalogue.courses["kuusikko/fy4-voima-ja-liike"], now).shown
    marked = priced(one, written)
    assert f'data-price="{price_mark(one)}"' in marked
    assert "<b>" not in marked
