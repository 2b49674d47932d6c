"""The words that a query asks for, as they were typed and as they are compared."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from course_catalogue.search.code import ASKED, spellings
from course_catalogue.search.fold import WORD, fold

MOST = 12  # words of a query that are heeded


@dataclass(frozen=True, slots=True)
class Asked:
    """A word of a query: what was typed, and the folded words that it may mean, the likeliest first.

    `apart` are the two words that it is when none of these is known: "osa 2" looks like a code.
    """

    typed: str
    spellings: tuple[str, ...]
    apart: tuple[str, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether only the whole word will do: MAA1 is not MAA10."""
        return any(character.isdigit() for character in self.spellings[0])


def asked_words(text: str) -> tuple[Asked, ...]:
    """The words of a query in their order, each once. A code is one word however it is written."""
    text = unicodedata.normalize("NFC", text)
    plain = "".join((fold(character) or " ")[0] for character in text)  # as long as the text, so that places agree
    found: list[tuple[int, Asked]] = []
    for match in ASKED.finditer(plain):
        letters = match["letters"]
        for digits in filter(None, (match["digits"], match["last"])):
            apart = (letters, digits) if plain[match.end("letters")] == " " else ()
            found.append((match.start(), Asked(letters.upper() + digits, spellings(letters, digits), apart)))
    rest = ASKED.sub(lambda match: " " * len(match[0]), plain)
    found += [(match.start(), Asked(text[slice(*match.span())], (fold(text[slice(*match.span())]),))) for match in WORD.finditer(rest)]
    found.sort(key=lambda one: one[0])
    return tuple({asked.spellings: asked for _, asked in found if asked.spellings[0]}.values())[:MOST]
