"""A catalogue read with kept courses is the one read without, whatever has changed meanwhile and whatever became of the file."""

from __future__ import annotations

import pickle
from pathlib import Path
from shutil import copytree

import pytest

from course_catalogue import loading
from course_catalogue import spread as spreading
from course_catalogue.catalogue import examine, load
from course_catalogue.course_cache import packed, unpacked

SMALL = Path(__file__).resolve().parent.parent / "networks" / "small"
FORCE = "courses/kuusikko/fy4-voima-ja-liike.md"

EDITS = [
    (FORCE, "seats: 10", "seats: 11"),
    (FORCE, "subject: FY", "subject: XX"),
    (FORCE, "## ", "## [Uusi](hi1-ihminen-ja-ymparisto.md) "),
    (FORCE, "## ", "## [Rikki](ei-ole.md) "),
    ("network.yaml", "Europe/Helsinki", "Europe/Stockholm"),
    ("vocabulary/subjects.yaml", "FY:", "FYY:"),
    ("vocabulary/levels.yaml", "lukio:", "lukiot:"),
    ("vocabulary/modules.csv", "FY4,FY,2", "FY4,FY,3"),
    ("agreements/2026-2027.yaml", "ends_on: 2027-07-31", "ends_on: 2026-12-31"),
    ("schools/strand.yaml", "name: ", "name: Nya "),
]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return Path(copytree(SMALL, tmp_path / "content"))


@pytest.mark.parametrize(("path", "old", "new"), EDITS)
def test_after_an_edit_kept_courses_make_the_same_catalogue_and_the_same_problems(content: Path, path: str, old: str, new: str) -> None:
    cache = content.parent / "courses.records"
    examine(content, cache=cache)
    text = (content / path).read_text(encoding="utf-8")
    assert old in text
    (content / path).write_text(text.replace(old, new), encoding="utf-8")
    assert examine(content, cache=cache) == examine(content)
    assert examine(content, cache=cache) == examine(content)


def test_a_removed_school_is_missed_though_its_courses_are_kept(content: Path) -> None:
    cache = content.parent / "courses.records"
    load(content, cache=cache)
    (content / "schools/strand.yaml").unlink()
    assert examine(content, cache=cache) == examine(content)


def test_many_processes_read_what_one_reads(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "WORTH_FORKING", 0)
    monkeypatch.setattr(loading, "TOGETHER", 1)
    monkeypatch.setattr(spreading, "processors", lambda: 3)
    many = load(content, forks=True)
    monkeypatch.undo()
    assert many == load(content)


def test_the_progress_ends_with_all(content: Path) -> None:
    told: list[tuple[int, int]] = []
    load(content, tell=lambda done, of: told.append((done, of)))
    assert told[-1] == (7, 7)


def test_a_course_comes_back_whole(content: Path) -> None:
    for course in load(content).courses.values():
        assert unpacked(packed(course, ())) == (course, ())
        assert unpacked(packed(course, ()))[0].source == course.source


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("never",)


def test_a_record_can_make_nothing_but_a_course(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(pickle.UnpicklingError):
        unpacked(pickle.dumps(Evil()))
    assert capsys.readouterr().out == ""
