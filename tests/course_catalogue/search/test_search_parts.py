"""The parts of the search: folding, codes, base forms and what is kept of them, places, tables."""

from __future__ import annotations

import string
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simplemma import lemmatize

from course_catalogue.model import Catalogue
from course_catalogue.search import fold, index_of
from course_catalogue.search.compound import parts_of
from course_catalogue.search.dictionary import Dictionaries
from course_catalogue.search.lemma import KEPT, KeptLemmas
from course_catalogue.search.place import COSTS, read, written
from course_catalogue.search.query import asked_words
from course_catalogue.search.shard import LARGEST, entries, line_of, table_of

WORDS = st.text(string.ascii_lowercase[:4], min_size=1, max_size=8)


@pytest.fixture(scope="module")
def dictionaries() -> Dictionaries:
    return Dictionaries(KEPT)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Äidinkieli", "aidinkieli"),
        ("ÅÄÖ", "aao"),
        ("a\u0308iti", "aiti"),  # a letter and its dots apart
        ("Straße", "strasse"),
        ("Sámegiella čáŋŧđž", "samegiella cantdz"),
        ("sääʹmǩiõll", "saamkioll"),
        ("Søren", "soren"),
        ("Русский", "русскии"),
    ],
)
def test_letters_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=30))
def test_what_is_folded_stays(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("MAA07", ["maa7"]),
        ("maa-7 geometria", ["maa7", "geometria"]),
        ("MAA7.1, FY4", ["maa7", "fy4"]),
        ("MAA2-4", ["maa2", "maa4"]),
        ("S201", ["s201"]),
        ("ÄI 02", ["ai2"]),
        ("kurssi 2", ["kurssi", "2"]),
        ("3D-geometria", ["3d", "geometria"]),
        ("geometria, geometria", ["geometria"]),
        ("000", ["000"]),
    ],
)
def test_a_query_asks_for_these_words(query: str, words: list[str]) -> None:
    assert [one.spellings[0] for one in asked_words(query)] == words


def test_zeros_inside_a_code_may_be_left_out() -> None:
    """A subject may end in a digit: S2 with the number 01 is S21, and MAA with 10 stays MAA10."""
    assert [one.spellings for one in asked_words("S201 MAA10")] == [("s201", "s21"), ("maa10",)]


def test_an_opened_dictionary_says_what_the_package_says(dictionaries: Dictionaries) -> None:
    for language, words in (("fi", "kurssilla opiskelijoita vesi zzz"), ("sv", "kursernas böcker zzz"), ("en", "studies taught zzz")):
        for word in words.split():
            assert (dictionaries.get_dictionary(language).get(word) or word) == lemmatize(word, lang=language, low_memory=True)


def test_a_dictionary_is_the_same_with_and_without_its_kept_places(tmp_path: Path) -> None:
    for _ in range(2):  # the second time from the file
        opened = Dictionaries(tmp_path).get_dictionary("en")
        assert [opened.get(word) for word in ("studies", "a", "zzzz", "")] == ["study", "a", None, None]
    (tmp_path / "read-only").write_text("a file, where a folder should be")
    assert Dictionaries(tmp_path / "read-only").get_dictionary("en")["courses"] == "course"


@pytest.mark.parametrize(
    ("language", "word", "parts"),
    [
        ("fi", "talousmatematiikka", ("talous", "matematiikka")),
        ("fi", "ilmastonmuutos", ("ilmasto", "muutos")),
        ("fi", "työelämä", ("työ", "elämä")),
        ("fi", "ulkopolitiikka", ("politiikka",)),
        ("fi", "kirjallisuus", ()),
        ("fi", "lukiolainen", ()),
        ("sv", "litteraturhistoria", ("litteratur", "historia")),
        ("sv", "kyrkomusik", ("kyrka", "musik")),
        ("sv", "psykologi", ()),
        ("en", "homework", ()),
    ],
)
def test_a_compound_has_these_parts(dictionaries: Dictionaries, language: str, word: str, parts: tuple[str, ...]) -> None:
    assert parts_of(word, language, dictionaries.get_dictionary(language)) == parts


def test_base_forms_are_the_same_from_the_file_and_without_it(tmp_path: Path) -> None:
    words = ("talousmatematiikan", "kieliä", "lämmön", "xyzzy", "äö")
    first = KeptLemmas(tmp_path / "forms")
    found = [first.of(word, "fi") for word in words]
    first.keep()
    again = KeptLemmas(tmp_path / "forms")
    (tmp_path / "forms").unlink()
    assert [again.of(word, "fi") for word in words] == found == [KeptLemmas(None).of(word, "fi") for word in words]


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"simplemma 0.1, rules 1\nfi kurssin taulukko  "])
def test_a_damaged_or_older_file_of_base_forms_is_passed_over(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "forms").write_bytes(damage)
    assert KeptLemmas(tmp_path / "forms").of("kurssin", "fi").bases == ("kurssi",)


@given(st.dictionaries(st.integers(0, 5_000), st.integers(0, 35)))
def test_places_are_read_as_they_were_written(places: dict[int, int]) -> None:
    assert read(written(number * COSTS + cost for number, cost in places.items())) == places


def test_of_several_places_in_a_course_the_cheapest_counts() -> None:
    assert read(written([7 * COSTS + 20, 7 * COSTS + 3])) == {7: 3}


@settings(max_examples=50)
@given(st.dictionaries(WORDS, st.integers(1, LARGEST), max_size=60))
def test_a_table_holds_every_word_in_one_part_and_finds_it(sizes: Mapping[str, int]) -> None:
    lines = [(word, line_of(word, word, (), "x" * sizes[word])) for word in sorted(sizes)]
    table = table_of(lines)
    assert "\n".join(part for part in table.parts if part) == "\n".join(line for _, line in lines)
    assert all(one < other for one, other in pairwise(table.starts))
    for word in sizes:
        assert table.entry(word) is not None
        for length in range(len(word) + 1):
            assert table.part_of(word) in table.parts_from(word[:length])
    for part in table.parts:
        assert len(part) <= LARGEST or part.count("\n") == 0 or len({word[:1] for word in entries(part)}) == 1


def test_a_line_says_how_the_base_form_differs() -> None:
    line = line_of("aidinkielen", "äidinkielen", {"aidinkieli"}, "")
    assert line == "äidinkielen=2i"
    assert entries(line)["aidinkielen"].bases == ("aidinkieli",)


def test_an_index_is_the_same_whatever_was_kept(small: Catalogue, tmp_path: Path) -> None:
    kept = KeptLemmas(tmp_path / "forms")
    cold = index_of(small, lemmas=kept)
    kept.keep()
    for other in (index_of(small, lemmas=KeptLemmas(tmp_path / "forms")), index_of(small)):
        assert (other.courses, other.names, other.texts) == (cold.courses, cold.names, cold.texts)
