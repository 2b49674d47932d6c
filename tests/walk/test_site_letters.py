"""The letters of names and places are in our own font: one from another font in the middle of a name looks like a mistake."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from theme.static_file import static_files

pytestmark = pytest.mark.browser

# Finnish and Swedish; loan letters; Northern and Inari Sámi; digits, money and punctuation.
LETTERS = "abcdefghijklmnopqrstuvwxyzåäöéüšž" + "áčđŋšŧžâ" + "0123456789€%–—…→×·”’„()/−"
# A character of a font has the same width whatever stands behind the font in the list.
MISSING = """async ([address, letters]) => {
    document.fonts.add(await new FontFace("ours", `url(${address})`, {weight: "400 700"}).load());
    const paper = document.createElement("canvas").getContext("2d");
    const width = (letter, behind) => { paper.font = `400 40px ours, ${behind}`; return paper.measureText(letter).width; };
    return [...letters].filter(letter => Math.abs(width(letter, "monospace") - width(letter, "serif")) > 0.01);
}"""


def missing(browser: Browser, host: str, letters: str) -> list[str]:
    page = browser.new_page()
    page.goto(f"{host}/404.html")
    found: list[str] = page.evaluate(MISSING, [static_files()["tarjotin-sans.woff2"].address, letters])
    page.close()
    return found


def test_every_letter_of_our_languages_is_in_the_font(browser: Browser, host: str) -> None:
    assert missing(browser, host, LETTERS + LETTERS.upper()) == []


def test_a_letter_that_is_not_in_the_font_is_noticed(browser: Browser, host: str) -> None:
    """So that silence above means something."""
    assert missing(browser, host, "aЖ") == ["Ж"]
