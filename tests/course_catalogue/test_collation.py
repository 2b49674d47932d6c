"""Names go in Finnish order, in Python and in the browser alike."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from course_catalogue.catalogue import load
from course_catalogue.collation import QUOTES, SIGNS, sort_key
from tests.browser import chromium

SAMPLE = Path(__file__).resolve().parent.parent.parent / "content"

# Each table in its order.
ORDERED = (
    ("Aamu", "ääni", "Öljy"),
    ("Zulu", "Åland", "Äidinkieli", "Öljy"),
    ("ÄI1", "ÄI2", "ÄI10", "ÄI11"),
    ("MAA2", "MAA2.1", "MAA10", "MAB1"),
    ("2", "10", "a"),
    ("saari", "Sámi", "samovar"),
    ("Übersetzung", "Yrjö"),  # ü is y to a Finnish reader
    ("kahvi & tee", "kahvi ja tee", "kahvila"),
    ("v", "w", "x"),
    ("C", "C#", "Ca"),
)
EQUAL = (("äidinkieli", "ÄIDINKIELI"), ("ÄI02", "äi2"), ("Sámi", "sami"), ("é", "E"), ("soft\u00adhyphen", "softhyphen"))
NASTY = (
    *(word for table in ORDERED for word in table),
    *(word for pair in EQUAL for word in pair),
    *SIGNS,
    *QUOTES,
    *"abzåäöÅÄÖüæøđŋŧßœłšžéèáčñðþ1290 \u00a0\u2009\u00ad",
    *("", "a b", "a-b", "ab", "x 1", "x01", "x1", "C++", "S2: Kieli", "S22 S23", "1–2 (B3)", "é2", "e10", "0", "00", "007"),
)


@pytest.mark.parametrize("table", ORDERED)
def test_a_table_stands_in_its_order(table: tuple[str, ...]) -> None:
    assert tuple(sorted(reversed(table), key=sort_key)) == table


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_case_accents_and_leading_zeros_make_no_difference(one: str, other: str) -> None:
    assert sort_key(one) == sort_key(other)


@pytest.mark.browser
def test_the_browser_orders_alike() -> None:
    """Every pair of a nasty table, of all titles and of all codes of the sample network."""
    catalogue = load(SAMPLE)
    titles = [text for course in catalogue.published() for text in course.title.by_language.values()]
    names = [school.name.to("fi") for school in catalogue.schools.values()]
    texts = list(dict.fromkeys([*NASTY, *titles, *names, *catalogue.modules]))
    script = """(texts) => {
        const { compare } = new Intl.Collator("fi", { numeric: true, sensitivity: "base" });
        return texts.flatMap((one, place) => texts.slice(place + 1).map((other) => Math.sign(compare(one, other))));
    }"""
    with chromium() as browser:
        found = browser.new_page().evaluate(script, texts)
    keys = {text: sort_key(text) for text in texts}
    wrong = [
        (one, other)
        for (one, other), sign in zip(combinations(texts, 2), found, strict=True)
        if (keys[one] > keys[other]) - (keys[one] < keys[other]) != sign
    ]
    assert wrong == []
