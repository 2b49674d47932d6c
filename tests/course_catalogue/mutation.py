"""Ways to spoil a file at random, for the tests that hold for every input."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.course_catalogue.conftest import SMALL

PATHS = sorted(path.relative_to(SMALL).as_posix() for path in SMALL.rglob("*") if path.suffix in (".md", ".yaml", ".csv"))
PIECES = (
    *[
        ":",
        "-",
        "#",
        "&",
        "*",
        "!",
        "|",
        ">",
        "'",
        '"',
        "%",
        "@",
        "`",
        "{",
        "}",
        "[",
        "]",
        ",",
        "?",
        "~",
        "=",
        "\\",
        "/",
        "<",
        "(",
        ")",
        "$",
    ],
    *("\n", "\t", "\r\n", "---\n", "...\n", "- - -", "  ", ": ", " #", "<<: "),
    *("!!int ", "&a ", "*a", "{{", "{%", "![x](y)", "[x](//y)"),
    *("# huomautus\n", "null", "~", "no", "0x1F", "1e400", "٣", "ä", "å", "é", "\ufeff", "\u202e", "\x00", "\ud7ff", "𝔘", "</b>", "`"),
    *("fi: x\n", "title: x\n", "  id: x\n", "offerings:\n", "30.11.2026", "klo 16", "2026-02-30", "9" * 400, "[" * 30, "{a: " * 30),
)


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, str]:
    """A path and the text of a good file with up to six mistakes."""
    path = draw(st.sampled_from(PATHS))
    text = (SMALL / path).read_text(encoding="utf-8")
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        length = draw(st.sampled_from((0, 0, 1, 2, 7, 40)))
        text = text[:start] + draw(st.sampled_from(PIECES) | st.text(max_size=6)) + text[start + length :]
    return path, text
