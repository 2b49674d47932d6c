"""What may lie in the content folder, and where: a whitelist of paths. Nothing else is read, and no link is followed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course_catalogue.content_file import ContentFile
from course_catalogue.field import ID
from course_catalogue.guess import id_text
from course_catalogue.problem import Problem

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: such a file cannot be checked out there.
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
ALLOWED = (
    re.compile(r"network\.yaml"),
    re.compile(r"schools/(?P<id>[^/]+)\.yaml"),
    re.compile(r"agreements/(?P<id>[^/]+)\.yaml"),
    re.compile(r"vocabulary/(?:subjects|levels|search_words)\.yaml"),
    re.compile(r"vocabulary/modules\.csv"),
    re.compile(r"courses/(?P<folder>[^/]+)/(?P<id>[^/]+)\.md"),
    re.compile(r"pages/(?P<folder>[^/]+)/(?P<id>[^/]+)\.md"),
    re.compile(r"(?:README\.md|LICENSE)"),
)
NOT_READ = ("README.md", "LICENSE")
REQUIRED = ("network.yaml", "vocabulary/subjects.yaml", "vocabulary/levels.yaml", "vocabulary/modules.csv")
MAX_ID = 100  # characters; longer file names are refused by some systems once a folder is put before them


@dataclass(frozen=True, slots=True)
class Listing:
    """The files to read, by folder, as paths below the content folder, in order."""

    paths: tuple[str, ...]

    def below(self, folder: str) -> tuple[str, ...]:
        return tuple(path for path in self.paths if path.startswith(folder + "/"))


def is_itself(content: Path, problems: list[Problem]) -> bool:
    """Whether `content` is a folder of its own and no link to another, which is reported. The folders above it may be links."""
    if not content.is_symlink():
        return True
    ContentFile("network.yaml", "", problems).report("T017", (1, 1, 0), folder=content.name, target=os.readlink(content))
    return False


def list_content(content: Path, problems: list[Problem]) -> Listing:
    """The whitelisted files below `content`. Everything else that lies there is reported."""
    found = list(_files(content, problems))
    _report_collisions(found, problems)
    paths = [path for path in found if _allowed(path, problems)]
    for path in REQUIRED:
        if path not in paths:
            ContentFile(path, "", problems).report("T011", (1, 1, 0), file=path)
    return Listing(tuple(path for path in paths if path not in NOT_READ))


def _files(content: Path, problems: list[Problem]) -> Iterator[str]:
    for folder, folders, names in os.walk(content):
        below = Path(folder).relative_to(content).as_posix()
        prefix = "" if below == "." else below + "/"
        for name in sorted(folders):
            if os.path.islink(os.path.join(folder, name)):
                ContentFile(prefix + name, "", problems).report("T001", (1, 1, 0))
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not os.path.islink(os.path.join(folder, name)))
        for name in sorted(names):
            if os.path.islink(os.path.join(folder, name)):
                ContentFile(prefix + name, "", problems).report("T001", (1, 1, 0))
            elif name.startswith(".") or name.endswith("~"):
                if name not in (".gitkeep", ".gitattributes", ".editorconfig"):
                    ContentFile(prefix + name, "", problems).report("T010", (1, 1, 0))
            else:
                yield prefix + name


def _allowed(path: str, problems: list[Problem]) -> bool:
    file = ContentFile(path, "", problems)
    match = next((found for pattern in ALLOWED if (found := pattern.fullmatch(path))), None)
    if match is None:
        file.report("T002", (1, 1, 0), hint=_expected(path))
        return False
    parts = match.groupdict()
    if any(RESERVED.fullmatch(part) for part in parts.values()):
        file.report("T008", (1, 1, 0))
        return False
    for part in parts.values():
        if not ID.fullmatch(part) or len(part) > MAX_ID:
            suggestion = id_text(part)[:MAX_ID].strip("-")
            file.report("T003", (1, 1, 0), name=part, suggestion=suggestion or "kurssi")
            return False
    return True


def _expected(path: str) -> str:
    """What a file in this folder is called."""
    top = path.split("/")[0]
    return {
        "courses": "courses/<school>/<course>.md",
        "schools": "schools/<school>.yaml",
        "agreements": "agreements/<agreement>.yaml",
        "pages": "pages/<language>/<page>.md",
        "vocabulary": "vocabulary/subjects.yaml, vocabulary/levels.yaml, vocabulary/search_words.yaml, vocabulary/modules.csv",
    }.get(top, "network.yaml, schools/, agreements/, vocabulary/, courses/, pages/")


def _report_collisions(paths: list[str], problems: list[Problem]) -> None:
    """Two names that differ only by letter case are one file on many systems."""
    seen: dict[str, str] = {}
    for path in paths:
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            ContentFile(path, "", problems).report("T009", (1, 1, 0), other=other)
