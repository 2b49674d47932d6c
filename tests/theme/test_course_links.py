"""Codes in the words of a prerequisite, and the days of a course's past."""

from __future__ import annotations

import pytest

from theme.course_links import Piece, pieces

CODES = ("MAA2", "MAA3", "FY1", "FY3", "ÄI1", "ÄI10", "S21")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MAA2", ["MAA2"]),
        ("MAA2 ja MAA3", ["MAA2", "MAA3"]),
        ("FY1–FY3 tai vastaavat tiedot", ["FY1", "FY3"]),
        ("ÄI1, mielellään ÄI10.", ["ÄI1", "ÄI10"]),
        ("(MAA2)", ["MAA2"]),
        ("MAA9 ja MAA2", ["MAA2"]),
        ("MAA22, XMAA2, MAA2X ja maa2", []),
        ("FY1(aikuiset)", []),
        ("Vähintään neljä psykologian moduulia", []),
        ("", []),
    ],
)
def test_the_codes_of_modules_with_a_page_are_told_from_words(text: str, found: list[str]) -> None:
    told = pieces(text, CODES)
    assert [one.code for one in told if one.code] == found
    assert "".join(one.text for one in told) == text
    assert all(one.text for one in told)


def test_a_code_is_its_own_text() -> None:
    assert pieces("FY1 ja", CODES) == (Piece("FY1", "FY1"), Piece(" ja"))
