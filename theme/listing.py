"""Answers a selection with a page of the list: what the service prints, and what the script of the site must show too."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from course_catalogue.facet import CourseFact, Found, RunId, find
from course_catalogue.model import BuyerClass, Catalogue, Language
from course_catalogue.search import SearchIndex, ranked
from course_catalogue.selection import Selection
from theme.facet_view import facets_of
from theme.list_order import in_list_order
from theme.list_view import ListView, Pages, page_of, row_of


class Listing:
    """A catalogue at one moment, ready to be asked. What there is without a choice is counted once.

    `facts` are those of the index's courses, in its order; `full` the runs that have no place left.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        index: SearchIndex,
        facts: Sequence[CourseFact],
        now: datetime,
        full: AbstractSet[RunId] = frozenset(),
    ) -> None:
        self._catalogue = catalogue
        self._index = index
        self._facts = facts
        self._now = now
        self._full = full
        self._all: dict[BuyerClass, Found] = {}

    def view(self, selection: Selection, language: Language, *, size: int, number: int = 1) -> ListView:
        """Page `number` of what is asked, `size` rows on each, with the counts of all filters."""
        scores = ranked(self._index, selection.text)
        every = self._every(selection.buyer)
        found = find(self._catalogue, self._facts, selection, self._now, scores, self._full) if selection else every
        numbers = in_list_order(self._catalogue, self._facts, found, selection, self._now, language, scores)
        pages = Pages.holding(len(numbers), size, number)
        rows = [row_of(one, self._facts[one].course, self._now) for one in numbers[pages.slice(size)]]
        facets = facets_of(every.counts, found.counts, selection)
        return page_of(self._catalogue, selection, rows, len(numbers), pages, facets)

    def _every(self, buyer: BuyerClass) -> Found:
        if buyer not in self._all:
            self._all[buyer] = find(self._catalogue, self._facts, Selection(buyer=buyer), self._now, None, self._full)
        return self._all[buyer]

    def count(self, selection: Selection) -> int:
        """How many courses something else would show."""
        scores = ranked(self._index, selection.text)
        return len(find(self._catalogue, self._facts, selection, self._now, scores, self._full).numbers)
