"""Values by key in one file that grows by what is new: a change writes itself, and not all the others again.

Every record holds a hash of itself: a damaged one counts as absent, and so does all that follows a half written one.
"""

from __future__ import annotations

import mmap
import os
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

HEAD = struct.Struct("<HI16s")  # length of the key, length of the value, hash of both
SPARE = 100  # unwanted records that are never worth cleaning away


class RecordFile:
    """The records of a file; without one, of this process alone. `get` hears of a `put` at once, the file with `save`."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._old = _mapped(path) if path else b""
        self._places: dict[bytes, tuple[int, int]] = {}  # where a record and its value begin
        self._whole = 0  # bytes up to the first record that has no end
        for key, start, value in _records(self._old):
            self._places[key] = (start, value)
            self._whole = value + HEAD.unpack_from(self._old, start)[1]
        self._new: dict[bytes, bytes] = {}

    def __len__(self) -> int:
        return len(self._places)

    def get(self, key: bytes) -> bytes | None:
        if key in self._new or key not in self._places:
            return self._new.get(key)
        start, place = self._places[key]
        _, length, known = HEAD.unpack_from(self._old, start)
        value = self._old[place : place + length]
        return value if known == _hash(key, value) else None

    def put(self, key: bytes, value: bytes) -> None:
        self._new[key] = value

    def save(self, count: int, wanted: Callable[[], Iterable[bytes]]) -> bool:
        """Add what is new to the file. True when the file was written anew instead, with the `wanted` records alone; they are `count`.

        That is done when it is damaged, and when it holds more than twice as much as is wanted: until then what another build
        has kept, of another branch or day, stays.
        """
        if self._path is None:
            return False
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._whole == len(self._old) and len(self._places) <= 2 * count + SPARE:
            if self._new:
                with self._path.open("ab") as file:
                    file.writelines(_record(key, value) for key, value in self._new.items())
            return False
        with tempfile.NamedTemporaryFile(dir=self._path.parent, prefix=f".{self._path.name}-", delete=False) as whole:
            whole.writelines(_record(key, value) for key in wanted() if (value := self.get(key)) is not None)
        os.replace(whole.name, self._path)
        return True


def _mapped(path: Path) -> mmap.mmap | bytes:
    with suppress(OSError, ValueError), path.open("rb") as file:  # ValueError: an empty file cannot be mapped
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return b""


def _records(old: mmap.mmap | bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each record's key, its start and its value's start."""
    start = 0
    while start + HEAD.size <= len(old):
        key_length, length, _ = HEAD.unpack_from(old, start)
        value = start + HEAD.size + key_length
        if value + length > len(old):
            return
        yield old[start + HEAD.size : value], start, value
        start = value + length


def _record(key: bytes, value: bytes) -> bytes:
    return HEAD.pack(len(key), len(value), _hash(key, value)) + key + value


def _hash(key: bytes, value: bytes) -> bytes:
    return blake2b(value, key=key[:64], digest_size=16).digest()
