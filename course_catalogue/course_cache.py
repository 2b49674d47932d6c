"""Courses that an earlier run has read and found without a single problem, by the hash of all that decided it.

The hash holds the file's path and bytes, what the file may refer to, and the code that reads it.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from course_catalogue import model
from course_catalogue.code_hash import code_hash
from course_catalogue.known import Known
from course_catalogue.model import Course, Module, Source
from course_catalogue.record_file import RecordFile
from course_catalogue.yaml_tree import Position

Links = tuple[tuple[str, Position], ...]  # of a body to pages of the same site, as written, and where they stand

HERE = Path(__file__).resolve().parent
MODEL = {
    one.__name__: one for one in vars(model).values() if isinstance(one, type) and one.__module__ == model.__name__ and is_dataclass(one)
}
DAYS = {one.__name__: one for one in (date, datetime)}


class CourseCache:
    """Kept courses with the links of their texts. `known`, `modules` and `zone` are what course files are checked against."""

    def __init__(self, path: Path | None, known: Known, modules: Mapping[str, Module], zone: ZoneInfo) -> None:
        self._file = RecordFile(path)
        self._used: list[bytes] = []
        relations = {name: sorted(known.relations[name].ids) for name in ("subjects", "levels", "schools") if name in known.relations}
        against = (known.languages, relations, "modules" in known.relations and sorted(modules.items()), zone.key)
        self._base = blake2b(code_hash(HERE) + repr((yaml.__version__, against)).encode(), digest_size=16).digest()

    def __len__(self) -> int:
        return len(self._file)

    def key(self, path: str, raw: bytes) -> bytes:
        return blake2b(path.encode() + b"\0" + raw, key=self._base, digest_size=16).digest()

    def __contains__(self, key: bytes) -> bool:
        return self._file.get(key) is not None

    def get(self, key: bytes) -> tuple[Course, Links] | None:
        record = self._file.get(key)
        if record is None:
            return None
        self._used.append(key)
        return unpacked(record)

    def put(self, key: bytes, record: bytes) -> tuple[Course, Links]:
        """Keep what `packed` has made."""
        self._file.put(key, record)
        self._used.append(key)
        return unpacked(record)

    def save(self) -> None:
        self._file.save(len(self._used), lambda: self._used)


def with_hashes(course: Course, key: bytes) -> Course:
    """The course with the key of its file and the hash of its facts, by which a build tells it from what it was before."""
    facts = replace(course, body="", source=Source(""))
    return replace(course, hash=key, facts_hash=blake2b(repr(facts).encode(), digest_size=16).digest())


def packed(course: Course, links: Links) -> bytes:
    file = io.BytesIO()
    _Pickler(file, protocol=5).dump((course, links))
    return file.getvalue()


def unpacked(record: bytes) -> tuple[Course, Links]:
    found: tuple[Course, Links] = _Unpickler(io.BytesIO(record)).load()
    return found


class _Pickler(pickle.Pickler):
    """Things of the model as their class and fields, which is read faster than what a frozen dataclass does by itself."""

    def reducer_override(self, thing: Any) -> Any:
        if type(thing).__name__ in MODEL and type(thing).__module__ == model.__name__:
            return type(thing), tuple(getattr(thing, field.name) for field in fields(thing))
        return NotImplemented

    def persistent_id(self, thing: Any) -> str | None:
        return thing.key if isinstance(thing, ZoneInfo) else None


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        known = MODEL if module == model.__name__ else DAYS if module == "datetime" else {}
        if name not in known:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a course")
        return known[name]

    def persistent_load(self, key: Any) -> ZoneInfo:
        return ZoneInfo(key)
