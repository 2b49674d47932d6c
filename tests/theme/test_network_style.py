"""A network's own colours on its pages: as tokens, in its mark and in the bar of a phone's browser."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from course_catalogue.colours import INK, ON, PAPER, USUAL, Colours
from course_catalogue.model import Catalogue
from theme.environment import environment
from theme.network_style import static_files_in, tokens
from theme.static_file import STATIC, static_files

OWN = Colours("#0b3d6b", "#ffd166")
TOKENS = (STATIC / "tray.css" / "01-tokens.css").read_text(encoding="utf-8")
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")


def value(css: str, token: str) -> str:
    found = re.search(rf"--{token}:\s*([^;}}]+)", css)
    assert found is not None, token
    return found[1]


@pytest.mark.parametrize(
    ("css", "token", "expected"),
    [
        (LIGHT, "spruce", USUAL.main),
        (LIGHT, "lakka", USUAL.accent),
        (LIGHT, "on", ON),
        (LIGHT, "on-lakka", INK),
        (LIGHT, "paper", PAPER["light"]),
        (DARK, "paper", PAPER["dark"]),
    ],
)
def test_the_style_sheet_and_the_check_speak_of_the_same_colours(css: str, token: str, expected: str) -> None:
    assert value(css, token) == expected


def test_every_token_of_a_network_is_one_of_the_style_sheet() -> None:
    light, dark = tokens(OWN).split("@media")
    for css, usual in ((light, LIGHT), (dark, DARK)):
        for token in re.findall(r"--([a-z0-9]+):", css):
            assert value(usual, token)


def test_a_network_without_colours_has_no_file_of_its_own() -> None:
    assert static_files_in(USUAL) is static_files()


def test_a_network_with_colours_has_them_as_tokens_and_in_its_mark(catalogue: Catalogue) -> None:
    own = replace(catalogue, network=replace(catalogue.network, colours=OWN))
    files = static_files_in(OWN)
    assert value(files["colours.css"].content.decode(), "spruce") == OWN.main
    assert OWN.main in files["mark.svg"].content.decode()
    assert USUAL.main not in files["mark.svg"].content.decode()
    assert files["tray.css"] is static_files()["tray.css"]
    html = (
        environment("fi", own)
        .get_template("404.html")
        .render(alternates={"fi": "/404.html"}, nav_current="", page_address="/404.html", structured=None, page_title="")
    )
    assert f'<meta name="theme-color" content="{OWN.main}">' in html
    assert html.index(files["tray.css"].address) < html.index(files["colours.css"].address)
    assert files["mark.svg"].address in html


def test_other_networks_pages_name_no_further_style_sheet(catalogue: Catalogue) -> None:
    assert environment("fi", catalogue).globals["own_colours"] is False
