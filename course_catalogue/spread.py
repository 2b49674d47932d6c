"""Does many small tasks on all processors, in processes forked from this one: they inherit all it knows, and nothing is copied to them.

In this process alone where forking is not possible or would not pay. The results are the same.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


class ProcessLost(Exception):
    """A process that did some of the tasks was killed."""

    def __str__(self) -> str:
        return (
            "A process of this command was killed, most likely because memory ran out; nothing was replaced. "
            "Close other programs and run it again, or let it use one processor: taskset -c 0 python3 build.py …"
        )


CHUNK = 8  # tasks that a process takes at a time

# The work that forked processes inherit; set just before the fork and cleared after it.
_inherited: dict[str, Any] = {}


def spread(work: Callable[[Task], Result], tasks: Sequence[Task], *, worth: bool) -> Iterator[Result]:
    """The result of every task, in any order. `worth`: whether there is so much to do that forking pays; never where threads run.

    Raises what a task raises, and ProcessLost when a process was killed.
    """
    workers = min(processors(), len(tasks))
    if not worth or workers < 2 or not can_fork():
        yield from map(work, tasks)
        return
    from concurrent.futures import ProcessPoolExecutor, as_completed  # late: a small build stays in one process
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, every page of memory the processes share
    _inherited.update(work=work, tasks=tasks)
    pool = ProcessPoolExecutor(workers, get_context("fork"), initializer=_end_with_parent)
    try:
        for chunk in as_completed([pool.submit(_inherited_tasks, start) for start in range(0, len(tasks), CHUNK)]):
            yield from chunk.result()
    except BrokenProcessPool:
        raise ProcessLost from None
    finally:
        pool.shutdown(cancel_futures=True)
        _inherited.clear()
        gc.unfreeze()


def _inherited_tasks(start: int) -> list[Any]:
    work, tasks = _inherited["work"], _inherited["tasks"]
    return [work(task) for task in tasks[start : start + CHUNK]]


def _end_with_parent() -> None:
    """See to it that this process ends when its parent is killed: it would wait for tasks for ever."""
    from multiprocessing import parent_process

    parent = parent_process()

    def wait() -> None:
        if parent:
            parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def can_fork() -> bool:
    """Forking is safe on Linux alone: elsewhere the system's own libraries start threads."""
    return sys.platform == "linux" and hasattr(os, "fork")


def processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
