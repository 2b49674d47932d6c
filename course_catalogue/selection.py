"""Which courses a reader has asked for: the filters of the list, pure. The site's script does the same in the browser."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from course_catalogue.model import Catalogue, Course, Offering
from course_catalogue.offering import offering_state
from course_catalogue.search_index import SearchIndex, index_of, ranked

MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])|nonstop")
MAX_QUERY = 200  # characters of text that are searched
MAX_VALUES = 50  # choices of one filter that are read


@dataclass(frozen=True, slots=True)
class Selection:
    """The filters. Inside one filter any value will do, and every filter must hold. Empty: all courses."""

    text: str = ""
    subjects: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    credits: tuple[int, ...] = ()
    levels: tuple[str, ...] = ()
    months: tuple[str, ...] = ()  # "2026-11" in which an offering starts, or "nonstop"
    open: bool = False  # only courses on which one can enrol now

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, str]]) -> Selection:
        """Read the pairs of a query string. Unknown names and impossible values are passed over."""
        lists: dict[str, list[str]] = {}
        for name, value in pairs:
            if value and value not in lists.setdefault(name, []):
                lists[name].append(value)
        chosen = {name: tuple(values[:MAX_VALUES]) for name, values in lists.items()}
        return cls(
            text=" ".join(chosen.get("q", ("",))[0][:MAX_QUERY].split()),
            subjects=chosen.get("subject", ()),
            schools=chosen.get("school", ()),
            modes=chosen.get("mode", ()),
            languages=chosen.get("language", ()),
            credits=tuple(int(one) for one in chosen.get("credits", ()) if re.fullmatch(r"[0-9]{1,2}", one)),
            levels=chosen.get("level", ()),
            months=tuple(one for one in chosen.get("month", ()) if MONTH.fullmatch(one)),
            open=chosen.get("open", ("",))[0] == "1",
        )

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The pairs of the query string that means this selection, in a fixed order."""
        found = [("q", self.text)] if self.text else []
        for name, field in PARAMETERS.items():
            found += [(name, str(value)) for value in getattr(self, field)]
        return (*found, *([("open", "1")] if self.open else []))

    def without(self, name: str, value: str = "") -> Selection:
        """The selection with one choice removed, for the chips above the list."""
        if name in ("q", "open"):
            return Selection.from_pairs(pair for pair in self.pairs() if pair[0] != name)
        return Selection.from_pairs(pair for pair in self.pairs() if pair != (name, value))

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


# URL parameter → field of the selection. The same names in the static page and in the service.
PARAMETERS = {
    "subject": "subjects",
    "school": "schools",
    "mode": "modes",
    "language": "languages",
    "credits": "credits",
    "level": "levels",
    "month": "months",
}


def select(catalogue: Catalogue, selection: Selection, now: datetime, index: SearchIndex | None = None) -> list[Course]:
    """Published and cancelled courses that the selection means, best first.

    `index` is `index_of(catalogue)`, kept by a caller who selects often. Without a text the order is the index's.
    """
    index = index or index_of(catalogue)
    scores = ranked(index, selection.text)
    numbers = range(len(index.courses)) if scores is None else sorted(scores, key=lambda number: (scores[number], number))
    return [course for number in numbers if matches(course := index.courses[number], selection, now)]


def matches(course: Course, selection: Selection, now: datetime) -> bool:
    """Whether a course passes every filter but the text. Month and openness must hold for one and the same offering."""
    return (
        (not selection.subjects or course.subject_id in selection.subjects)
        and (not selection.schools or course.school_id in selection.schools)
        and (not selection.modes or course.mode in selection.modes)
        and (not selection.languages or course.language in selection.languages)
        and (not selection.credits or course.credits in selection.credits)
        and (not selection.levels or any(level in selection.levels for level in course.audience))
        and (not (selection.months or selection.open) or any(_offered(course, one, selection, now) for one in course.offerings))
    )


def _offered(course: Course, offering: Offering, selection: Selection, now: datetime) -> bool:
    state = offering_state(course, offering, now)
    if selection.open and state != "open":
        return False
    return not selection.months or (state != "cancelled" and month_of(offering) in selection.months)


def month_of(offering: Offering) -> str:
    """The value of the month filter under which an offering is found: `2026-11`, or `nonstop`."""
    return offering.starts_on.strftime("%Y-%m") if offering.starts_on else "nonstop"
