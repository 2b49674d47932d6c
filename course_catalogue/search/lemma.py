"""What a word says in its sentence: its base form, and the words that a compound is made of.

A pure function of the word, its language and the version of the dictionaries. What was once found is kept in a file,
because opening the dictionaries takes longer than all the rest of an index; with or without the file the answer is the same.
"""

from __future__ import annotations

import marshal
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from course_catalogue.code_hash import code_hash
from course_catalogue.kept_file import read_kept, write_kept
from course_catalogue.search.compound import other_bases, parts_of
from course_catalogue.search.stem import other_form

if TYPE_CHECKING:
    from course_catalogue.search.dictionary import Dictionaries

KEPT = Path(__file__).resolve().parent.parent.parent / ".cache" / "words"
CODE = Path(__file__).resolve().parent
HEAD = f"simplemma {version('simplemma')}, code {code_hash(CODE).hex()}\n".encode()  # an answer under another one counts as never given
LANGUAGES = ("fi", "sv", "en")  # whose base forms are known; a word of another language is its own
Answer = tuple[tuple[str, ...], tuple[str, ...], str]  # an Analysis as it is kept
LONGEST = 60  # letters of a word that is looked at


@dataclass(frozen=True, slots=True)
class Analysis:
    """The base forms that a word may be a form of, those of the parts of a compound, and a form with another stem, if there is one."""

    bases: tuple[str, ...]
    parts: tuple[str, ...] = ()
    other: str = ""


class KeptLemmas:
    """Base forms from the dictionaries. The file `path` keeps what was found between runs; None: for this run only."""

    def __init__(self, path: Path | None = KEPT / "forms") -> None:
        self._path = path
        self._found = _read(self._path)
        self._new = 0

    def of(self, word: str, language: str) -> Analysis:
        """The analysis of a word in small letters. A word that nobody knows is its own base form."""
        found = self._found.get(language)
        if found is None:
            return Analysis((word,))
        known = found.get(word)
        if known:
            analysis = Analysis(*known)
        else:
            analysis = _analysed(word, language)
            found[word] = (analysis.bases, analysis.parts, analysis.other)
            self._new += 1
        return analysis

    def keep(self) -> None:
        """Write what was found for the first time to the file, for later runs."""
        if self._path and self._new:
            write_kept(self._path, HEAD + marshal.dumps(self._found))
            self._new = 0


def _read(path: Path | None) -> dict[str, dict[str, Answer]]:
    kept = read_kept(path) if path else None
    if kept is None or not kept.startswith(HEAD):
        return {language: {} for language in LANGUAGES}
    found: dict[str, dict[str, Answer]] = marshal.loads(kept[len(HEAD) :])  # noqa: S302 - our own file, which holds a hash of itself
    return found


@cache
def _dictionaries() -> Dictionaries:
    from course_catalogue.search.dictionary import Dictionaries  # late: only a word that was not met before needs it

    return Dictionaries(KEPT)


def _analysed(word: str, language: str) -> Analysis:
    if len(word) < 3 or len(word) > LONGEST or not word.isalpha():
        return Analysis((word,))
    dictionaries = _dictionaries()
    dictionary = dictionaries.get_dictionary(language)
    base = dictionaries.lemma(word, language)
    others = other_bases(word, language, dictionary) if base == word else ()
    parts = tuple(dict.fromkeys(parts_of(base, language, dictionary)))
    return Analysis((base, *others), parts, other_form(base, language, dictionary) or "")


@cache
def kept_lemmas() -> KeptLemmas:
    """The base forms that all of one process shares."""
    return KeptLemmas()
