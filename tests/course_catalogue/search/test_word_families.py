"""How often a word finds what it should, and how seldom what it should not, over word families written by hand.

The limits are those of the design. What is measured is printed with `-s`.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from course_catalogue.search import SearchIndex, ranked
from course_catalogue.search.gathered import gathered, lines_of
from course_catalogue.search.lead import Leads
from course_catalogue.search.lemma import kept_lemmas
from course_catalogue.search.place import COSTS
from course_catalogue.search.shard import table_of
from course_catalogue.search.stand import Stands, words_in
from course_catalogue.search.term import Word

FIXTURE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("word_families.yaml").read_text(encoding="utf-8"))
FAMILIES = [(language, tuple(line.split())) for language, lines in FIXTURE["families"].items() for line in lines]
COMPOUNDS = [(language, *line.split()) for language, lines in FIXTURE["compounds"].items() for line in lines]


def index_of_words(words: Iterable[Word]) -> SearchIndex:
    """An index of courses whose title is one word each, numbered in the order of the words."""
    stands: Stands = {}
    for number, (language, word) in enumerate(words):
        stands.setdefault(language, {}).setdefault(word, array("I")).append(number * COSTS)
    lemmas = kept_lemmas()
    lines = lines_of(gathered(words_in(stands), Leads(lemmas, {}), {}), stands, common=10_000, everywhere="")
    lemmas.keep()
    return SearchIndex((), table_of(sorted(lines.items())), table_of(()))


def is_kin(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two families have a word in common, as kieli and äidinkieli, or come from one, as kirja and kirjoitus."""
    return any(a in b or b in a or a[:5] == b[:5] for a in one for b in other)


def told(what: str, good: int, of: int) -> float:
    print(f"\n{what}: {good} of {of}, {100 * good / of:.1f} %")
    return good / of


def test_any_form_finds_any_other_form_of_its_word_and_no_other_word() -> None:
    words = [(language, form) for language, forms in FAMILIES for form in forms]
    family = [number for number, (_, forms) in enumerate(FAMILIES) for _ in forms]
    kin = {(a, b) for a, (_, one) in enumerate(FAMILIES) for b, (_, other) in enumerate(FAMILIES) if is_kin(one, other)}
    index = index_of_words(words)
    good = pairs = wrong = unrelated = 0
    for asked, (language, form) in enumerate(words):
        found = ranked(index, form) or {}
        for number, (other_language, other) in enumerate(words):
            if family[number] == family[asked] and other != form:
                pairs += 1
                good += number in found
            elif other_language == language and (family[asked], family[number]) not in kin:
                unrelated += 1
                wrong += number in found
    assert told("inflection", good, pairs) >= 0.95
    print(f"unrelated words found: {wrong} of {unrelated}")
    assert wrong / unrelated <= 0.1 / 1000


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_form_that_no_text_has_finds_the_base_form(language: str) -> None:
    families = [forms for one, forms in FAMILIES if one == language]
    index = index_of_words((language, forms[0]) for forms in families)
    asked = [(number, form) for number, forms in enumerate(families) for form in forms[1:]]
    good = sum(number in (ranked(index, form) or {}) for number, form in asked)
    assert told(f"unseen forms, {language}", good, len(asked)) >= 0.95


def test_a_part_finds_its_compounds() -> None:
    good = count = 0
    for language, part, *compounds in COMPOUNDS:
        found = ranked(index_of_words((language, compound) for compound in compounds), part) or {}
        good += len(found)
        count += len(compounds)
    assert told("compounds", good, count) >= 0.95


def test_a_mistyped_word_finds_the_word_meant() -> None:
    words = [(language, form) for language, forms in FAMILIES for form in forms]
    index = index_of_words(words)
    numbers = {form: number for number, (_, form) in enumerate(words)}
    typos = [line.split() for line in FIXTURE["typos"]]
    good = sum(numbers[meant] in (ranked(index, typed) or {}) for typed, meant in typos)
    assert told("typos", good, len(typos)) >= 0.80
