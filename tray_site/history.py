"""The history of the content's files as a reader wants to know it: on which day, and what changed. No names of people.

What git says is kept in the build's cache under the commit it was asked at, so that a build of the same commit asks
nothing, and what two versions of a file differ in is worked out once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from hashlib import blake2b
from pathlib import Path
from typing import Any

import yaml

from course_catalogue.code_hash import code_hash
from course_catalogue.commit import commit_of, shallow_beginnings
from course_catalogue.kept_file import read_kept, write_kept
from course_catalogue.model import OfferingId
from tray_site.course_change import Difference, Kind, differences
from tray_site.git_log import NoAnswer, Version, blobs, versions

PER_FILE = 8  # the newest versions of a file that are looked into
HERE = Path(__file__).resolve().parent
CODE = (HERE, HERE.parent / "course_catalogue")  # what an answer depends on beside the repository


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


class Histories(dict[str, History]):
    """The history of each file, by its path below the content. `whole`: git has answered all that it was asked."""

    whole = True


def histories(content: Path, *, now: datetime | None = None, zone: tzinfo = UTC, cache: Path | None = None) -> Histories:
    """The history of each file that git knows, up to `now`; days and moments are told in `zone`.

    A commit of a clock that is ahead is told once its moment has come. Without `now` all are told.

    Empty outside a repository. What is not committed has no history yet, and in a shallow clone a file has none from before
    the clone's first commit. `cache` is a folder in which the answer is kept when it is whole; of one that is not, what
    is known of each pair of versions is kept, so that the next build asks for less.
    """
    commit = commit_of(content)
    if commit is None:
        return Histories()
    beginnings = shallow_beginnings(content)
    own = _own_hash()
    key = [commit, str(content.resolve()), _digest("".join(sorted(beginnings)).encode()), own]
    kept = _read(cache / "histories.json") if cache else None
    whole = True
    if kept is None or kept.get("key") != key:
        known = _read(cache / "differences.json") if cache else None
        found, by_pair, whole = _asked(content, beginnings, (known or {}).get(own, {}))
        kept = {"key": key, "files": {path: _record(path, of_file, by_pair) for path, of_file in found.items()}}
        if cache and found:
            _write(cache / "differences.json", {own: by_pair})
        if cache and found and whole:
            _write(cache / "histories.json", kept)
    until = now.timestamp() if now else None
    told = Histories()
    told.whole = whole
    for path, record in kept["files"].items():
        past = [one for one in record if until is None or one[0] <= until]
        if past:
            told[path] = _history(past, zone)
    return told


_Pair = str  # of two blob ids
_Record = list[Any]  # [[seconds, [[kind, run], …]], …], the newest version first


def _asked(
    content: Path, beginnings: Collection[str], known: Mapping[_Pair, list[Difference]]
) -> tuple[Mapping[str, list[Version]], dict[_Pair, list[Difference]], bool]:
    """What git says: the versions of each file, what they differ in, and whether it has said all."""
    by_pair: dict[_Pair, list[Difference]] = {}
    found: Mapping[str, list[Version]] = {}
    try:
        found = versions(content, PER_FILE, beginnings)
        for pair, differing in _differences(content, found, known):
            by_pair[pair] = differing
    except NoAnswer:
        return found, by_pair, False
    return found, by_pair, True


def _differences(
    content: Path, found: Mapping[str, list[Version]], known: Mapping[_Pair, list[Difference]]
) -> Iterator[tuple[_Pair, list[Difference]]]:
    """What the versions of course files differ in; asks git only for those that are not `known`."""
    pairs = {_pair(one): one for path, of_file in found.items() if _is_course(path) for one in of_file}
    yield from ((pair, list(known[pair])) for pair in pairs if pair in known)
    missing = [(pair, one) for pair, one in pairs.items() if pair not in known]
    texts = blobs(content, (name for _, one in missing for name in (one.old, one.new) if name))
    for pair, one in missing:
        old = next(texts) if one.old else None
        yield pair, list(differences(old, next(texts)))


def _record(path: str, of_file: list[Version], by_pair: Mapping[_Pair, Iterable[Difference]]) -> _Record:
    return [[one.seconds, list(_of_version(path, one, by_pair))] for one in of_file]


def _of_version(path: str, one: Version, by_pair: Mapping[_Pair, Iterable[Difference]]) -> Iterable[Difference]:
    if _is_course(path):
        return by_pair.get(_pair(one), ())
    return (("other", ""),) if one.old else (("added", ""),)


def _is_course(path: str) -> bool:
    return path.startswith("courses/") and path.endswith(".md")


def _pair(one: Version) -> _Pair:
    return f"{one.old} {one.new}"


def _history(record: _Record, zone: tzinfo) -> History:
    moments = [datetime.fromtimestamp(seconds, zone) for seconds, _ in record]
    changes = (Change(at, what, run) for at, (_, differing) in zip(moments, record, strict=True) for what, run in differing)
    return History(moments[-1].date(), moments[0].date(), tuple(changes))


def _read(path: Path) -> dict[str, Any] | None:
    """A file of the cache; None when there is none, or it is no longer whole."""
    kept = read_kept(path)
    return json.loads(kept) if kept else None


def _write(path: Path, content: Mapping[str, Any]) -> None:
    write_kept(path, json.dumps(content, separators=(",", ":")).encode())


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _own_hash() -> str:
    return _digest(code_hash(*CODE) + yaml.__version__.encode())
