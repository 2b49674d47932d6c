"""Asks git which versions the files of a folder had, and what stood in them. One process for each question.

The repository may be anybody's: git runs no hook, pager, filter or helper that its configuration names, asks no other
host, and has a time to answer in. What goes wrong is told as nothing known.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import IO

MOST_COMMITS = 200_000
SECONDS = 60  # that git may take for one answer
MOST_BYTES = 200_000  # of a file that is looked into; the limit of a content file
CHUNK = 1 << 20

# What a repository's own configuration could make git run or fetch.
SAFE = (
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false"),
    *("-c", "diff.orderFile=/dev/null"),
)
GIVEN = ("GIT_CONFIG", "GIT_CEILING")  # the only settings of git taken from the environment; a hook that builds sets others


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
    a repository, and where git does not answer in time.
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
        except (OSError, subprocess.TimeoutExpired):
            return {}
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
        if first or len(kept) < per_file:
            kept.append(Version(seconds, "" if first else old, new))
    return found


def blobs(folder: Path, wanted: Iterable[str]) -> Iterator[str | None]:
    """The text of each blob, in order; None for one that is missing, too long or no UTF-8, and for all after git's time is up."""
    with tempfile.TemporaryFile() as names:
        count = 0
        for name in wanted:
            names.write(f"{name}\n".encode())
            count += 1
        names.seek(0)
        yield from _read_blobs(folder, names, count)


def _read_blobs(folder: Path, names: IO[bytes], count: int) -> Iterator[str | None]:
    left = count
    with suppress(OSError):
        command = ["git", "--no-pager", *SAFE, "cat-file", "--batch", "--buffer"]
        process = subprocess.Popen(command, cwd=folder, env=_environment(), stdin=names, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
        timer = Timer(SECONDS, process.kill)
        timer.start()
        try:
            with process:
                while left and process.stdout:
                    left -= 1
                    yield _blob(process.stdout)
        finally:
            timer.cancel()
            process.kill()
    yield from (None for _ in range(left))


def _blob(answer: IO[bytes]) -> str | None:
    header = answer.readline().split()
    if len(header) != 3:  # "… missing", or the end
        return None
    size = int(header[2]) + 1
    raw = answer.read(size) if size <= MOST_BYTES else None
    while raw is None and size > 0:
        skipped = len(answer.read(min(size, CHUNK)))
        size = size - skipped if skipped else 0
    if raw is None or header[1] != b"blob":
        return None
    try:
        return raw[:-1].decode("utf-8")
    except UnicodeDecodeError:
        return None
