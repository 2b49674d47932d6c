"""What a reader of the list has asked for: the filters and the order, read from an address and written to one. Pure.

The site's script reads and writes the same addresses (theme/static/address.js); a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from course_catalogue.model import BuyerClass, Offering

MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])|nonstop")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MAX_QUERY = 200  # characters of text that are searched
MAX_VALUES = 50  # choices of one filter that are read

# URL parameter → field of the selection, for the filters with values. The same names in the static page and in the service.
PARAMETERS = {
    "month": "months",
    "subject": "subjects",
    "module": "modules",
    "school": "schools",
    "mode": "modes",
    "language": "languages",
    "credits": "credits",
    "level": "levels",
    "price": "prices",
}
SWITCHES = {"open": "open", "free": "free"}  # those that are on or not: `open=1`
DAYS = {"from": "from_on", "to": "to_on"}  # the first and the last day on which a run may start
ORDERS = ("subject", "start", "title", "school", "price", "fit")


@dataclass(frozen=True, slots=True)
class Selection:
    """The filters and the order. Inside one filter any value will do, and every filter must hold. Empty: all courses."""

    text: str = ""
    subjects: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    credits: tuple[int, ...] = ()
    levels: tuple[str, ...] = ()
    months: tuple[str, ...] = ()  # "2026-11" in which a run starts, or "nonstop"
    from_on: date | None = None  # only runs that one can start on this day or later
    to_on: date | None = None
    prices: tuple[int, ...] = ()  # cents, of a school of the class `buyer`
    buyer: BuyerClass = "member"
    open: bool = False  # only courses on which one can enrol now
    free: bool = False  # only courses with places left
    order: str = ""  # one of ORDERS; empty: how well they fit if there is a text, else by subject

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, str]]) -> Selection:
        """Read the pairs of a query string. Unknown names and impossible values are passed over."""
        lists: dict[str, list[str]] = {}
        for name, value in pairs:
            values = lists.setdefault(name, [])
            if value and len(values) < MAX_VALUES and value not in values:
                values.append(value)
        chosen = {name: tuple(values) for name, values in lists.items() if values}
        first = {name: values[0] for name, values in chosen.items()}
        return cls(
            text=" ".join(first.get("q", "")[:MAX_QUERY].split()),
            subjects=chosen.get("subject", ()),
            modules=chosen.get("module", ()),
            schools=chosen.get("school", ()),
            modes=chosen.get("mode", ()),
            languages=chosen.get("language", ()),
            credits=_numbers(chosen.get("credits", ()), 2),
            levels=chosen.get("level", ()),
            months=tuple(one for one in chosen.get("month", ()) if MONTH.fullmatch(one)),
            from_on=_day(first.get("from", "")),
            to_on=_day(first.get("to", "")),
            prices=_numbers(chosen.get("price", ()), 7),
            buyer="outside" if first.get("buyer") == "outside" else "member",
            open=first.get("open") == "1",
            free=first.get("free") == "1",
            order=first["order"] if first.get("order") in ORDERS else "",
        )

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The pairs of the query string that means this selection, in a fixed order. Whose prices is told only where prices matter."""
        found = [("q", self.text)] if self.text else []
        for name, field in SWITCHES.items():
            found += [(name, "1")] if getattr(self, field) else []
        for name, field in PARAMETERS.items():
            found += [(name, str(value)) for value in getattr(self, field)]
        for name, field in DAYS.items():
            day = getattr(self, field)
            found += [(name, day.isoformat())] if day else []
        found += [("buyer", self.buyer)] if self.buyer != "member" and (self.prices or self.order == "price") else []
        return (*found, *([("order", self.order)] if self.order else []))

    def without(self, name: str, value: str = "") -> Selection:
        """The selection with one choice removed, for the chips above the list; `starts` stands for both days."""
        if name == "q":
            return replace(self, text="")
        if name == "starts":
            return replace(self, from_on=None, to_on=None)
        fewer: dict[str, Any] = {SWITCHES[name]: False} if name in SWITCHES else {}
        if name in PARAMETERS:
            fewer[PARAMETERS[name]] = tuple(one for one in getattr(self, PARAMETERS[name]) if str(one) != value)
        return replace(self, **fewer)

    def without_filters(self) -> Selection:
        """The text and the order alone."""
        return Selection(text=self.text, order=self.order, buyer=self.buyer)

    @property
    def filtered(self) -> bool:
        """Whether any filter is on, beside the text."""
        return self.without_filters() != self

    def __bool__(self) -> bool:
        """Whether anything narrows the list; an order does not."""
        return bool(self.text) or self.filtered

    @property
    def ordered_by(self) -> str:
        """The order in force. How well they fit means nothing without a text."""
        if not self.text:
            return self.order if self.order not in ("", "fit") else "subject"
        return self.order or "fit"


def month_of(offering: Offering) -> str:
    """The value of the month filter under which an offering is found: `2026-11`, or `nonstop`."""
    return offering.starts_on.strftime("%Y-%m") if offering.starts_on else "nonstop"


def _numbers(values: tuple[str, ...], digits: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(one) for one in values if re.fullmatch(rf"[0-9]{{1,{digits}}}", one)))


def _day(text: str) -> date | None:
    """The day of `2026-11-30`; None when there is no such day."""
    if not DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
