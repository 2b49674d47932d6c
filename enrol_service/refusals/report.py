"""Refusals of reports."""

from __future__ import annotations

from enrol_service.refusals.base import Refusal, sentence


class TooManyRows(Refusal):
    """`most`: rows that a file made in one piece may have."""

    text = sentence("The selection has more than %(most)s rows. Narrow it, or download the CSV file, which may be of any length.")


class DayUnreadable(Refusal):
    text = sentence("Write the day like this: 30.11.2026")


class DaysBackwards(Refusal):
    text = sentence("The last day is before the first one. Change one of them.")
