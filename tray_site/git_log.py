"""Asks git which versions the files of a folder had, and what stood in them. One process for each question.

The repository may be anybody's: git runs no hook, pager, filter or helper that its configuration names, asks no other
host, and may be silent for a while only. What it does not know is told as nothing; that it did not answer is told apart.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import IO

MOST_COMMITS = 200_000
SECONDS = 60.0  # that git may take for the log, and that it may be silent for between two blobs
END = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())  # git takes dates of which no calendar of ours has a day
MOST_BYTES = 200_000  # of a file that is looked into; the limit of a content file
CHUNK = 1 << 20

# What a repository's own configuration could make git run or fetch.
SAFE = (
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false"),
    *("-c", "diff.orderFile=/dev/null", "-c", "log.showRoot=true", "-c", "log.follow=false"),
)
GIVEN = ("GIT_CONFIG", "GIT_CEILING")  # the only settings of git taken from the environment; a hook that builds sets others


class NoAnswer(Exception):
    """Git has ended, or was silent for too long, before it had answered all."""


@dataclass(frozen=True, slots=True)
class Version:
    """A commit's change to one file: when (seconds since 1970), from which blob to which. `old` is "" where the file is new."""

    seconds: int
    old: str
    new: str


def versions(folder: Path, per_file: int, beginnings: Collection[str] = ()) -> Mapping[str, list[Version]]:
    """The newest `per_file` versions of each file below `folder`, newest first, and always its first one; by path below the folder.

    The line followed is that of the published branch: what was merged counts from its merge. A file that was moved
    keeps its versions. The commits at which a shallow clone begins say nothing: `beginnings` names them. Empty outside
    a repository. A version whose date is beyond the calendar is left out. NoAnswer when git is cut short.
    """
    command = ["log", "-z", "--raw", "--no-abbrev", "-M", "-l1000", "--first-parent", "--diff-merges=first-parent", "--relative"]
    limits = ["--no-ext-diff", "--no-textconv", f"--max-count={MOST_COMMITS}", "--format=%H %ct", "--", "."]
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(  # noqa: S603
                ["git", "--no-pager", *SAFE, *command, *limits],  # noqa: S607
                cwd=folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                check=False,
                timeout=SECONDS,
            )
        except OSError:
            return {}
        except subprocess.TimeoutExpired:
            raise NoAnswer from None
        if done.returncode < 0:  # ended by a signal
            raise NoAnswer
        if done.returncode != 0:
            return {}
        answer.seek(0)
        return _by_file(_entries(_tokens(answer), beginnings), per_file)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(GIVEN)}
    refused = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    return {**kept, **refused, "GIT_NO_REPLACE_OBJECTS": "1", "LC_ALL": "C"}


def _tokens(answer: IO[bytes]) -> Iterator[str]:
    """What stands between NUL characters. A name that is no UTF-8 keeps its bytes as the file system's names do."""
    rest = b""
    while chunk := answer.read(CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        for token in whole:
            yield os.fsdecode(token)


Entry = tuple[int, str, str, str, str, str]  # seconds, status, old blob, new blob, path before, path after


def _entries(tokens: Iterator[str], beginnings: Collection[str]) -> Iterator[Entry]:
    """The log as one entry for each changed file: `:mode mode old new status` NUL path, and two paths for a move."""
    commit, seconds = "", "0"
    for token in tokens:
        token = token.lstrip("\n")
        if not token.startswith(":"):
            if token:
                commit, seconds = token.split(" ")
            continue
        _, mode, old, new, status = token.split(" ")
        path = next(tokens)
        after = next(tokens) if status[0] in "RC" else path
        is_file = mode.startswith("100") or status == "D"  # no link, no submodule
        if is_file and commit not in beginnings:
            yield int(seconds), status[0], old, new, path, after


def _by_file(entries: Iterable[Entry], per_file: int) -> Mapping[str, list[Version]]:
    """Follow each file from its newest version back to where it began."""
    found: dict[str, list[Version]] = {}
    now: dict[str, str | None] = {}  # a path of the past → the path of today; None: a file that is gone, or began later
    for seconds, status, old, new, path, after in entries:
        today = now.get(after, after)
        now[path if status == "R" else after] = None if status in "ADC" else today
        if status == "R":
            now[after] = None
        if today is None or status == "D":
            continue
        kept = found.setdefault(today, [])
        first = status in "AC"
        if (first or len(kept) < per_file) and 0 <= seconds < END:
            kept.append(Version(seconds, "" if first else old, new))
    return found


def blobs(folder: Path, wanted: Iterable[str]) -> Iterator[str | None]:
    """The text of each blob, in order; None for one that is missing, too long or no UTF-8. NoAnswer where git stops before the last."""
    with tempfile.TemporaryFile() as names:
        count = 0
        for name in wanted:
            names.write(f"{name}\n".encode())
            count += 1
        names.seek(0)
        if count:
            yield from _read_blobs(folder, names, count)


def _read_blobs(folder: Path, names: IO[bytes], count: int) -> Iterator[str | None]:
    command = ["git", "--no-pager", *SAFE, "cat-file", "--batch", "--buffer"]
    try:
        process = subprocess.Popen(command, cwd=folder, env=_environment(), stdin=names, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
    except OSError:
        raise NoAnswer from None
    with process, _watched(process) as watch:
        answer = process.stdout
        for _ in range(count if answer else 0):
            watch.since = monotonic()
            found = _blob(answer) if answer else None
            watch.since = None
            yield found


class _Watch:
    """Since when we have been waiting for git; None while it waits for us."""

    since: float | None = None


@contextmanager
def _watched(process: subprocess.Popen[bytes]) -> Iterator[_Watch]:
    """End the process once it has let us wait for SECONDS, and in any case at the end."""
    watch, ended = _Watch(), Event()

    def look() -> None:
        while not ended.wait(SECONDS / 10):
            since = watch.since
            if since is not None and monotonic() - since > SECONDS:
                process.kill()
                return

    thread = Thread(target=look, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        ended.set()
        process.kill()
        thread.join()


def _blob(answer: IO[bytes]) -> str | None:
    line = answer.readline()
    if not line.endswith(b"\n"):
        raise NoAnswer
    header = line.split()
    if len(header) != 3:  # "… missing"
        return None
    size = int(header[2]) + 1
    raw = _exactly(answer, size) if size <= MOST_BYTES else None
    while raw is None and size > 0:
        size -= len(_exactly(answer, min(size, CHUNK)))
    if raw is None or header[1] != b"blob":
        return None
    try:
        return raw[:-1].decode("utf-8")
    except UnicodeDecodeError:
        return None


def _exactly(answer: IO[bytes], size: int) -> bytes:
    found = answer.read(size)
    if len(found) < size:
        raise NoAnswer
    return found
