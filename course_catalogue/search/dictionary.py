"""The base forms that simplemma's dictionaries know, opened in a tenth of a second.

A dictionary is one stream, of which every record is written as a difference from the one before. Simplemma reads it from
its beginning to its end when it opens it, four seconds for Finnish. Here the places where reading can begin are found once
and kept in a file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import frontcode
from simplemma.strategies.dictionaries.dictionary_factory import DictionaryFactory, _read_decompressed

from course_catalogue.kept_file import read_kept, write_kept
from course_catalogue.search.compound import base_of

VERSION = f"simplemma {version('simplemma')}"
EVERY = 64  # records from one place to the next
BLOCKS = 4096  # of so many records that are kept once they were read


class OpenDictionary(Mapping[str, str]):
    """Base form by form, in one language; each is read out of the stream when it is asked for, with its neighbours."""

    def __init__(self, data: bytes, places: bytes) -> None:
        self._data = data
        self._places = places.split(b"\n")
        self._firsts = [place[: place.index(b"\t")] for place in self._places]
        self._near = lru_cache(maxsize=BLOCKS)(self._block)

    def get(self, key: str, default: object = None) -> str | None:  # type: ignore[override]
        """Without the exception of a mapping's `get`: most questions are about forms that are not there."""
        wanted = key.encode()
        number = bisect_right(self._firsts, wanted) - 1
        found = self._near(number).get(wanted) if number >= 0 else None
        return found.decode() if found is not None else None

    def _block(self, number: int) -> dict[bytes, bytes]:
        """The records from one place to the next."""
        _, offset, before, lemma_before = self._places[number].split(b"\t")
        records = frontcode._iter_records(self._data, int(offset), before, lemma_before)
        return {form: lemma for _, form, lemma in islice(records, EVERY)}

    def __getitem__(self, key: str) -> str:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        _, _, start = frontcode._read_header(self._data)
        return (form.decode() for _, form, _ in frontcode._iter_records(self._data, start))

    def __len__(self) -> int:
        return frontcode._read_header(self._data)[1]


class Dictionaries(DictionaryFactory):
    """Opened dictionaries by language. `folder` keeps the places between runs; None: for this one only."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._open: dict[str, OpenDictionary] = {}
        self._strategy = DefaultStrategy(dictionary_factory=self)

    def get_dictionary(self, lang: str) -> OpenDictionary:
        if lang not in self._open:
            self._open[lang] = self._opened(lang)
        return self._open[lang]

    def lemma(self, word: str, language: str) -> str:
        """The base form of a word in small letters, also of a compound that is not in the dictionary; else the word itself."""
        found = base_of(word, language, self.get_dictionary(language)) or self._strategy.get_lemma(word, language) or word
        return found.lower() if found.isalpha() else word

    def _opened(self, language: str) -> OpenDictionary:
        data = _read_decompressed(language)
        path = self._folder / f"{VERSION.replace(' ', '-')}.{language}.places" if self._folder else None
        places = read_kept(path) if path else None
        if not places:
            places = _places(data)
            if path:
                write_kept(path, places)
        return OpenDictionary(data, places)


def _places(data: bytes) -> bytes:
    """A line for every place: the first form that is read from there, the offset, and the record before, which it builds on."""
    is_reversed, _, start = frontcode._read_header(data)
    if is_reversed:
        raise ValueError("This dictionary is in the order of the forms' ends; only those in the order of their beginnings can be opened.")
    places = []
    before = lemma_before = b""
    for number, (offset, form, lemma) in enumerate(frontcode._iter_records(data, start)):
        if number % EVERY == 0:
            places.append(b"\t".join((form, str(offset).encode(), before, lemma_before)))
        before, lemma_before = form, lemma
    return b"\n".join(places)
