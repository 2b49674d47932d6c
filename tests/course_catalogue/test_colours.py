"""Which colours a network may choose: on them, and in them, every text can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_catalogue.colours import INK, LINK_CONTRAST, ON, PAPER, USUAL, Colours, contrast, link_on, mixed, tint, too_faint

colour = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),  # the well-known grey that just fails
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0d4a40", "#ffffff", 10.1),
        ("#15201d", "#ffb43a", 9.4),
        ("#ffb43a", "#0d4a40", 5.7),
    ],
)
def test_the_contrast_of_two_colours_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    ("main", "accent", "faint"),
    [
        ("#0d4a40", "#ffb43a", []),  # spruce and cloudberry
        ("#0b3d6b", "#ffd166", []),  # a blue school town
        ("#5b1a3a", "#ffc6d9", []),
        ("#3b2a6b", "#9be7c4", []),
        ("#000000", "#ffff00", []),
        ("#333333", "#ffb43a", []),
        ("#2f7d6d", "#ffe9c4", [("text", "main")]),  # 5.0 : 1
        ("#595959", "#ffffff", []),  # 7.0 : 1, the lightest grey there may be
        ("#5a5a5a", "#ffffff", [("text", "main")]),
        ("#0d4a40", "#e8892b", [("button", "accent")]),
        ("#0d4a40", "#c0392b", [("button", "accent"), ("accent", "accent")]),
        ("#0d4a40", "#0d4a40", [("button", "accent"), ("accent", "accent")]),
        ("#bfe3d8", "#ffb43a", [("text", "main"), ("link", "main"), ("accent", "accent")]),
        ("#ffffff", "#000000", [("text", "main"), ("link", "main"), ("button", "accent")]),
    ],
)
def test_a_pair_that_is_too_faint_is_named(main: str, accent: str, faint: list[tuple[str, str]]) -> None:
    assert [(one.pair, one.field) for one in too_faint(Colours(main, accent))] == faint


def test_the_usual_colours_are_right() -> None:
    assert list(too_faint(USUAL)) == []


@given(main=colour, accent=colour)
def test_what_is_made_of_colours_that_pass_can_be_read_in_both_schemes(main: str, accent: str) -> None:
    made = Colours(main, accent)
    for scheme, paper in PAPER.items():
        if scheme == "dark" or contrast(ON, main) >= LINK_CONTRAST:
            assert contrast(link_on(scheme, made), paper) >= LINK_CONTRAST
    if not list(too_faint(made)):
        assert contrast(mixed(ON, main, 0.8), main) >= 4.5  # the second text on a tray
        assert contrast(accent, main) >= 3
        assert contrast(INK, accent) >= 7


@given(main=colour)
def test_dark_text_can_be_read_on_a_button_in_the_dark_scheme(main: str) -> None:
    assert contrast("#0c1412", tint(main)) >= 7
