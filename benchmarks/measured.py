"""Runs a command and measures it: wall and CPU seconds, and the most memory that it and its children hold at a time."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.1  # seconds between two looks at the memory; of a large process a look takes long
SHARE = 0.02  # of one processor, at most, that looking takes
SETTLED = 2.5  # seconds after which content that was just written is old enough to be known by its times (tray_site/unchanged.py)


@dataclass(frozen=True, slots=True)
class Measured:
    """Wall and CPU seconds of a command with its children, and their peak memory in MB, shared pages counted once (PSS)."""

    wall: float
    cpu: float
    memory: float


def measured(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Measured:
    """Run a command in a folder. Refuses with CalledProcessError, which holds what it printed, when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:  # noqa: S603
        peak = _Peak(process.pid)
        printed, _ = process.communicate()
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    memory = peak.ended()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, printed)
    return Measured(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, memory)


class _Peak:
    """Looks at the memory of a process and all below it, until it is told that they have ended."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._most = 0.0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look)
        self._watch.start()

    def ended(self) -> float:
        self._over.set()
        self._watch.join()
        return self._most

    def _look(self) -> None:
        pause = EVERY
        while not self._over.wait(pause):
            start = time.thread_time()
            self._most = max(self._most, sum(_pss(pid) for pid in _family(self._pid)))
            pause = max(EVERY, (time.thread_time() - start) / SHARE)


def _pss(pid: int) -> float:
    """The memory of one process in MB, a page that it shares with others counted as its part of it. 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def _family(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        try:
            tasks = os.listdir(f"/proc/{one}/task")
            below = [Path(f"/proc/{one}/task/{task}/children").read_text(encoding="ascii").split() for task in tasks]
        except OSError:
            continue
        found += [int(child) for children in below for child in children]
    return found
