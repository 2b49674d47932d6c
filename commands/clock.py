"""Which day it is: the real one, the one given with --today, or, for a sample network out of season, its show day."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from course_catalogue.catalogue import load
from course_catalogue.model import Network


def moment(network: Network, today: date | None) -> datetime:
    """The instant to act at: now, or the given day at the real time of day, in the network's time zone."""
    now = datetime.now(network.time_zone)
    return now if today is None else datetime.combine(today, now.timetz().replace(tzinfo=None), tzinfo=network.time_zone)


def shown_day(content: Path, today: date | None) -> tuple[date | None, str]:
    """The day to show and a sentence that says so. None = follow the real clock.

    A sample network lives in one school year. When the real day lies outside it, its show day is taken instead.
    """
    if today is not None:
        return today, f"The clock is set to {today}."
    network = load(content, forks=True).network
    real = datetime.now(network.time_zone).date()
    if network.demo_on is None or network.school_year_starts_on <= real <= network.school_year_ends_on:
        return None, ""
    said = f"This sample network's school year is not now, so the clock is set to {network.demo_on} (change it with --today)."
    return network.demo_on, said
