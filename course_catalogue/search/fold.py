"""Words as they are compared: small letters without accents. The site's script folds in the same way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Letters that Unicode does not take apart, also those of Sámi; the modifier primes of Skolt Sámi fall away.
PLAIN = str.maketrans(
    {
        "ß": "ss",
        "æ": "a",
        "œ": "o",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "t",
        "ŧ": "t",
        "ŋ": "n",
        "ł": "l",
        "ǥ": "g",
        "ʒ": "z",
        "ʹ": "",
        "ʼ": "",
    }
)
WORD = re.compile(r"[^\W_]+")
MARKED = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")  # a word of a text that may hold marks apart from their letters


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Small letters without accents: ä and å are a, ö is o. Both sides of every comparison are folded."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFD", text.lower().translate(PLAIN))
    return "".join(one for one in apart if not unicodedata.category(one).startswith("M")).translate(PLAIN)


def words_in(text: str) -> list[str]:
    """The words of a text in small letters, with their accents."""
    return WORD.findall(unicodedata.normalize("NFC", text).lower())


def folded_words(text: str) -> Iterator[tuple[str, int, int]]:
    """The folded words of a text, with where each begins and ends in it."""
    for match in MARKED.finditer(text):
        yield fold(match[0]), match.start(), match.end()
