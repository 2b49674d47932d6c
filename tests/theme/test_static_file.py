"""Static files have names that change with their bytes, and the colours can be read by everybody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from theme.static_file import SHORTER, STATIC, static_files

CSS = static_files()["tray.css"].content.decode()
HEX = re.compile(r"#[0-9a-f]{6}\b")

# foreground on background, least contrast (WCAG 2.2: 4.5 for text, 3 for edges of controls; our own 7 on the trays)
PAIRS = [
    ("ink", "paper", 7),
    ("ink", "wash", 7),
    ("ink2", "paper", 4.5),
    ("ink2", "wash", 4.5),
    ("edge", "paper", 3),
    ("edge", "wash", 3),
    ("on", "spruce", 7),
    ("on2", "spruce", 4.5),
    ("link", "paper", 4.5),
    ("link", "wash", 4.5),
    ("on-act", "act", 7),
    ("on-lakka", "lakka", 7),
    ("lakka", "spruce", 3),
    ("ok", "okbg", 4.5),
    ("wait", "waitbg", 4.5),
    ("bad", "badbg", 4.5),
    ("bad", "paper", 4.5),
    ("bad", "wash", 4.5),
    ("calm", "calmbg", 4.5),
    ("ink", "field", 7),
    ("ink", "waitbg", 7),
]


def tokens(scheme: str) -> dict[str, str]:
    written = (STATIC / "tray.css" / "01-tokens.css").read_text(encoding="utf-8")
    light = written[written.index(":root {") :]
    dark_at = light.index("@media")
    found = dict(re.findall(r"--([a-z0-9-]+): ([^;]+);", light[:dark_at]))
    if scheme == "dark":
        found |= dict(re.findall(r"--([a-z0-9-]+): ([^;]+);", light[dark_at:]))
    return found


def colour(name: str, scheme: str) -> str:
    value = tokens(scheme)[name]
    return colour(value[6:-1], scheme) if value.startswith("var(") else value


def luminance(value: str) -> float:
    parts = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_text_can_be_told_from_its_ground(front: str, back: str, least: float, scheme: str) -> None:
    assert contrast(colour(front, scheme), colour(back, scheme)) >= least


def test_the_measure_of_contrast_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_colours_are_named_once() -> None:
    """Raw colours stand among the tokens alone; the search field is white in both schemes, and paper is white in print."""
    parts = (part for part in STATIC.glob("*.css/*") if part.name not in ("01-tokens.css", "99-print.css"))
    rules = "\n".join(part.read_text(encoding="utf-8") for part in parts)
    assert set(HEX.findall(rules)) <= {"#ffffff", "#15201d", "#4b5a55"}


def test_the_published_name_holds_the_hash_of_the_content() -> None:
    file = static_files()["tray.css"]
    assert re.fullmatch(r"tray\.[0-9a-f]{10}\.css", file.published)
    assert file.address == f"/static/{file.published}"


def test_the_style_sheet_names_the_font_by_its_published_name() -> None:
    font = static_files()["tarjotin-sans.woff2"].published
    assert f'url("{font}")'.encode() in static_files()["tray.css"].content


def test_the_font_is_small_and_comes_with_its_licence() -> None:
    assert (STATIC / "tarjotin-sans.woff2").stat().st_size <= 24 * 1024
    licence = (STATIC / "tarjotin-sans-OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence


def test_nothing_is_fetched_from_elsewhere() -> None:
    for path in Path(STATIC).rglob("*.css"):
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        assert "@import" not in text
        assert not re.search(r"url\(\"?(?:https?:|//)", text)


def test_a_folder_is_one_file_in_parts() -> None:
    parts = sorted((STATIC / "tray.css").iterdir())
    assert len(parts) > 1
    # The first part names the font, by another name in the published file.
    places = [CSS.index(SHORTER[".css"](part.read_text(encoding="utf-8"))) for part in parts[1:]]
    assert places == sorted(places)


def test_a_style_sheet_is_published_without_its_remarks_and_with_all_its_rules() -> None:
    written = "\n".join(part.read_text(encoding="utf-8") for part in sorted((STATIC / "tray.css").iterdir()))
    assert "/*" in written
    assert "/*" not in CSS
    assert CSS.count("{") == re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL).count("{")


def test_a_script_is_published_without_its_remarks_and_with_all_its_strings() -> None:
    written = (STATIC / "list.js").read_text(encoding="utf-8")
    published = static_files()["list.js"].content.decode()
    assert "/*" in written
    assert "/*" not in published
    assert len(published) < 0.9 * len(written)
    assert set(re.findall(r'"[^"\n]*"', published)) >= set(re.findall(r'"[a-z -]+"', written))
