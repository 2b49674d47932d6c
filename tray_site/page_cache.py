"""Printed pages kept between builds: one file per page, named by its key, and one list with the facts of each."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tray_site.page_facts import PageFacts
from tray_site.whole_file import write_whole

KEPT_DAYS = 2  # a page that no build has used for so many days is removed


class PageCache:
    """A folder of pages by key. A page that was changed since it was kept, or is not on the list, counts as absent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self._today = datetime.now(UTC).date()  # of the files' own life, not of the content's
        self._list = _read_list(folder / "list.json")
        self._changed = False

    def place(self, key: str, target: Path) -> tuple[PageFacts | None, int] | None:
        """Put the page at `target` and return its facts and size in bytes, or None when it is not kept.

        Linked rather than copied where the file system allows it: writing a thousand files is the slowest part of a
        build. Whoever edits a published page in place changes the kept one too; its time of change then tells.
        """
        entry = self._list.get(key)
        path = self.folder / key
        try:
            if entry is None or entry["stamp"] != stamp(path):
                return None
            facts = _facts(entry["facts"])
            link_or_copy(path, target)
        except (OSError, KeyError, TypeError, ValueError):
            return None
        if entry["used_on"] != self._today.isoformat():
            entry["used_on"] = self._today.isoformat()
            self._changed = True
        return facts, int(entry["stamp"][0])

    def keep(self, key: str, printed: Path) -> list[int]:
        """Keep a page that was printed to a file; its stamp. It is found again once `remember` has put it on the list."""
        path = self.folder / key
        path.unlink(missing_ok=True)
        with suppress(FileExistsError):  # another build was faster; under one key lie the same bytes
            link_or_copy(printed, path)
        return stamp(path)

    def remember(self, printed: Iterable[tuple[str, list[int], PageFacts | None]]) -> None:
        """Put printed pages (key, stamp, facts) on the list, and drop those that no build has used for some days."""
        for key, page_stamp, facts in printed:
            listed = [facts.language, facts.title, facts.headings, "\n".join(facts.ids), "\n".join(facts.links)] if facts else None
            self._list[key] = {"stamp": page_stamp, "used_on": self._today.isoformat(), "facts": listed}
            self._changed = True
        if not self._changed:
            return
        limit = self._today - timedelta(days=KEPT_DAYS)
        self._list = {key: entry for key, entry in self._list.items() if date.fromisoformat(entry["used_on"]) >= limit}
        for name in os.listdir(self.folder):
            if name not in self._list and name != "list.json":
                (self.folder / name).unlink(missing_ok=True)
        write_whole(self.folder / "list.json", json.dumps(self._list, ensure_ascii=False, separators=(",", ":")).encode())


def _read_list(path: Path) -> dict[str, Any]:
    """The list; an empty one when it is absent or damaged."""
    try:
        found = json.loads(path.read_bytes())
        for entry in found.values():
            date.fromisoformat(entry["used_on"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return dict(found)


def _facts(listed: list[Any] | None) -> PageFacts | None:
    if listed is None:
        return None
    language, title, headings, ids, links = listed
    return PageFacts(language, title, headings, tuple(ids.split("\n")) if ids else (), tuple(links.split("\n")) if links else ())


def stamp(path: Path) -> list[int]:
    """Size and time of the last change, by which a change is noticed."""
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns]


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
