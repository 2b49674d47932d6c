"""Work done by several processes: a process that is killed ends it with a sentence, and none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from commands import parser
from course_catalogue import loading
from course_catalogue import spread as spreading
from course_catalogue.catalogue import load
from course_catalogue.spread import ProcessLost, spread

ROOT = Path(__file__).resolve().parent.parent.parent
SMALL = ROOT / "tests" / "networks" / "small"


@pytest.fixture(autouse=True)
def three_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "processors", lambda: 3)
    monkeypatch.setattr(loading, "WORTH_FORKING", 0)
    monkeypatch.setattr(loading, "TOGETHER", 1)


def test_every_task_is_done_once_and_by_other_processes() -> None:
    done = list(spread(lambda task: (task, os.getpid()), range(100), worth=True))
    assert sorted(task for task, _ in done) == list(range(100))
    assert os.getpid() not in {process for _, process in done}


def test_what_a_task_raises_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        list(spread(lambda task: 1 // (50 - task), range(100), worth=True))


def test_a_killed_process_ends_the_work() -> None:
    def work(task: int) -> int:
        if task == 50:
            os.kill(os.getpid(), signal.SIGKILL)
        return task

    with pytest.raises(ProcessLost, match="memory"):
        list(spread(work, range(100), worth=True))


@pytest.mark.parametrize("command", [["site", "--no-cache"], ["check"]])
def test_a_command_that_lost_a_process_says_so_and_replaces_nothing(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read, own = Path.read_bytes, os.getpid()

    def read_or_die(self: Path) -> bytes:
        if os.getpid() != own:
            os.kill(os.getpid(), signal.SIGKILL)
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", read_or_die)
    output = ["--output", str(tmp_path / "site")] if command[0] == "site" else []
    assert parser.run(parser.parse([*command, "--content", str(SMALL), *output])) == 1
    assert "memory ran out; nothing was replaced" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


ORPHANS = """
import os, signal
from course_catalogue import spread
spread.processors = lambda: 3
list(spread.spread(lambda task: os.kill(os.getppid(), signal.SIGKILL), range(100), worth=True))
"""


def test_processes_end_with_their_parent() -> None:
    """They hold the pipe that is read here: it ends when the last of them has."""
    ended = subprocess.run([sys.executable, "-c", ORPHANS], cwd=ROOT, capture_output=True, timeout=60, check=False)  # noqa: S603
    assert ended.returncode == -signal.SIGKILL


def test_a_catalogue_is_read_in_this_process_unless_the_caller_lets_it_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service has threads."""

    def refuse() -> int:
        raise AssertionError("forked")

    monkeypatch.setattr(os, "fork", refuse)
    load(SMALL)
    with pytest.raises(AssertionError, match="forked"):
        load(SMALL, forks=True)
