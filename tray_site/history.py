"""The history of the content's files as a reader wants to know it: on which day, and what changed. No names of people.

What git says is kept in the build's cache under the commit it was asked at, so that a build of the same commit asks
nothing, and what two versions of a file differ in is worked out once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from course_catalogue.commit import commit_of, shallow_beginnings
from course_catalogue.kept_file import read_kept, write_kept
from course_catalogue.model import OfferingId
from tray_site.course_change import Difference, Kind, differences
from tray_site.git_log import Version, blobs, versions

PER_FILE = 8  # the newest versions of a file that are looked into
SOURCES = ("history.py", "git_log.py", "course_change.py")  # what the answer depends on beside the repository


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a commit changed in a file. `run` is the offering it is about, "" when it is about the whole."""

    at: datetime
    what: Kind
    run: OfferingId = ""


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a file: its first day, and its newest changes, newest first.

    `changed_on` is the day of the last commit to the file, also when that changed nothing a reader sees.
    """

    first_on: date
    changed_on: date
    changes: tuple[Change, ...]


def histories(content: Path, *, zone: tzinfo = UTC, cache: Path | None = None) -> Mapping[str, History]:
    """The history of each file that git knows, by its path below `content`; days and moments are told in `zone`.

    Empty outside a repository. What is not committed has no history yet, and in a shallow clone a file has none from before
    the clone's first commit. `cache` is a folder in which the answer is kept.
    """
    commit = commit_of(content)
    if commit is None:
        return {}
    beginnings = shallow_beginnings(content)
    key = [commit, str(content.resolve()), _digest("".join(sorted(beginnings)).encode()), _own_digest()]
    kept = _read(cache / "histories.json") if cache else None
    if kept is None or kept.get("key") != key:
        known = _read(cache / "differences.json") if cache else None
        found = versions(content, PER_FILE, beginnings)
        by_pair = _differences(content, found, (known or {}).get(_own_digest(), {}))
        kept = {"key": key, "files": {path: _record(path, of_file, by_pair) for path, of_file in found.items()}}
        if cache and found:  # an answer that did not come in time is asked for again
            _write(cache / "differences.json", {_own_digest(): by_pair})
            _write(cache / "histories.json", kept)
    return {path: _history(record, zone) for path, record in kept["files"].items()}


_Pair = str  # of two blob ids
_Record = list[Any]  # [first seconds, last seconds, [[seconds, kind, run], …]]


def _differences(
    content: Path, found: Mapping[str, list[Version]], known: Mapping[_Pair, list[Difference]]
) -> dict[_Pair, list[Difference]]:
    """What the versions of course files differ in; asks git only for those that are not `known`."""
    pairs = {_pair(one): one for path, of_file in found.items() if _is_course(path) for one in of_file}
    missing = [(pair, one) for pair, one in pairs.items() if pair not in known]
    texts = blobs(content, (name for _, one in missing for name in (one.old, one.new) if name))
    told = {pair: list(known[pair]) for pair in pairs if pair in known}
    for pair, one in missing:
        old = next(texts) if one.old else None
        told[pair] = list(differences(old, next(texts)))
    return told


def _record(path: str, of_file: list[Version], by_pair: Mapping[_Pair, Iterable[Difference]]) -> _Record:
    changes = [[one.seconds, *difference] for one in of_file for difference in _of_version(path, one, by_pair)]
    return [of_file[-1].seconds, of_file[0].seconds, changes]


def _of_version(path: str, one: Version, by_pair: Mapping[_Pair, Iterable[Difference]]) -> Iterable[Difference]:
    if _is_course(path):
        return by_pair[_pair(one)]
    return (("other", ""),) if one.old else (("added", ""),)


def _is_course(path: str) -> bool:
    return path.startswith("courses/") and path.endswith(".md")


def _pair(one: Version) -> _Pair:
    return f"{one.old} {one.new}"


def _history(record: _Record, zone: tzinfo) -> History:
    first, last, changes = record
    told = tuple(Change(datetime.fromtimestamp(seconds, zone), what, run) for seconds, what, run in changes)
    return History(datetime.fromtimestamp(first, zone).date(), datetime.fromtimestamp(last, zone).date(), told)


def _read(path: Path) -> dict[str, Any] | None:
    """A file of the cache; None when there is none, or it is no longer whole."""
    kept = read_kept(path)
    return json.loads(kept) if kept else None


def _write(path: Path, content: Mapping[str, Any]) -> None:
    write_kept(path, json.dumps(content, separators=(",", ":")).encode())


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


@cache
def _own_digest() -> str:
    here = Path(__file__).parent
    return _digest(b"".join((here / name).read_bytes() for name in SOURCES))
