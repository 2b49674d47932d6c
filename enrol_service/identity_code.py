"""Recognises what looks like a Finnish personal identity code, so that none is ever stored.

Form: ddmmyy, century sign, individual number, check character. Signs and check characters: Population Register's
decree 128/2010 as amended 2023 (+ for the 1800s; - Y X W V U for the 1900s; A B C D E F for the 2000s).
"""

from __future__ import annotations

import re
import unicodedata

CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")  # what a word processor makes of a hyphen

CODE = re.compile(r"(?<![0-9])([0-9]{2})([0-9]{2})([0-9]{2})\s?[-+A-FU-Y]\s?([0-9]{3})([0-9A-Y])(?![0-9A-Z])", re.IGNORECASE)


def has_identity_code(text: str) -> bool:
    """Whether any part of `text` is a date, a century sign, a number and the check character that belongs to them."""
    plain = unicodedata.normalize("NFKC", text).translate(DASHES)
    return any(_is_code(match) for match in CODE.finditer(plain))


def _is_code(match: re.Match[str]) -> bool:
    day, month, year, number, check = match.groups()
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return False
    return CHECK_CHARACTERS[int(day + month + year + number) % 31] == check.upper()
