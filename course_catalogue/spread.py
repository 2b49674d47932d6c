"""Does many small tasks on all processors, in processes forked from this one: they inherit all it knows, and nothing is copied to them.

In this process alone where forking is not possible or would not pay. The results are the same.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

CHUNK = 8  # tasks that a process takes at a time

# The work that forked processes inherit; set just before the fork and cleared after it.
_inherited: dict[str, Any] = {}


def spread(work: Callable[[Task], Result], tasks: Sequence[Task], *, worth: bool) -> Iterator[Result]:
    """The result of every task, in any order. `worth`: whether there is so much to do that forking pays."""
    workers = min(processors(), len(tasks))
    if not worth or workers < 2 or not can_fork():
        yield from map(work, tasks)
        return
    import multiprocessing  # late: a small build stays in one process

    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, every page of memory the processes share
    _inherited.update(work=work, tasks=tasks)
    try:
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            yield from pool.imap_unordered(_inherited_task, range(len(tasks)), chunksize=CHUNK)
    finally:
        _inherited.clear()
        gc.unfreeze()


def _inherited_task(number: int) -> Any:
    return _inherited["work"](_inherited["tasks"][number])


def can_fork() -> bool:
    """Forking is safe on Linux alone: elsewhere the system's own libraries start threads."""
    return sys.platform == "linux" and hasattr(os, "fork")


def processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
