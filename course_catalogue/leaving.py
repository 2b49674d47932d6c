"""The price of leaving: what the home school owes when the student leaves on a given day.

The page shows the table before one enrols; the service reads the same table when somebody leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, get_args

from course_catalogue.model import Agreement, LeavingStep, Offering, Outcome, Text


@dataclass(frozen=True, slots=True)
class LeavingRow:
    """A stretch of days with one price of leaving. `cents` is `share` percent of the price.

    The first row, before any step, has no `step_id`, `because` or `anchor`, and costs nothing. A row whose anchor
    has no date yet has an `anchor` and `days` but no `from_on`: "from 14 days after first contact".
    """

    from_on: date | None
    until_on: date | None  # the last day of the row
    cents: int
    share: int
    because: Text | None
    step_id: str | None
    anchor: Literal["enrolled", "starts", "first_contact"] | None = None
    days: int = 0


def leaving_table(
    agreement: Agreement,
    offering: Offering,
    price_cents: int,
    enrolled_on: date | None = None,
    first_contact_on: date | None = None,
) -> tuple[LeavingRow, ...]:
    """The rows of an offering in order of time. Rows that were over before `enrolled_on` are left out.

    On any day the last step whose day has come holds. Cents are rounded half up.
    """
    steps = agreement.leaving_nonstop if offering.nonstop else agreement.leaving
    return leaving_rows(steps, offering, price_cents, enrolled_on, first_contact_on)


def leaving_rows(
    steps: Sequence[LeavingStep],
    offering: Offering,
    price_cents: int,
    enrolled_on: date | None = None,
    first_contact_on: date | None = None,
) -> tuple[LeavingRow, ...]:
    """The same by the steps of an agreement, for one that was promised and is not in the content any more."""
    anchors = {"enrolled": enrolled_on, "starts": offering.starts_on, "first_contact": first_contact_on}
    dated = [(step, _day(step, anchors[step.anchor])) for step in steps]
    kept = [(step, day) for index, (step, day) in enumerate(dated) if not _overtaken(day, dated[index + 1 :])]
    nothing = LeavingRow(None, _eve(kept[0][1]) if kept else None, 0, 0, None, None)
    rows = [nothing]
    for index, (step, day) in enumerate(kept):
        until = _eve(kept[index + 1][1]) if index + 1 < len(kept) else None
        cents = (price_cents * step.share + 50) // 100
        rows.append(LeavingRow(day, until, cents, step.share, step.because, step.id, step.anchor, step.days))
    return tuple(row for row in rows if enrolled_on is None or row.until_on is None or row.until_on >= enrolled_on)


def outcome_prices(outcomes: Iterable[tuple[str, int]], price_cents: int) -> tuple[tuple[str, int], ...]:
    """What each outcome costs: percent of the price to cents, rounded half up, in the order of Outcome."""
    shares = dict(outcomes)
    return tuple((one, (price_cents * shares[one] + 50) // 100) for one in get_args(Outcome) if one in shares)


def row_on(rows: Sequence[LeavingRow], day: date) -> LeavingRow:
    """The row that holds on a day. A step whose anchor has no date has not come yet."""
    begun = [row for row in rows if row.anchor is None or (row.from_on is not None and row.from_on <= day)]
    return begun[-1] if begun else rows[0]


def dated_from(rows: Sequence[LeavingRow], first_contact_on: date | None) -> tuple[LeavingRow, ...]:
    """Promised rows by the day of first contact: those that wait for it get their days from it; no price changes.

    Without first contact they have none. A row that a later one overtakes never holds, and is left out.
    """
    waited = [first_contact_on + timedelta(days=row.days) if first_contact_on else None for row in rows]
    days = [day if row.anchor == "first_contact" else row.from_on for row, day in zip(rows, waited, strict=True)]
    dated = [replace(row, from_on=day) for row, day in zip(rows, days, strict=True)]
    kept = [row for place, row in enumerate(dated) if not _comes_too_late(row, dated[place + 1 :])]
    ends = [_eve(row.from_on) for row in kept[1:]]
    return tuple(replace(row, until_on=end) for row, end in zip(kept, [*ends, None], strict=True))


def _comes_too_late(row: LeavingRow, later: Sequence[LeavingRow]) -> bool:
    return row.from_on is not None and any(one.from_on is not None and one.from_on <= row.from_on for one in later)


def _day(step: LeavingStep, anchor: date | None) -> date | None:
    return anchor + timedelta(days=step.days) if anchor else None


def _eve(day: date | None) -> date | None:
    return day - timedelta(days=1) if day else None


def _overtaken(day: date | None, later: Sequence[tuple[LeavingStep, date | None]]) -> bool:
    """Whether a later step comes at the same time or before, so that this one never holds."""
    return day is not None and any(other is not None and other <= day for _, other in later)
