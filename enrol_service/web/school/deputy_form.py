"""The form that names a deputy: what was typed, and its days read as browsers and people write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from enrol_service.refusals.enrolling import FormRefused
from enrol_service.refusals.run import DayUnreadable
from enrol_service.web.offering.typed_day import typed_day

TYPED = ("deputy_email", "deputy_name", "language")  # in the order of `people.name_deputy`
DAYS = ("from_on", "until_on")


def deputy_values(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed, cut at a length that no honest form reaches."""
    return {name: form.get(name, "")[:1000] for name in (*TYPED, *DAYS)}


def read_days(typed: Mapping[str, str]) -> tuple[date, date]:
    """The first and the last day. Refuses with FormRefused, which holds every day that cannot be read."""
    days = {name: typed_day(typed[name]) for name in DAYS}
    first, last = days.values()
    if first is None or last is None:
        raise FormRefused(tuple((name, DayUnreadable()) for name, day in days.items() if day is None))
    return first, last
