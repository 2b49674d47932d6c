"""A picture of counts: horizontal bars, largest first or in an order of their own. Its text equivalent is the table of the same numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_BARS = 12  # of a chart that may have any number; the last one holds the rest


@dataclass(frozen=True, slots=True)
class Bar:
    """`told`: the number in words; `share`: of the longest bar, in thousandths; a bar that must not be told has none."""

    label: str
    told: str
    count: int
    share: int


@dataclass(frozen=True, slots=True)
class Chart:
    """`name` is a word for ids of the page; `note`: of whom the bars do not tell."""

    name: str
    title: str
    bars: tuple[Bar, ...]
    note: str = ""


def counted(name: str, title: str, labels: Iterable[str], rest: str, order: Sequence[str] = ()) -> Chart:
    """The chart of how often each label comes. In `order` where it is given, else the most frequent first and beyond the twelfth `rest`."""
    counts = Counter(labels)
    if order:
        pairs = [(label, counts[label]) for label in dict.fromkeys((*order, *sorted(counts))) if counts[label]]
    else:
        pairs = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        if len(pairs) > MOST_BARS:
            pairs = [*pairs[: MOST_BARS - 1], (rest, sum(count for _, count in pairs[MOST_BARS - 1 :]))]
    return drawn(name, title, [(label, str(count), count) for label, count in pairs])


def drawn(name: str, title: str, told: Iterable[tuple[str, str, int]]) -> Chart:
    """The chart of labels with their numbers in words and as drawn."""
    every = tuple(told)
    longest = max((count for _, _, count in every), default=0) or 1
    return Chart(name, title, tuple(Bar(label, words, count, round(1000 * count / longest)) for label, words, count in every))
