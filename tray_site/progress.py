"""How far a long build has come, on a terminal; silence elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Tell = Callable[[str, int, int], None]  # a stage in words, how much of it is done, of how much; 0 of 0: it has begun


def silence(_stage: str, _done: int, _of: int) -> None:
    """Nobody watches."""


@contextmanager
def progress(*, shown: bool) -> Iterator[Tell]:
    """A bar with a line for every stage that has begun. It is gone when the build is."""
    if not shown:
        yield silence
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # late: only a terminal needs it

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # No thread of its own: the pages are printed by forked processes.
    with Progress(*columns, auto_refresh=False, transient=True) as bar:
        lines = {}

        def tell(stage: str, done: int, of: int) -> None:
            if stage not in lines:
                lines[stage] = bar.add_task(stage, total=None)
            bar.update(lines[stage], completed=done, total=of or None)
            bar.refresh()

        yield tell
