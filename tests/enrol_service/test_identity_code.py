"""Finnish personal identity codes in anything a person writes. All codes here are invented, most with numbers that are not given out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrol_service.identity_code import CHECK_CHARACTERS, has_identity_code

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
    ],
)
def test_what_is_no_code_is_left_alone(text: str) -> None:
    assert not has_identity_code(text)


@given(
    st.dates(), st.sampled_from(SIGNS), st.integers(2, 999), st.sampled_from(["", "x ", "hetu: ", "ä"]), st.sampled_from(["", ".", " ok"])
)
def test_any_code_is_found(day: object, sign: str, number: int, before: str, after: str) -> None:
    assert has_identity_code(before + code(day.day, day.month, day.year % 100, sign, number) + after)  # type: ignore[attr-defined]
