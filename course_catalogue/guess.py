"""Guesses at what was meant: Finnish dates and times, a decimal comma, the nearest id. None when there is no good one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

FINNISH_DATE = re.compile(r"(?:[a-zåäö]{2,12}\.?\s+)?([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4}|[0-9]{2})", re.IGNORECASE)
LOOSE_ISO_DATE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
CLOCK = re.compile(
    r"(?:klo\.?|kl\.?|at|T|,)?\s*([0-9]{1,2})(?:[.:]([0-9]{2}))?(?::00)?(?:\s*(?:h|Z|[+-][0-9]{2}:?[0-9]{2}))?", re.IGNORECASE
)


def date_of(text: str) -> tuple[date, str] | None:
    """A date at the head of the text written in another way, and what follows it."""
    text = text.strip()
    for pattern, order in ((FINNISH_DATE, (3, 2, 1)), (LOOSE_ISO_DATE, (1, 2, 3))):
        match = pattern.match(text)
        if match:
            year, month, day = (int(match[group]) for group in order)
            try:
                return date(year + 2000 if year < 100 else year, month, day), text[match.end() :]
            except ValueError:
                return None
    return None


def clock_of(text: str) -> str | None:
    """`klo 9.30` → `09:30`."""
    match = CLOCK.fullmatch(text.strip())
    if not match:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def date_text(text: str) -> str | None:
    found = date_of(text)
    return found[0].isoformat() if found else None


def date_time_text(text: str, clock_if_missing: str) -> str | None:
    found = date_of(text)
    if not found:
        return None
    day, rest = found
    clock = clock_of(rest) if rest.strip(" ,") else clock_if_missing
    return f"{day.isoformat()}T{clock}" if clock else None


def number_text(text: str) -> str | None:
    """`30 paikkaa`, `2,0`, `1 000` → whole number as YAML wants it."""
    match = re.fullmatch(r"[+]?(-?[0-9][0-9\s_]{0,11})(?:[.,]0{1,3})?\s*(?:[a-zåäö.%€]{0,16})", text.strip(), re.IGNORECASE)
    return str(int(re.sub(r"[\s_]", "", match[1]))) if match else None


def money_text(text: str) -> str | None:
    """`12,50 €` → `12.50`."""
    match = re.fullmatch(
        r"(?:€|eur(?:oa)?)?\s*([0-9][0-9\s]{0,11})(?:[.,]([0-9]{1,2}|-))?\s*(?:€|eur(?:oa|o)?|e)?", text.strip(), re.IGNORECASE
    )
    if not match:
        return None
    cents = (match[2] or "").replace("-", "").ljust(2, "0")
    return f"{int(re.sub(r'[^0-9]', '', match[1]))}.{cents}"


YES = ("yes", "kyllä", "joo", "ja", "on", "true", "tosi", "1", "x")
NO = ("no", "ei", "nej", "off", "false", "epätosi", "0", "-")


def boolean_text(text: str) -> str | None:
    folded = text.strip().casefold()
    return "true" if folded in YES else "false" if folded in NO else None


def id_text(text: str) -> str:
    """The text as an id: lower case, a–z, digits and hyphens."""
    plain = text.strip().casefold().translate(str.maketrans("åäöéüæøšž", "aaoeuaosz"))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def nearest(text: str, ids: Iterable[str], labels: Mapping[str, Mapping[str, str]] | None = None) -> str | None:
    """The id meant: the same written otherwise, the id of this label, or the one nearest by edit distance."""
    ids = tuple(ids)
    wanted = text.strip().casefold()
    compact = _compact(wanted)
    if not compact:
        return None
    for one in ids:
        if one.casefold() == wanted or _compact(one) == compact:
            return one
    names = [(one, name.casefold()) for one, by_language in (labels or {}).items() for name in by_language.values()]
    return _by_name(wanted, ids, names) or _by_distance(wanted, [(one, one.casefold()) for one in ids]) or _by_distance(wanted, names)


def _compact(text: str) -> str:
    """Without blanks, hyphens and leading zeros, in small letters: MAA 07 is maa7."""
    return re.sub(r"(?<=[a-zåäö])0+(?=[0-9])", "", re.sub(r"[\s_-]+", "", text.casefold()))


def _by_name(wanted: str, ids: Iterable[str], names: Iterable[tuple[str, str]]) -> str | None:
    """By a label or its beginning or end, or by a part of an id, when only one has it."""
    names = list(names)
    for one, name in names:
        if name == wanted:
            return one
    if len(wanted) < 4:
        return None
    found = {one for one, name in names if name.startswith(wanted) or name.endswith(wanted)}
    found = found or {one for one in ids if wanted in one.casefold().split("-")}
    return found.pop() if len(found) == 1 else None


def _by_distance(wanted: str, names: Iterable[tuple[str, str]]) -> str | None:
    limit = 1 if len(wanted) < 5 else 2 if len(wanted) < 12 else 3
    if len(wanted) < 3 or (len(wanted) < 6 and any(character.isdigit() for character in wanted)):
        return None  # a short code with another letter or digit is another code
    best, best_distance = None, limit + 1
    for one, name in names:
        if abs(len(name) - len(wanted)) < best_distance:
            found = distance(wanted, name, best_distance)
            if found < best_distance:
                best, best_distance = one, found
    return best


def distance(one: str, other: str, limit: int) -> int:
    """Edits between two texts, where swapping two neighbours is one edit; at least `limit` when there are that many."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        new = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            new.append(cost)
        if min(new) >= limit:
            return limit
        before, row = row, new
    return row[-1]
