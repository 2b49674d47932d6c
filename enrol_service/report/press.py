"""Prints one PDF in a process of its own: JSON of the report on standard input, the file on standard output.

Typst keeps a quarter of a megabyte for each row until its process ends; the service is not to keep it. Nothing of ours is imported.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import typst

TEMPLATE = Path(__file__).with_name("pdf_file.typ")


def print_pdf(report: str) -> bytes:
    """The tagged PDF (PDF/UA-1) of a report. The letters are Typst's own, so that every host prints the same."""
    fonts = typst.Fonts(include_system_fonts=False)
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts, sys_inputs={"report": report})
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=json.loads(report)["made_at"])
    return made if isinstance(made, bytes) else b""


if __name__ == "__main__":
    sys.stdout.buffer.write(print_pdf(sys.stdin.buffer.read().decode("utf-8")))
