"""Has cards drawn by a press that is started once in each process that draws, and ends with it."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from course_catalogue.colours import ON, mixed
from course_catalogue.model import Catalogue
from theme.network_style import MARK, static_files_in
from theme.static_file import static_files
from tray_site.files.card.card import Card
from tray_site.plan.planned import PlannedFile

FOLDER = Path(__file__).parent
PRESS = FOLDER / "press.py"
DRAWN = b"+"  # the first sign of an answer that is a picture


class CardNotDrawn(RuntimeError):
    """Typst refused a card, or its process ended."""


def drawn(card: Card) -> bytes:
    """The card as PNG, WIDTH by HEIGHT pixels. The same card gives the same bytes. Refuses with CardNotDrawn."""
    return _press(os.getpid()).draw(card)


class Press:
    """A running press."""

    def __init__(self) -> None:
        environment = {**os.environ, "RAYON_NUM_THREADS": "1"}
        command = [sys.executable, "-P", str(PRESS)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)  # noqa: S603

    def draw(self, card: Card) -> bytes:
        questions, answers = self._process.stdin, self._process.stdout
        if questions is None or answers is None or questions.closed:
            raise CardNotDrawn("The press is closed.")
        try:
            questions.write(json.dumps(_told(card)).encode() + b"\n")
            questions.flush()
        except BrokenPipeError:
            raise CardNotDrawn("The press has ended.") from None
        sign, length = answers.read(1), int.from_bytes(answers.read(4), "big")
        answer = answers.read(length)
        if sign != DRAWN or len(answer) != length:
            raise CardNotDrawn(f"{card.title}: {answer.decode(errors='replace') or 'the press has ended.'}")
        return answer

    def close(self) -> None:
        """End it, and wait for its end. Its input is closed by itself when a worker that was forked ends."""
        self._process.communicate()


@cache
def _press(_process_id: int) -> Press:
    """By process: what a forked worker has inherited is its parent's."""
    press = Press()
    atexit.register(_close, press, os.getpid())
    return press


def _close(press: Press, process_id: int) -> None:
    if os.getpid() == process_id:
        press.close()


def _told(card: Card) -> dict[str, object]:
    """What card.typ reads: the words, and the colours as theme/network_style.py mixes them."""
    colours = card.colours
    words: dict[str, object] = {"lang": card.language, "codes": card.codes, "title": card.title, "school": card.school}
    words |= {"facts": card.facts, "dates": card.dates, "name": card.name}
    words |= {"mark": static_files_in(colours)[MARK].content.decode()}
    words |= {"ground": colours.main, "rim": mixed(ON, colours.main, 0.22), "on": ON, "on2": mixed(ON, colours.main, 0.8)}
    return words


@cache
def card_engine() -> bytes:
    """The hash of all that a card is drawn with beside its own words: a picture stays as it is when other parts of ours change."""
    parts = [version("typst").encode(), static_files()[MARK].content]
    parts += [path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.is_file()]
    return blake2b(b"".join(blake2b(part).digest() for part in parts), digest_size=16).digest()


def print_card(_catalogue: Catalogue, planned: PlannedFile) -> bytes:
    card = planned.inputs["card"]
    assert isinstance(card, Card)  # noqa: S101 - as plan/machine_files.py plans it
    return drawn(card)
