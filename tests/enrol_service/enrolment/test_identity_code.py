"""Finnish personal identity codes in anything a person writes. All codes here are invented, most with numbers that are not given out."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrol_service.enrolment.identity_code import CHECK_CHARACTERS, has_identity_code

SIGNS = "+-YXWVUABCDEF"


def code(day: int, month: int, year: int, sign: str, number: int) -> str:
    digits = f"{day:02}{month:02}{year:02}"
    return f"{digits}{sign}{number:03}{CHECK_CHARACTERS[int(f'{digits}{number:03}') % 31]}"


@pytest.mark.parametrize("sign", SIGNS)
def test_every_century_sign_is_known(sign: str) -> None:
    assert has_identity_code(code(13, 10, 52, sign, 908))


@pytest.mark.parametrize(
    "text",
    [
        "131052-308T",
        "Hetuni on 131052-308T, kiitos",
        "131052-308t",
        "(131052-308T)",
        "131052–308T",  # en dash
        "131052−308T",  # minus
        "131052 -308T",
        "131052- 308T",
        "１３１０５２-３０８Ｔ",  # full-width
        "hetu:131052-308T.",
        "131052308T",  # without its sign
        "hetu 131052308t.",
        "131052 308T",
        "131052-308Tja",
        "131052-308Tja131052-308U",
        "131052 - 308 T",
        "13 10 52-308T",
        "13.10.52-308T",
        "131 052-308T",
        "1 3 1 0 5 2 - 3 0 8 T",
        "131052\u200b-308T",
        "1\u200d3\u00ad1052-30\ufeff8T",
        "131052-3\ufe0f08T",
        "131052\n-308T",
        "131052\u00a0-308T",
    ],
)
def test_a_code_is_found_however_it_is_written(text: str) -> None:
    assert has_identity_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "131052-308U",  # not its check character
        "331052-308T",  # no such day
        "131352-308T",
        "1.2.246.562.24.12345678901",  # learner id
        "040 123 4567",
        "9131052-308T",  # part of a longer number
        "24B",
        "7.12.2026–5.2.2027",
        "FY4-FY5",
        "300252-3080",  # no such day in any century
        "0401234567",
        "050 123-4567",
        "+358 40 123 4567",
        "131052-30.8T",
        "1310523081",
        "131052308Tja",
        "131052308T9",
        "30.11.26-05.02.27",
        "klo 12.15-13.45",
        "2026-11-30 - 2027-02-05",
        "Kurssi MAA6, 2 op, 7.12.2026 alkaen",
        "24B 12.10.52",
    ],
)
def test_what_is_no_code_is_left_alone(text: str) -> None:
    assert not has_identity_code(text)


@given(
    st.dates(), st.sampled_from(SIGNS), st.integers(2, 999), st.sampled_from(["", "x ", "hetu: ", "ä"]), st.sampled_from(["", ".", " ok"])
)
def test_any_code_is_found(day: object, sign: str, number: int, before: str, after: str) -> None:
    assert has_identity_code(before + code(day.day, day.month, day.year % 100, sign, number) + after)  # type: ignore[attr-defined]


@given(st.from_regex(r"(\+358 ?|0)(4[0-9]|50)( [0-9]{3}[ -]?| ?[0-9]{3} ?)[0-9]{4}", fullmatch=True))
def test_a_telephone_number_is_no_code(number: str) -> None:
    assert not has_identity_code(number)


@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.sampled_from(["-", "–", " - ", " – "]),
)
def test_a_span_of_days_is_no_code(first: date, last: date, dash: str) -> None:
    for shape in ("{0.day}.{0.month}.{0.year}", "{0:%d.%m.%Y}", "{0:%d.%m.%y}", "{0:%Y-%m-%d}", "{0.day}.{0.month}."):
        assert not has_identity_code(shape.format(first) + dash + shape.format(last))
