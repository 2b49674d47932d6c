"""Draws cards in a process of its own: one line of JSON in, one picture out, until its input ends.

Typst keeps threads, and what a process forks after it has used them waits for ever; the builder forks. One thread is
enough here, as every worker of the build has a press of its own. Nothing of ours is imported.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import typst

FOLDER = Path(__file__).resolve().parent
DRAWN, FAILED = b"+", b"-"  # what follows is a picture, or what Typst said


def main() -> None:
    """Answer each line by one sign, the length in four octets, and so many octets.

    The letters come from this folder, so that every host draws the same.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the builder; its end ends the input
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FOLDER])
    compiler = typst.Compiler(FOLDER / "card.typ", root=FOLDER, font_paths=fonts)
    for line in sys.stdin.buffer:
        try:
            drawn = compiler.compile(format="png", ppi=72.0, sys_inputs={"card": line.decode()})
            sign, answer = (DRAWN, drawn) if isinstance(drawn, bytes) else (FAILED, b"the words do not fit on one card")
        except typst.TypstError as error:
            sign, answer = FAILED, str(error).encode()
        sys.stdout.buffer.write(sign + len(answer).to_bytes(4, "big") + answer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
