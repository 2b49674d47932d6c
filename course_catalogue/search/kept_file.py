"""A file that only saves time: kept whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_kept(path: Path, content: bytes) -> None:
    """Write a file that is seen only when it is whole. A folder that cannot be written is no error: then nothing is kept."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
