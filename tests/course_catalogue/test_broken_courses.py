"""Every course file in broken/ has exactly the problems that expected.txt tells, at their places.

After a wanted change: python3 -m tests.course_catalogue.test_broken_courses, and read the difference.
"""

from __future__ import annotations

import tempfile
from itertools import groupby
from pathlib import Path
from shutil import copytree, rmtree

from course_catalogue.catalogue import examine
from course_catalogue.problem import Problem
from tests.course_catalogue.conftest import SMALL

BROKEN = Path(__file__).parent / "broken"
EXPECTED = BROKEN / "expected.txt"
FOLDER = "courses/kuusikko/"


def written(folder: Path) -> str:
    """All problems of all broken files, checked at once as one network, as expected.txt tells them."""
    content = folder / "content"
    copytree(SMALL, content)
    rmtree(content / "courses")
    (content / FOLDER).mkdir(parents=True)
    for source in BROKEN.glob("*.md"):
        (content / FOLDER / source.name).write_bytes(source.read_bytes())
    _, problems = examine(content)
    parts = []
    for path, found in groupby(problems, key=lambda problem: problem.path):
        parts.append("\n".join([path.removeprefix(FOLDER), *(f"  {_line(problem)}" for problem in found)]))
    return "\n\n".join(parts) + "\n"


def _line(problem: Problem) -> str:
    line = f"{problem.line}:{problem.column}-{problem.end_column} {problem.code}"
    return f"{line} -> {problem.replacement!r}" if problem.replacement is not None else line


def test_every_broken_course_has_exactly_the_expected_problems(tmp_path: Path) -> None:
    assert written(tmp_path).splitlines() == EXPECTED.read_text(encoding="utf-8").splitlines()


def test_there_are_at_least_sixty_broken_courses_and_each_is_expected_to_have_a_problem() -> None:
    names = {path.name for path in BROKEN.glob("*.md")}
    told = {line for line in EXPECTED.read_text(encoding="utf-8").splitlines() if line.endswith(".md")}
    assert len(names) >= 60
    assert names - told == {"twin-copy.md"}  # the one that twin.md is a copy of


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        EXPECTED.write_text(written(Path(scratch)), encoding="utf-8")
