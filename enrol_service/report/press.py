"""Prints one PDF in a process of its own: JSON of the report on standard input, the file on standard output.

Typst keeps a quarter of a megabyte for each row until its process ends; the service is not to keep it. Nothing of ours is imported.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import typst

TEMPLATE = Path(__file__).with_name("pdf_file.typ")
# What Libertinus Serif draws in every weight: these are not tried out.
PLAIN = frozenset(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)])) | frozenset("\nŠšŽžǦǧǨǩǮǯ–—‘’“”•…€−")
INSTEAD = "\N{REPLACEMENT CHARACTER}"
NEVER = frozenset({"Cc", "Cs", "Co", "Cn"})  # control, half a pair, private, unassigned: no letters, whatever a font draws for them
TRIAL = b"""#set document(title: "-")
#set text(font: "Libertinus Serif", number-width: "tabular")
#for one in json(bytes(sys.inputs.texts)) [#par(one) #par(strong(one))]"""


def print_pdf(report: str) -> bytes:
    """The tagged PDF (PDF/UA-1) of a report. The letters are Typst's own, so that every host prints the same.

    PDF/UA-1 refuses a character that no font draws: INSTEAD stands for it, and the report's `lacking` says so.
    """
    fonts = typst.Fonts(include_system_fonts=False)
    given = json.loads(report)
    made_at = given["made_at"]
    texts = frozenset(_texts(given))
    shown = printable(fonts, texts)
    if not any(text != shown[text] for text in texts):
        given["lacking"] = ""
    try:
        return _compiled(fonts, TEMPLATE, {"report": json.dumps(_replaced(given, shown))}, made_at)
    except typst.TypstError:
        # A letter that is drawn alone and not in its place in the table: every doubtful one gives way, the report does not.
        return _compiled(fonts, TEMPLATE, {"report": json.dumps(_replaced(given, {text: _plain(text) for text in texts}))}, made_at)


def printable(fonts: typst.Fonts, texts: Iterable[str]) -> dict[str, str]:
    """Each text as it can be printed, INSTEAD for each character that no font draws."""
    doubtful = sorted({letter for text in texts for letter in text} - PLAIN)
    undrawn = {letter for letter in doubtful if unicodedata.category(letter) in NEVER}
    undrawn.update(_undrawn(fonts, [letter for letter in doubtful if letter not in undrawn]))
    shown = {text: "".join(INSTEAD if letter in undrawn else letter for letter in text) for text in texts}
    joined = [text for text in set(shown.values()) if not set(text) <= PLAIN | {INSTEAD}]
    broken = set(_undrawn(fonts, joined))  # signs that join letters, once the letters have given way
    return {text: _plain(now) if now in broken else now for text, now in shown.items()}


def _undrawn(fonts: typst.Fonts, texts: Sequence[str]) -> list[str]:
    """Those of the texts that cannot be printed: by halves, as most can be."""
    if not texts or _is_drawn(fonts, texts):
        return []
    if len(texts) == 1:
        return list(texts)
    half = len(texts) // 2
    return _undrawn(fonts, texts[:half]) + _undrawn(fonts, texts[half:])


def _is_drawn(fonts: typst.Fonts, texts: Sequence[str]) -> bool:
    try:
        _compiled(fonts, TRIAL, {"texts": json.dumps(texts)}, 0)
    except typst.TypstError:
        return False
    return True


def _plain(text: str) -> str:
    return "".join(letter if letter in PLAIN else INSTEAD for letter in text)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))


def _replaced(value: Any, shown: dict[str, str]) -> Any:
    if isinstance(value, str):
        return shown.get(value, value)
    if isinstance(value, list):
        return [_replaced(one, shown) for one in value]
    return {key: _replaced(one, shown) for key, one in value.items()} if isinstance(value, dict) else value


def _compiled(fonts: typst.Fonts, source: Any, inputs: dict[str, str], made_at: int) -> bytes:
    compiler = typst.Compiler(source, root=TEMPLATE.parent, font_paths=fonts, sys_inputs=inputs)
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=made_at)
    return made if isinstance(made, bytes) else b""


if __name__ == "__main__":
    sys.stdout.buffer.write(print_pdf(sys.stdin.buffer.read().decode("utf-8")))
