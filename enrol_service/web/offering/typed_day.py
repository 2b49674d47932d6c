"""A day as people and browsers write it in a form."""

from __future__ import annotations

import re
from datetime import date

DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
LONGEST = 40  # characters


def typed_day(text: str) -> date | None:
    """The day of `2026-11-30`, as a date field sends it, or `30.11.2026`; None for anything else."""
    text = text.strip()[:LONGEST]
    try:
        if found := DAY.fullmatch(text):
            number, month, year = (int(part) for part in found.groups())
            return date(year, month, number)
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
