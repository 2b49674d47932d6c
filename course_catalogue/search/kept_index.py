"""The index of an earlier build, into which the courses are put that have changed since. It only saves time."""

from __future__ import annotations

import marshal
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from course_catalogue.code_hash import code_hash
from course_catalogue.kept_file import read_kept, write_kept
from course_catalogue.model import Catalogue, Course
from course_catalogue.search.gathered import Ways
from course_catalogue.search.lemma import HEAD
from course_catalogue.search.stand import Standing, Stands

CODE = Path(__file__).resolve().parents[1]  # the search asks other modules for the order of courses
HASH = 16  # bytes


@dataclass(frozen=True, slots=True)
class KeptIndex:
    """What an index is made of: the hash of all that courses share, each course's id and hash, where words stand and lead to, the lines."""

    shared: bytes
    courses: Mapping[str, bytes]  # in the order of the index
    standing: Standing
    ways: Ways
    names: Mapping[str, str]
    texts: Mapping[str, str]

    def changed(self, courses: Mapping[str, bytes], most: int) -> list[int] | None:
        """The numbers of the courses whose hash is another; None when they are more than `most`, or others, or in another order."""
        if list(courses) != list(self.courses):
            return None
        found = [number for number, (one, other) in enumerate(zip(courses.values(), self.courses.values(), strict=True)) if one != other]
        return found if len(found) <= most else None


def shared_hash(catalogue: Catalogue) -> bytes:
    """The hash of all that an index depends on beside its courses: names, synonyms, our code and the dictionaries."""
    shared = (HEAD, catalogue.subjects, catalogue.modules, catalogue.schools, catalogue.synonyms)
    return blake2b(repr(shared).encode(), key=code_hash(CODE), digest_size=HASH).digest()


def course_hash(course: Course) -> bytes:
    """The hash of all that an index takes from a course."""
    names = (course.title, course.summary, course.keywords, course.modules, course.teacher, course.language)
    fields = repr((names, course.subject_id, course.school_id)).encode()
    return blake2b(fields + b"\0" + course.body.encode(), digest_size=HASH).digest()


def read_kept_index(path: Path, shared: bytes) -> KeptIndex | None:
    """What `write_kept_index` wrote for the same `shared`; None when it is absent, damaged or for another."""
    content = memoryview(read_kept(path) or b"")
    if content[:HASH] != shared:
        return None
    courses, names, texts, *others = marshal.loads(content[HASH:])  # noqa: S302 - it is what we wrote, by the hash it was kept with
    return KeptIndex(shared, courses, Standing(_unpacked(names), _unpacked(texts)), *others)


def write_kept_index(path: Path, index: KeptIndex) -> None:
    packed = marshal.dumps((dict(index.courses), *map(_packed, index.standing.both), index.ways, dict(index.names), dict(index.texts)))
    write_kept(path, index.shared + packed)


def _packed(stands: Stands) -> dict[str, dict[str, bytes]]:
    return {language: {word: places.tobytes() for word, places in words.items()} for language, words in stands.items()}


def _unpacked(packed: Mapping[str, Mapping[str, bytes]]) -> Stands:
    return {language: {word: array("I", places) for word, places in words.items()} for language, words in packed.items()}
