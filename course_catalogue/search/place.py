"""Where a word stands: courses by number, each with what it costs to find it there, and how that is written in a line of text.

Courses of one cost stand together, `;` parts the costs. The first character is the cost, in base 36. Then come the courses,
each as the step from the one before (the first from -1); a step of 0 and a number say how many more follow in a row. A number
is written in digits of base 32, the highest first: `DIGITS` has them twice, in the second half for those that are not its last.
`0102;k5` is course 0 and the two after it at cost 0, and course 4 at cost 20.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

COSTS = 64  # above every cost: a place is a whole number, that of the course × COSTS + the cost
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
BASE = 32
VALUES = {digit: value for value, digit in enumerate(DIGITS)}
COST_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def written(places: Iterable[int]) -> str:
    """The places as text; of several at one course, the cheapest."""
    by_cost: dict[int, list[int]] = {}
    last = -1
    for place in sorted(places):
        number = place // COSTS
        if number != last:
            by_cost.setdefault(place % COSTS, []).append(number)
            last = number
    return ";".join(COST_DIGITS[cost] + "".join(_steps(by_cost[cost])) for cost in sorted(by_cost))


def read(text: str) -> Mapping[int, int]:
    """The costs by course number of places that `written` wrote."""
    found: dict[int, int] = {}
    for part in text.split(";") if text else ():
        cost = int(part[0], 36)
        last, value, is_run = -1, 0, False
        for digit in part[1:]:
            value = value * BASE + VALUES[digit] % BASE
            if VALUES[digit] >= BASE:
                continue
            if is_run:
                found.update(dict.fromkeys(range(last + 1, last + 1 + value), cost))
                last, is_run = last + value, False
            elif value:
                last += value
                found[last] = cost
            else:
                is_run = True
            value = 0
    return found


def better(costs: dict[int, int], found: Mapping[int, int], more: int = 0) -> None:
    """Take up the costs found, and `more`, where they are better than those known."""
    for number, cost in found.items():
        if cost + more < costs.get(number, 1_000):
            costs[number] = cost + more


def _steps(numbers: list[int]) -> Iterator[str]:
    last = end = -1  # of the run that is being read; the numbers that were written end at `last`
    for number in numbers:
        if number == end + 1 and end > -1:
            end = number
            continue
        if end > last:
            yield "0" + _number(end - last)
        step = number - end
        yield SMALL[step] if step < len(SMALL) else _number(step)
        last = end = number
    if end > last:
        yield "0" + _number(end - last)


def _number(number: int) -> str:
    text = DIGITS[number % BASE]
    while number := number // BASE:
        text = DIGITS[BASE + number % BASE] + text
    return text


SMALL = tuple(_number(number) for number in range(BASE * BASE))  # most steps are
