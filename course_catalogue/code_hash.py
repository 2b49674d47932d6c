"""A hash of our own code: what was computed by other code counts as never computed."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import blake2b
from pathlib import Path


@cache
def code_hash(*folders: Path) -> bytes:
    """The hash of every file below the folders, and of the version of Python."""
    found = blake2b(sys.version.encode(), digest_size=16)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix != ".pyc" and path.is_file():
                content = path.read_bytes()
                found.update(f"{folder.name}/{path.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)
    return found.digest()
