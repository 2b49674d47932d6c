"""The document with the tables, and how a benchmark puts its own into it."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def write_between(document: Path, begin: str, end: str, lines: Sequence[str]) -> None:
    """Put lines between two marks of a document. Refuses with ValueError when it has not both, the one before the other."""
    text = document.read_text(encoding="utf-8")
    head, found, rest = text.partition(begin)
    _, found_too, tail = rest.partition(end)
    if not (found and found_too):
        raise ValueError(f"{document} has no place for the tables: {begin}, and after it {end}, are missing.")
    document.write_text("\n".join([head + begin, *lines, end + tail]), encoding="utf-8")


def run_line(command: str) -> str:
    """What stands above a table: the command, the day, and the machine."""
    machine = f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}"
    return f"`{command}`, {datetime.now(UTC).date()}, {machine}."


def thousands(number: int) -> str:
    """A number as it is written in the tables: 10 000."""
    return f"{number:,}".replace(",", "\xa0")
