"""What the browser needs of a course to tell it for the reader's own school: prices of both classes, dates, reserved places.

The page itself is the same for everybody; theme/static/my-course.js reads these facts once a school has been chosen.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from course_catalogue.leaving import leaving_table, outcome_prices
from theme.course_view import CourseView, OfferingView


def course_facts(view: CourseView) -> dict[str, Any]:
    """The course's id, school and currency, its runs, and what leaving the shown run costs. Prices are cents, [member, outside]."""
    return {
        "id": view.course.id,
        "school": view.course.school_id,
        "currency": view.shown.member.currency,
        "shown": view.shown.offering.id,
        "runs": [_run(one) for one in view.offerings],
        "leaving": _leaving(view.shown),
    }


def _run(one: OfferingView) -> dict[str, Any]:
    """A run; what it has not is left out. `from` and `to` are its first and last day, `until` ends the reservations."""
    it = one.offering
    found = {
        "id": it.id,
        "agreement": one.agreement.id,
        "price": [one.member.cents, one.outside.cents],
        "from": it.starts_on and it.starts_on.isoformat(),
        "to": it.ends_on and it.ends_on.isoformat(),
        "closes": it.enrolment_closes_at.date().isoformat(),
        "reserved": dict(it.reserved) or None,
        "until": it.decided_on.isoformat() if it.reserved and it.decided_on else None,
        "state": one.state,
    }
    return {name: value for name, value in found.items() if value is not None}


def _leaving(one: OfferingView) -> list[list[int]]:
    """The sums of the table of leaving in its order, each for a member and for an outside school."""
    outside = leaving_table(one.agreement, one.offering, one.outside.cents)
    outcomes = outcome_prices(one.agreement.outcomes.items(), one.outside.cents)
    member_cents = [row.cents for row in one.leaving] + [cents for _, cents in one.outcomes]
    outside_cents = [row.cents for row in outside] + [cents for _, cents in outcomes]
    return [list(pair) for pair in zip(member_cents, outside_cents, strict=True)]


def price_mark(one: OfferingView) -> str:
    """The price of a run for both classes and the agreement that tells who is a member: `2026-2027 15000 18000`."""
    return f"{one.agreement.id} {one.member.cents} {one.outside.cents}"


def priced(one: OfferingView, written: str) -> Markup:
    """A sum of a member school as written, marked so that the browser can show that of the reader's own school."""
    return Markup('<span data-price="{}">{}</span>').format(price_mark(one), written)
