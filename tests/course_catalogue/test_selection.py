"""Inside one filter any value will do, every filter must hold, and the address holds the whole selection."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_catalogue.model import Catalogue
from course_catalogue.search_index import fold, index_of, query_terms
from course_catalogue.selection import Selection, month_of, select
from tests.course_catalogue.conftest import HELSINKI, NOW

FORCE, DERIVATIVE, HISTORY, TRIP = "fy4-voima-ja-liike", "maa6-derivaatta", "hi1-ihminen-ja-ymparisto", "yritysretki"
FYSIK, FEEDBACK = "fy1-fysik", "feedback-online"
ALL = [DERIVATIVE, FYSIK, FORCE, HISTORY, TRIP, FEEDBACK]


def found(small: Catalogue, query: str, now: datetime = NOW) -> list[str]:
    return [course.id.split("/")[1] for course in select(small, Selection.from_pairs(parse_qsl(query)), now)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ALL),
        ("subject=FY", [FYSIK, FORCE]),
        ("subject=FY&subject=HI", [FYSIK, FORCE, HISTORY]),
        ("subject=FY&school=strand", [FYSIK]),
        ("mode=independent&mode=virtual_class", [DERIVATIVE, HISTORY]),
        ("language=sv&language=en", [FYSIK, FEEDBACK]),
        ("credits=2", [FORCE, HISTORY, FEEDBACK]),
        ("credits=03", [DERIVATIVE]),
        ("level=lukio-aikuiset&level=opettajat", [FORCE, FEEDBACK]),
        ("month=nonstop", [DERIVATIVE]),
        ("month=2026-11", [FYSIK, FORCE]),
        ("month=2027-02", [FORCE]),
        ("open=1", [DERIVATIVE, FYSIK, FORCE, FEEDBACK]),
        ("open=1&month=2027-04", []),
        ("month=2027-04", [HISTORY]),
        ("open=1&month=2026-10", []),
        ("subject=XX", []),
        ("unknown=1&subject=", ALL),
        ("month=2026-13&credits=abc&open=yes", ALL),
    ],
)
def test_filters_choose_courses(query: str, names: list[str], small: Catalogue) -> None:
    assert found(small, query) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("voima", [FORCE]),
        ("VOIMA", [FORCE]),
        ("voi", [FORCE]),
        ("liikemaara", [FORCE]),
        ("derivaatan", [DERIVATIVE]),
        ("derivata", [DERIVATIVE]),
        ("derivates", [DERIVATIVE]),
        ("fysiik", [FYSIK, FORCE]),
        ("fysikka", [FYSIK, FORCE]),
        ("physics", [FYSIK, FORCE]),
        ("matematiikan", [DERIVATIVE]),
        ("strandgymnasiet", [FYSIK, FEEDBACK]),
        ("fysiikka kuusikon", [FORCE]),
        ("FY4", [FORCE]),
        ("fy 04", [FORCE]),
        ("FY-4", [FORCE]),
        ("FY40", []),
        ("FY", [FYSIK, FORCE]),
        ("kvanttimekaniikka", []),
        ("voima kvanttimekaniikka", []),
        ("!!!", ALL),
        ("metatarsus", []),
    ],
)
def test_a_text_finds_courses_by_words_codes_stems_and_slips(query: str, names: list[str], small: Catalogue) -> None:
    assert sorted(found(small, urlencode({"q": query}))) == sorted(names)


def test_the_better_fit_comes_first(small: Catalogue) -> None:
    assert found(small, "q=historia")[0] == HISTORY
    assert found(small, "q=fysik")[0] == FYSIK


def test_an_index_that_is_kept_gives_the_same(small: Catalogue) -> None:
    index = index_of(small)
    selection = Selection(text="fysiikka")
    assert select(small, selection, NOW, index) == select(small, selection, NOW)


def test_openness_follows_the_clock(small: Catalogue) -> None:
    assert HISTORY in found(small, "open=1", datetime(2027, 1, 11, 8, tzinfo=HELSINKI))


def test_a_choice_can_be_taken_away() -> None:
    selection = Selection.from_pairs(parse_qsl("q=voima&subject=FY&subject=HI&credits=2&open=1"))
    assert selection.without("subject", "FY").subjects == ("HI",)
    assert selection.without("credits", "2").credits == ()
    assert selection.without("q").text == ""
    assert not selection.without("open").open
    assert bool(selection)
    assert not Selection()


def test_months_are_those_of_the_offerings(small: Catalogue) -> None:
    assert [month_of(one) for one in small.courses["kuusikko/fy4-voima-ja-liike"].offerings] == ["2026-10", "2026-11", "2027-02"]
    assert month_of(small.courses["kuusikko/maa6-derivaatta"].offerings[0]) == "nonstop"


names = st.sampled_from(("q", "subject", "school", "mode", "language", "credits", "level", "month", "open", "x"))
values = st.text(max_size=8) | st.sampled_from(("FY", "2", "02", "2026-11", "nonstop", "1"))


@given(st.lists(st.tuples(names, values), max_size=8))
def test_any_address_is_read_and_written_back_to_the_same_selection(pairs: list[tuple[str, str]]) -> None:
    selection = Selection.from_pairs(pairs)
    assert Selection.from_pairs(selection.pairs()) == selection


@given(st.text(max_size=300))
def test_any_text_can_be_searched(small: Catalogue, text: str) -> None:
    select(small, Selection.from_pairs([("q", text)]), NOW)


@pytest.mark.parametrize(("text", "folded"), [("Ääkköset", "aakkoset"), ("ÅLAND", "aland"), ("Sámi", "sami"), ("MAA7", "maa7")])
def test_folding_takes_case_and_accents_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "terms"),
    [("MAA 07", ("maa7",)), ("maa-7 ja FY10", ("maa7", "fy10", "ja")), ("MAA7 MAA07", ("maa7",)), ("C++", ("c",)), ("", ())],
)
def test_codes_are_one_word_however_written(text: str, terms: tuple[str, ...]) -> None:
    assert query_terms(text) == terms
