"""Which modules follow each other."""

from __future__ import annotations

import pytest

from course_catalogue.model import Module, Text
from course_catalogue.module_series import series_of


def modules(subject: str, *codes: str) -> list[Module]:
    return [Module(code, Text("fi", {"fi": code}), subject, 2) for code in codes]


@pytest.mark.parametrize(
    ("listed", "code", "series"),
    [
        (modules("FY", "FY1", "FY2", "FY3"), "FY2", ("FY1", "FY2", "FY3")),
        (modules("FY", "FY1", "FY2", "FY10"), "FY10", ("FY1", "FY2", "FY10")),
        (modules("AI", "ÄI1", "ÄI2", "MO1", "MO2"), "MO2", ("MO1", "MO2")),
        (modules("MAA", "MAY1", "MAA2", "MAA3"), "MAA3", ("MAY1", "MAA2", "MAA3")),
        (modules("MAA", "MAY1", "MAA2", "MAA3"), "MAY1", ("MAY1", "MAA2", "MAA3")),
        (modules("UE", "UE1") + modules("UO", "UO1", "UO2"), "UE1", ("UE1",)),
        (modules("HI", "HI1", "HI3(aikuiset)"), "HI1", ("HI1", "HI3(aikuiset)")),
        (modules("AI", "S21", "S22", "SV21", "SV22"), "SV21", ("SV21", "SV22")),
    ],
)
def test_the_series_of_a_module(listed: list[Module], code: str, series: tuple[str, ...]) -> None:
    found = series_of(listed)
    assert found[code] == series
    assert set(found) == {one.code for one in listed}
