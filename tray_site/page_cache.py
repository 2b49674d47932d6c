"""Printed files kept between builds, named by their key, and a list with what is known of each.

A file is kept in all the forms in which it is published: as it is, and packed in some ways (`page`, `page.br`).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from course_catalogue.record_file import RecordFile

LIST = "list.records"
STAMP = struct.Struct("<QQ16s")  # size in bytes, time of the last change in ns, hash of the bytes


class PageCache:
    """A folder of files by key. A file that is not as it was kept, or not on the list, counts as absent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self._list = RecordFile(folder / LIST)

    def place(self, key: str, target: Path, forms: Sequence[str]) -> bytes | None:
        """Put a file in all its forms at `target`, and return what is known of it; None when it is not kept.

        Linked rather than copied where the file system allows it: writing a thousand files is the slowest part of a
        build. Whoever edits a published file in place changes the kept one too; its time of change then tells.
        """
        record = self._list.get(key.encode())
        if record is None or record[0] < len(forms):
            return None
        stamps = [record[start : start + STAMP.size] for start in range(1, record[0] * STAMP.size, STAMP.size)]
        known = record[1 + len(stamps) * STAMP.size :]
        try:
            found = [_still(self.folder / (key + form), stamp) for form, stamp in zip(forms, stamps, strict=False)]
            if None in found:
                return None
            for form in forms:
                link_or_copy(self.folder / (key + form), target.with_name(target.name + form))
        except OSError:
            for form in forms:
                target.with_name(target.name + form).unlink(missing_ok=True)
            return None
        if found != stamps[: len(forms)]:  # brought from elsewhere: the same bytes, another time
            self.remember(key, b"".join(stamp for stamp in found if stamp), known)
        return known

    def keep(self, key: str, printed: Path, forms: Sequence[str]) -> bytes:
        """Keep a printed file in all its forms; their stamps, with which `remember` puts it on the list."""
        stamps = b""
        for form in forms:
            found = printed.with_name(printed.name + form)
            self._put(found, self.folder / (key + form))
            stamps += _stamp(found)
        return stamps

    @staticmethod
    def _put(printed: Path, kept: Path) -> None:
        """In one step: another build may keep and place the same file at the same time. Under one key lie the same bytes."""
        fresh = kept.with_name(f"{kept.name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)
        link_or_copy(printed, fresh)
        fresh.replace(kept)
        fresh.unlink(missing_ok=True)  # still there when both were names of one file

    def remember(self, key: str, stamps: bytes, known: bytes) -> None:
        self._list.put(key.encode(), bytes([len(stamps) // STAMP.size]) + stamps + known)

    def save(self, used: Mapping[str, Sequence[str]]) -> None:
        """Write the list. What no build has used for long is dropped once it outweighs what this one has `used`, with their forms."""
        if not self._list.save(len(used), lambda: (key.encode() for key in used)):
            return
        wanted = {LIST, *(key + form for key, forms in used.items() for form in forms)}
        for name in os.listdir(self.folder):
            if name not in wanted:
                (self.folder / name).unlink(missing_ok=True)


def _stamp(path: Path) -> bytes:
    found = os.stat(path)
    return STAMP.pack(found.st_size, found.st_mtime_ns, blake2b(path.read_bytes(), digest_size=16).digest())


def _still(path: Path, stamp: bytes) -> bytes | None:
    """The stamp of a file that is as it was: the same one, or one with another time when only that has changed. Else None."""
    found = os.stat(path)
    size, changed_at, _ = STAMP.unpack(stamp)
    if (found.st_size, found.st_mtime_ns) == (size, changed_at):
        return stamp
    now = _stamp(path)
    return now if now[16:] == stamp[16:] else None


def link_or_copy(path: Path, target: Path) -> None:
    """Give a file a second name, or write a copy where a link is not possible."""
    try:
        os.link(path, target)
    except FileExistsError:
        raise
    except FileNotFoundError:
        if not path.exists():
            raise
        target.parent.mkdir(parents=True, exist_ok=True)
        link_or_copy(path, target)
    except OSError:
        target.write_bytes(path.read_bytes())
