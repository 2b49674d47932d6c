"""What was meant is guessed where the guess is good, and not guessed where it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_catalogue import guess

SCHOOLS = ("jarvilukio", "kuusikko", "harju", "honkaniemi", "honkaniemi-aikuiset", "strand")
MODES = {"guided": {"fi": "ohjattu verkkokurssi", "sv": "handledd nätkurs"}, "independent": {"fi": "itsenäinen suoritus"}}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("7.12.2026", "2026-12-07"),
        ("07.12.2026", "2026-12-07"),
        ("7. 12. 2026", "2026-12-07"),
        ("7.12.26", "2026-12-07"),
        ("ma 7.12.2026", "2026-12-07"),
        ("maanantai 7.12.2026", "2026-12-07"),
        ("2026-12-7", "2026-12-07"),
        ("2026/12/07", "2026-12-07"),
        ("2026.12.7", "2026-12-07"),
        ("31.2.2026", None),
        ("7.12.", None),
        ("joulukuussa", None),
        ("", None),
    ],
)
def test_dates(text: str, meant: str | None) -> None:
    assert guess.date_text(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("9.30", "09:30"), ("klo 9.30", "09:30"), ("kl. 9", "09:00"), ("16", "16:00"), ("9:30", "09:30"), ("25.00", None), ("aamulla", None)],
)
def test_times(text: str, meant: str | None) -> None:
    assert guess.clock_of(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("7.12.2026 klo 9.30", "2026-12-07T09:30"),
        ("7.12.2026, 16", "2026-12-07T16:00"),
        ("2026-12-07 09:30", "2026-12-07T09:30"),
        ("2026-12-07T09:30:00Z", "2026-12-07T09:30"),
        ("7.12.2026", "2026-12-07T16:00"),
        ("7.12.2026 aamulla", None),
    ],
)
def test_dates_and_times(text: str, meant: str | None) -> None:
    assert guess.date_time_text(text, "16:00") == meant


@pytest.mark.parametrize(
    ("text", "meant"), [("30 paikkaa", "30"), ("2,0", "2"), ("1 000", "1000"), ("2,5", None), ("kaksi", None), ("9" * 60, None)]
)
def test_numbers(text: str, meant: str | None) -> None:
    assert guess.number_text(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("12,50", "12.50"), ("12,5 €", "12.50"), ("150 euroa", "150.00"), ("€ 5", "5.00"), ("12,-", "12.00"), ("1.234,50", None)],
)
def test_money(text: str, meant: str | None) -> None:
    assert guess.money_text(text) == meant


@pytest.mark.parametrize(("text", "meant"), [("kyllä", "true"), ("Yes", "true"), ("no", "false"), ("ei", "false"), ("ehkä", None)])
def test_yes_and_no(text: str, meant: str | None) -> None:
    assert guess.boolean_text(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("kuusiko", "kuusikko"),
        ("Kuusikko", "kuusikko"),
        ("kuuskiko", "kuusikko"),
        ("honkaniemi aikuiset", "honkaniemi-aikuiset"),
        ("aikuiset", "honkaniemi-aikuiset"),
        ("helsinki", None),
        ("x", None),
        ("", None),
    ],
)
def test_the_nearest_id(text: str, meant: str | None) -> None:
    assert guess.nearest(text, SCHOOLS) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ohjattu", "guided"),
        ("Ohjattu verkkokurssi", "guided"),
        ("handledd nätkurs", "guided"),
        ("itsenainen suoritus", "independent"),
        ("lähi", None),
    ],
)
def test_the_id_of_a_label(text: str, meant: str | None) -> None:
    assert guess.nearest(text, MODES, MODES) == meant


@pytest.mark.parametrize(("text", "meant"), [("MAA07", "MAA7"), ("maa 7", "MAA7"), ("MAA9", None)])
def test_a_code_with_another_digit_is_another_code(text: str, meant: str | None) -> None:
    assert guess.nearest(text, ("MAA7", "MAA8", "FY7")) == meant


@pytest.mark.parametrize(
    ("text", "meant"), [("Fysiikka 5: Jaksot!", "fysiikka-5-jaksot"), ("Äö å", "ao-a"), ("  ", ""), ("Šaamen", "saamen")]
)
def test_ids(text: str, meant: str) -> None:
    assert guess.id_text(text) == meant


@given(st.text(max_size=12), st.text(max_size=12))
def test_distance_is_even_handed(one: str, other: str) -> None:
    assert guess.distance(one, other, 99) == guess.distance(other, one, 99)
    assert (guess.distance(one, other, 99) == 0) == (one == other)


@pytest.mark.parametrize(("one", "other", "edits"), [("kalio", "kallio", 1), ("langauge", "language", 1), ("abc", "xyz", 2), ("", "ab", 2)])
def test_distance_counts_edits_up_to_the_limit(one: str, other: str, edits: int) -> None:
    assert guess.distance(one, other, 2) == edits


@given(st.text(max_size=40))
def test_no_text_upsets_a_guess(text: str) -> None:
    for guessed in (guess.date_text, guess.clock_of, guess.number_text, guess.money_text, guess.boolean_text, guess.id_text):
        guessed(text)
    guess.date_time_text(text, "08:00")
    guess.nearest(text, MODES, MODES)
