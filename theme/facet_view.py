"""The filters as a page shows them: each with its values and how many courses a value would show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from course_catalogue.collation import sort_key
from course_catalogue.facet import FACETS
from course_catalogue.selection import SWITCHES, Selection

FIRST = 6  # so many values of a filter are seen at once


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A choice of a filter and how many courses it would show. `name` is the parameter, as in the address."""

    name: str
    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter: the values seen at once, and those behind "All"."""

    name: str
    first: tuple[FacetValue, ...]
    rest: tuple[FacetValue, ...]

    @property
    def values(self) -> tuple[FacetValue, ...]:
        return self.first + self.rest

    @property
    def opened(self) -> bool:
        return any(value.chosen for value in self.rest)


def facets_of(totals: Mapping[str, Mapping[str, int]], counts: Mapping[str, Mapping[str, int]], selection: Selection) -> tuple[Facet, ...]:
    """All filters, with the `counts` of `Found`. `totals`, the counts without a choice, tell which values there are and which come first.

    A choice that has no course, as of a month that has passed, stays with its zero, so that it can be taken away.
    """
    chosen: dict[str, set[str]] = {}
    for name, value in selection.pairs():
        chosen.setdefault(name, set()).add(value)
    return tuple(_facet(name, totals[name], counts[name], chosen.get(name, set())) for name in FACETS)


def _facet(name: str, totals: Mapping[str, int], counts: Mapping[str, int], chosen: set[str]) -> Facet:
    switch = {"1"} if name in SWITCHES else set()
    every = sorted({*totals, *chosen, *switch}, key=lambda value: _place(name, value, totals.get(value, 0)))
    values = [FacetValue(name, value, counts.get(value, 0), value in chosen) for value in every]
    if len(values) <= FIRST + 1:
        return Facet(name, tuple(values), ())
    rest = values[FIRST:]
    if name == "module":
        rest.sort(key=lambda one: sort_key(one.value))
    return Facet(name, tuple(values[:FIRST]), tuple(rest))


def _place(name: str, value: str, count: int) -> tuple[object, ...]:
    """The order of a filter's values: months, credits and prices by themselves, the others by how many courses they hold."""
    if name == "month":
        return ("" if value == "nonstop" else value,)
    return (int(value),) if name in ("credits", "price") else (-count, sort_key(value))
