"""Made-up words of three languages, the common ones often and the rare ones seldom, as in a real text."""

from __future__ import annotations

import random
from functools import cache
from itertools import product
from pathlib import Path

import yaml

PARTS = Path(__file__).with_suffix(".yaml")


@cache
def vocabularies() -> dict[str, tuple[list[str], list[str]]]:
    """By language: all words in a random order that is always the same, and the words that every text is full of."""
    found = {}
    for language, parts in yaml.safe_load(PARTS.read_text(encoding="utf-8")).items():
        if language == "schools":
            continue
        words = ["".join(one) for one in product(parts["beginnings"].split(), parts["seconds"].split(), parts["endings"])]
        random.Random(1).shuffle(words)  # noqa: S311 - no secret
        found[language] = words, parts["common"].split()
    return found


class Words:
    """Draws words of one language. The chance of a word falls with its place in the vocabulary."""

    def __init__(self, chance: random.Random, language: str) -> None:
        self._chance = chance
        self._words, self._common = vocabularies()[language]

    def word(self) -> str:
        return self._words[int(len(self._words) * self._chance.random() ** 3)]

    def title(self) -> str:
        return f"{self.word()} {self._common[0]} {self.word()}".capitalize()

    def sentence(self, words: int) -> str:
        drawn = [self._chance.choice(self._common) if self._chance.random() < 0.4 else self.word() for _ in range(words)]
        return " ".join(drawn).capitalize() + "."
