"""The orders of the list. Names go in Finnish order whatever the page's language. theme/static/facets.js orders alike; a test compares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from course_catalogue.collation import Key, sort_key
from course_catalogue.facet import CourseFact, Found, RunFact, is_to_come
from course_catalogue.model import Catalogue, Language
from course_catalogue.offering import offering_state, shown_offering
from course_catalogue.selection import Selection


def in_list_order(
    catalogue: Catalogue,
    facts: Sequence[CourseFact],
    found: Found,
    selection: Selection,
    now: datetime,
    language: Language,
    scores: Mapping[int, float] | None = None,
) -> list[int]:
    """The numbers of the courses found, in the order asked for. Equal ones stay as they are: by subject, module and title.

    `scores` tells how well the text fits, the less the better; `language` in which the reader sees the names.
    """
    keys = _Keys(catalogue, facts, selection, now, language)
    match selection.ordered_by:
        case "fit":
            return sorted(found.numbers, key=lambda number: (scores or {}).get(number, 0.0))
        case "title":
            return sorted(found.numbers, key=keys.title)
        case "school":
            return sorted(found.numbers, key=keys.school)
        case "start":
            return sorted(found.numbers, key=keys.start)
        case "price":
            return sorted(found.numbers, key=keys.price)
        case _:
            return list(found.numbers)


class _Keys:
    """What a course is sorted by. Start and price are those of the run that its row tells about; one that is not to come goes last."""

    def __init__(self, catalogue: Catalogue, facts: Sequence[CourseFact], selection: Selection, now: datetime, language: Language) -> None:
        self._facts = facts
        self._now = now
        self._today = catalogue.network.day_of(now)
        self._language = language
        self._outside = selection.buyer == "outside"
        self._schools = {school.id: sort_key(school.name.to(language)) for school in catalogue.schools.values()}

    def title(self, number: int) -> Key:
        return sort_key(self._facts[number].course.title.to(self._language))

    def school(self, number: int) -> Key:
        return self._schools[self._facts[number].course.school_id]

    def start(self, number: int) -> tuple[int, date]:
        """Those with a first day by it, then those that can be started at any time, then those that cannot any more."""
        run = self._told(number)
        if run is None:
            return (2, date.min)
        return (0, run.first_on) if run.offering.starts_on else (1, date.min)

    def price(self, number: int) -> tuple[int, int]:
        run = self._told(number)
        return (1, 0) if run is None else (0, run.outside_cents if self._outside else run.member_cents)

    def _told(self, number: int) -> RunFact | None:
        fact = self._facts[number]
        shown = shown_offering(fact.course, self._now)
        if not is_to_come(shown, offering_state(fact.course, shown, self._now), self._today):
            return None
        return next(run for run in fact.runs if run.offering is shown)
