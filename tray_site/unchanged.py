"""Whether a build would make the very site that is there: the same files, code and commit, no state that has changed since.

Files are known by size, times and inode. A content file that changed less than two seconds before it was read may change
once more within the same tick of the clock: a build of such content is never taken for the next one.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from course_catalogue.commit import commit_of, shallow_beginnings
from course_catalogue.kept_file import read_kept, write_kept
from course_catalogue.model import Catalogue
from tray_site.page_key import engine_key

TICK = 2_000_000_000  # nanoseconds; the coarsest clock of a file system in use


@dataclass(frozen=True, slots=True)
class Made:
    """A site that was made and what it holds, as a later build reports it."""

    pages: int
    courses: int
    languages: int


class Unchanged:
    """The last build of a content folder into an output folder, with these options, as the cache remembers it."""

    def __init__(self, cache: Path, content: Path, output: Path, options: object) -> None:
        """Take down how everything is before anything is read."""
        self._output = output
        own = blake2b(f"{content.resolve()}\n{output}".encode(), digest_size=8).hexdigest()
        self._path = cache / "unchanged" / f"{own}.json"
        newest, files = _signature(content)
        self._settled = newest < time.time_ns() - TICK
        beginnings = sorted(shallow_beginnings(content))
        self._before = [engine_key().hex(), repr(options), files, commit_of(content), beginnings]

    def made(self, now: datetime | None) -> Made | None:
        """What the output holds, if a build at `now` would make it once more; else None."""
        kept = read_kept(self._path)
        if kept is None or now is None:
            return None
        told = json.loads(kept)
        first, last = (datetime.fromisoformat(told[name]) for name in ("from", "until"))
        same = told["before"] == self._before and first <= now < last and told["output"] == _signature(self._output)[1]
        return Made(**told["made"]) if same else None

    def remember(self, made: Made, now: datetime, until: datetime) -> None:
        """The site has been made as it is from `now` until the next moment at which anything on it changes."""
        if not self._settled:
            self._path.unlink(missing_ok=True)
            return
        told = {
            "before": self._before,
            "from": now.isoformat(),
            "until": until.isoformat(),
            "output": _signature(self._output)[1],
            "made": {"pages": made.pages, "courses": made.courses, "languages": made.languages},
        }
        write_kept(self._path, json.dumps(told).encode())


def next_turn(catalogue: Catalogue, now: datetime) -> datetime:
    """The next moment after `now` at which any state may change: an enrolment opens or closes, own pace ends, a day begins."""
    local = now.astimezone(catalogue.network.time_zone)
    turns = [datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), catalogue.network.time_zone)]
    for course in catalogue.published():
        for one in course.offerings:
            turns += [one.enrolment_opens_at, one.enrolment_closes_at, one.enrolment_closes_at + timedelta(days=one.days or 0)]
    return min(turn for turn in turns if turn > now)


def _signature(folder: Path) -> tuple[int, str]:
    """The time of the newest change below a folder, and a hash of all that tells one state of its files from another."""
    newest = 0
    found = blake2b(digest_size=16)
    for path, status in sorted(_files(str(folder))):
        newest = max(newest, status.st_mtime_ns, status.st_ctime_ns)
        found.update(f"{path}\0{status.st_mode} {status.st_size} {status.st_mtime_ns} {status.st_ino}\n".encode(errors="surrogateescape"))
    return newest, found.hexdigest()


def _files(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Everything below the folder but what is inside a folder that is a link, and its status. Nothing where there is no folder."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            yield entry.path, entry.stat(follow_symlinks=False)
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
