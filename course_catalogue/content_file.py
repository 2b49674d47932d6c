"""One content file as text: only regular files of a sane size, in UTF-8, without control characters, are read."""

from __future__ import annotations

import json
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from course_catalogue.problem import Problem
from course_catalogue.yaml_tree import Position

MAX_BYTES = 200_000
# C0 and C1 controls except tab and line feed; U+2028 and U+2029 and U+0085 are line breaks to YAML and to nobody else.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ufdd0-\ufdef]")
# Bidirectional controls (Trojan Source, CVE-2021-42574), zero-width and tag characters, a BOM inside the text.
INVISIBLE = re.compile("[\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
PLAIN_PATH = re.compile(r"\w[\w.+()/-]*(?: [\w.+()/-]+)*")
SHOWN = 80  # characters of the writer's text that a message repeats
SHOWN_LIST = 600  # characters of a list of our own: the fields, the choices
LONGEST_REPLACEMENT = 300
MOST_ERRORS = 100  # of one file that are told; a file with more is not a course file with mistakes


class Enough(Exception):
    """The file has so many errors that reading on helps nobody. They are reported."""


@dataclass(slots=True)
class ContentFile:
    """A file being checked. `report` collects its problems; positions count from 1."""

    path: str  # below the content folder, with forward slashes
    text: str  # line ends are LF, no BOM
    problems: list[Problem]
    errors: int = 0

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def report(self, code: str, position: Position, replacement: str | None = None, **facts: str) -> None:
        line, column, end = position
        lines = self.lines
        source = lines[line - 1] if 0 < line <= len(lines) else ""
        end = end if end > column else max(len(source) + 1, column + 1)
        shown = tuple((name, shown_text(fact, SHOWN_LIST if name == "known" else SHOWN)) for name, fact in facts.items())
        problem = Problem(shown_path(self.path), line, column, end, code, shown, source, _fit_to_write(replacement))
        self.errors += problem.is_error
        self.problems.append(problem)
        if self.errors == MOST_ERRORS:
            self.problems.append(Problem(problem.path, line, column, end, "T016", (("count", str(MOST_ERRORS)),), source))
            raise Enough


def _fit_to_write(replacement: str | None) -> str | None:
    """A guess made from the writer's text is offered only when it can be shown and read."""
    fit = replacement is not None and len(replacement) <= LONGEST_REPLACEMENT and "\n" not in replacement
    return replacement if fit and not CONTROL.search(replacement or "") and not INVISIBLE.search(replacement or "") else None


def shown_text(text: str, longest: int = SHOWN) -> str:
    """A writer's text fit for a message: one line, not too long, nothing invisible."""
    text = " ".join(text[: 4 * longest].split())  # what is cut off cannot be shown anyway
    text = INVISIBLE.sub("\ufffd", CONTROL.sub("\ufffd", text))
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= longest else text[: longest - 1] + "…"


def shown_path(path: str) -> str:
    """The path, quoted as a JSON string when its characters could fool a log reader or a terminal."""
    return path if PLAIN_PATH.fullmatch(path) else json.dumps(path)


def read_content_file(folder: Path, path: str, problems: list[Problem]) -> ContentFile | None:
    """Read one file below `folder`. What cannot be read as text is reported and gives None."""
    raw = read_bytes(folder, path, problems)
    return None if raw is None else file_of_bytes(path, raw, problems)


def read_bytes(folder: Path, path: str, problems: list[Problem]) -> bytes | None:
    """The bytes of one file below `folder`. What is no regular file of a sane size is reported and gives None."""
    empty = ContentFile(path, "", problems)
    try:
        status = (folder / path).lstat()
        if not stat.S_ISREG(status.st_mode):
            empty.report("T012", (1, 1, 0))
            return None
        if status.st_size > MAX_BYTES:
            empty.report("T004", (1, 1, 0), size=str(status.st_size // 1000))
            return None
        return (folder / path).read_bytes()
    except OSError as error:
        empty.report("T013", (1, 1, 0), detail=error.strerror or type(error).__name__)
        return None


def file_of_bytes(path: str, raw: bytes, problems: list[Problem]) -> ContentFile | None:
    """The bytes as text. What is not UTF-8, or holds a character that nobody can see, is reported and gives None."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        broken = ContentFile(path, raw.decode("utf-8", "replace").replace("\r\n", "\n"), problems)
        column = len(before.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")) + 1
        broken.report("T005", (before.count(b"\n") + 1, column, column + 1))
        return None
    file = ContentFile(path, text.replace("\r\n", "\n"), problems)
    with suppress(Enough):
        _report_characters(file, "T006", CONTROL)
        _report_characters(file, "T007", INVISIBLE)
    return None if file.errors else file


def _report_characters(file: ContentFile, code: str, pattern: re.Pattern[str]) -> None:
    """Report the first such character of each line."""
    if not pattern.search(file.text):
        return
    for number, line in enumerate(file.lines, 1):
        match = pattern.search(line)
        if match:
            file.report(code, (number, match.start() + 1, match.start() + 2), "", character=f"U+{ord(match[0]):04X}")


FENCE = "---"


def front_matter(file: ContentFile) -> tuple[str, str, int] | None:
    """The YAML between the fences, the body after them, and the body's first line; None when a fence is missing."""
    lines = file.lines
    if lines[0].rstrip() != FENCE:
        file.report("T014", (1, 1, 0))
        return None
    for number in range(1, len(lines)):
        if lines[number].rstrip() == FENCE:
            return "\n".join(lines[1:number]) + "\n", "\n".join(lines[number + 1 :]), number + 2
    file.report("T015", (1, 1, 0))
    return None
