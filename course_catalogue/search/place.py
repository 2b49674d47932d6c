"""Where a word stands: courses by number, each with what it costs to find it there, and how that is written in a line of text.

Numbers and costs are in base 36. Courses of one cost stand together, `;` parts the costs: the first character is the cost,
then come the courses, each as the step from the one before (the first from -1), and `-` says how many more follow in a row.
`03,1-2;k5` is courses 2 and 3 to 5 at cost 0, and course 4 at cost 20.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

COSTS = 64  # above every cost: a place is a whole number, that of the course × COSTS + the cost
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def written(places: Iterable[int]) -> str:
    """The places as text; of several at one course, the cheapest."""
    by_cost: dict[int, list[int]] = {}
    last = -1
    for place in sorted(places):
        number = place // COSTS
        if number != last:
            by_cost.setdefault(place % COSTS, []).append(number)
            last = number
    return ";".join(DIGITS[cost] + ",".join(_runs(by_cost[cost])) for cost in sorted(by_cost))


def read(text: str) -> Mapping[int, int]:
    """The costs by course number of places that `written` wrote."""
    found: dict[int, int] = {}
    for part in text.split(";") if text else ():
        cost = int(part[0], 36)
        number = -1
        for run in part[1:].split(","):
            step, _, more = run.partition("-")
            number += int(step, 36)
            found[number] = cost
            for _ in range(int(more, 36) if more else 0):
                number += 1
                found[number] = cost
    return found


def better(costs: dict[int, int], found: Mapping[int, int], more: int = 0) -> None:
    """Take up the costs found, and `more`, where they are better than those known."""
    for number, cost in found.items():
        if cost + more < costs.get(number, 1_000):
            costs[number] = cost + more


def _runs(numbers: list[int]) -> Iterator[str]:
    before = start = end = -1
    for number in (*numbers, -2):
        if number == end + 1 and start >= 0:
            end = number
            continue
        if start >= 0:
            step = start - before
            first = SMALL[step] if step < len(SMALL) else base36(step)
            yield f"{first}-{base36(end - start)}" if end > start else first
        before, start, end = end, number, number


def base36(number: int) -> str:
    text = DIGITS[number % 36]
    while number := number // 36:
        text = DIGITS[number % 36] + text
    return text


SMALL = tuple(base36(number) for number in range(1_296))  # most steps are
