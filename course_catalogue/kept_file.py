"""A file that only saves time: seen whole or not at all. A damaged one counts as absent, for it holds a hash of itself."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

HASH = 16  # bytes, before the content


def write_kept(path: Path, content: bytes) -> None:
    """Write a file that is seen only when it is whole. A folder that cannot be written is no error: then nothing is kept."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(_hash(content) + content)
        part.replace(path)


def read_kept(path: Path) -> bytes | None:
    """What was written; None when the file is absent or damaged."""
    try:
        found = path.read_bytes()
    except OSError:
        return None
    return found[HASH:] if found[:HASH] == _hash(found[HASH:]) else None


def _hash(content: bytes) -> bytes:
    return blake2b(content, digest_size=HASH).digest()
