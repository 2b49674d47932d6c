"""Codes of modules and how people write them: MAA07, MAA 7, maa-7 and MAA7.1 are maa7, and MAA1 is not MAA10."""

from __future__ import annotations

import re

from course_catalogue.search.fold import fold

CODE = re.compile(r"([a-z]{1,5})0*([1-9][0-9]{0,2})")
# A code in a query, folded: letters, digits, perhaps the last of a range (MAA2-4 is MAA2 and MAA4), perhaps a school's own part (.1, .ni).
ASKED = re.compile(
    r"(?<![^\W_])(?P<letters>[a-z]{1,5})[ -]?(?P<digits>[0-9]{1,3})(?:[-–](?P<last>[0-9]{1,2}))?(?:\.(?:[0-9]{1,2}|[a-z]{2}))?\.?(?![^\W_])"
)


def codes_of(module: str) -> tuple[str, ...]:
    """The codes in a module's name as a query is compared with them: folded, without leading zeros."""
    return tuple(letters + digits for letters, digits in CODE.findall(fold(module)))


def spellings(letters: str, digits: str) -> tuple[str, ...]:
    """What a code in a query may be, the likeliest first: as it is, and with a run of zeros left out.

    S201 is S21: the name of a subject may end in a digit.
    """
    whole = letters + (digits.lstrip("0") or "0")
    cut = [
        letters + digits[:place] + digits[place:].lstrip("0")
        for place in range(1, len(digits))
        if digits[0] != "0" and digits[place] == "0" and digits[place:].strip("0")
    ]
    return tuple(dict.fromkeys([whole, *cut]))
