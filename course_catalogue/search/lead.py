"""Which words of the index a word of a text leads to: its base forms, the parts of a compound, and the other words that mean them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from course_catalogue.search.fold import fold
from course_catalogue.search.lemma import KeptLemmas
from course_catalogue.search.term import Word

PART = 6  # what a part of a compound costs more than the whole word
REST = 3  # letters before the end of a compound that a synonym may stand for: talousmatikka


@dataclass(frozen=True, slots=True)
class Lead:
    """A word of the index, as it is read, that a word of a text leads to.

    `bases` are the folded words that it leads on to. `more` is what the text's word costs more there than where it stands;
    None where it is only the way to others.
    """

    shown: str
    bases: tuple[str, ...] = ()
    more: int | None = None


class Leads:
    """The leads of words. `synonyms` are other words by what is meant by them, in small letters."""

    def __init__(self, lemmas: KeptLemmas, synonyms: Mapping[str, Iterable[str]]) -> None:
        self._lemmas = lemmas
        self._synonyms: dict[str, list[str]] = {}
        for synonym, targets in synonyms.items():
            for target in targets:
                self._synonyms.setdefault(target, []).append(synonym)
        self._lengths = sorted({len(target) for target in self._synonyms})

    def of(self, word: Word) -> Iterator[Lead]:
        """The leads of a word, the word itself first."""
        language, text = word
        found = self._lemmas.of(text, language)
        yield Lead(text, tuple(fold(base) for base in found.bases))
        for base in found.bases:
            yield Lead(base, more=0)
            yield from self._synonyms_of(base)
        if found.other:
            yield Lead(found.other, (fold(found.bases[0]),))
        for part in found.parts:
            yield Lead(part, more=PART)
            yield from self._synonyms_of(part)

    def _synonyms_of(self, base: str) -> Iterator[Lead]:
        for length in self._lengths:
            rest = len(base) - length
            if rest == 0 or rest >= REST:
                for synonym in self._synonyms.get(base[rest:], ()):
                    yield Lead(base[:rest] + synonym, (fold(base),))
