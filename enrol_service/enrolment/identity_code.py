"""Recognises what looks like a Finnish personal identity code, so that none is ever stored.

Form: ddmmyy, century sign, individual number, check character. Signs and check characters: Population Register's
decree 128/2010 as amended 2023 (+ for the 1800s; - Y X W V U for the 1900s; A B C D E F for the 2000s).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")  # what a word processor makes of a hyphen
LETTER = "[A-FHJ-NPR-Y]"  # of the check characters

# Each look-ahead finds a code wherever it begins, also inside another match.
WRITTEN = (
    # The date in one piece or parted at its days, months and years: 131052-308T, 13.10.52 - 308T, 131052-308Tja.
    rf"([0-9]{{2}})[\s.]?([0-9]{{2}})[\s.]?([0-9]{{2}})\s{{0,3}}[-+A-FU-Y]\s{{0,3}}([0-9]{{3}})\s{{0,3}}({LETTER}|[0-9](?![0-9]|[.,][0-9]))",
    # Spaces anywhere, where a letter at the end makes a telephone number unlikely: 131 052 - 3 0 8 T.
    rf"([0-9]\s?[0-9])\s?([0-9]\s?[0-9])\s?([0-9]\s?[0-9])\s{{0,3}}[-+A-FU-Y]\s{{0,3}}([0-9]\s?[0-9]\s?[0-9])\s{{0,3}}({LETTER})",
    # Without its sign, only with a letter at the end: ten digits alone are a telephone number.
    rf"([0-9]{{2}})([0-9]{{2}})([0-9]{{2}})\s?([0-9]{{3}})({LETTER})(?![0-9A-Z])",
)
CODES = tuple(re.compile(rf"(?<![0-9])(?={one})", re.IGNORECASE | re.ASCII) for one in WRITTEN)


def has_identity_code(text: str) -> bool:
    """Whether any part of `text` is a date, a century sign, a number and the check character that belongs to them."""
    seen = "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) not in ("Cf", "Mn"))
    plain = seen.translate(DASHES)
    return any(_is_code(match) for code in CODES for match in code.finditer(plain))


def _is_code(match: re.Match[str]) -> bool:
    day, month, year, number, check = ("".join(group.split()) for group in match.groups())
    if not any(_is_date(century + int(year), int(month), int(day)) for century in (1800, 1900, 2000)):
        return False
    return CHECK_CHARACTERS[int(day + month + year + number) % 31] == check.upper()


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
