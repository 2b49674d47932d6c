"""Builds the public site: load and check all, print every page, check the result, swap it in whole."""

from __future__ import annotations

import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course_catalogue.catalogue import ContentProblems, load
from course_catalogue.model import Network
from course_catalogue.search_index import index_of
from tray_site.files.open_data import search_address, search_words
from tray_site.files.other_files import MARK, other_files
from tray_site.output_check import OutputProblems, check_output
from tray_site.plan.planned import Plan
from tray_site.plan.planner import plan_site
from tray_site.printing import Outcome, Printer
from tray_site.swap import swap

__all__ = ["BuildReport", "ContentProblems", "OutputProblems", "build"]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `printed` pages were made anew, the others were kept from an earlier build."""

    output: Path
    pages: int
    printed: int
    courses: int
    languages: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.pages} pages of {self.courses} courses in {self.languages} languages, {self.printed} of them made anew, "
            f"in {self.seconds:.1f} s: {self.output}"
        )


def build(
    content: Path, output: Path, *, now: datetime | Callable[[Network], datetime], cache: Path | None, progress: bool, service: str = ""
) -> BuildReport:
    """Build the site of a content folder as it is at `now`: an aware instant, or what tells it for the network.

    `service` is the host of the enrolment service, `https://service.example`; "" when the site is published on that same host.

    1. Load and check the content; refuse with ContentProblems, which holds every problem.
    2. Plan every page and its key.
    3. Put the pages that are kept in `cache` into a new folder, and let Pelican run our generator, which prints the others.
    4. Write what is not a page: static files, open data, sitemap.
    5. Check the result; refuse with OutputProblems, and leave the old site as it is.
    6. Replace the old site by the new one.
    """
    start = time.monotonic()
    with _no_collector():
        return _build(content, output, now=now, cache=cache, progress=progress, service=service, start=start)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Without Python's cyclic garbage collector: a build makes many things that live to its end, and few cycles."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _build(
    content: Path,
    output: Path,
    *,
    now: datetime | Callable[[Network], datetime],
    cache: Path | None,
    progress: bool,
    service: str,
    start: float,
) -> BuildReport:
    catalogue = load(content)
    now = now if isinstance(now, datetime) else now(catalogue.network)
    output = output.resolve()
    _refuse_to_overwrite(output, content.resolve())
    index = index_of(catalogue)
    words = search_words(index)
    plan = plan_site(catalogue, index, now, search_address(words), service)
    with _new_folder(output) as folder:
        outcomes = _print(plan, folder, cache, progress)
        others = other_files(plan, content, words, now)
        for address, text in others.items():
            path = folder / address.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        _check(plan, folder, outcomes, others)
        swap(folder, output)
    return BuildReport(
        output=output,
        pages=len(plan.pages),
        printed=sum(one.printed for one in outcomes if one.facts),
        courses=len(plan.index.courses),
        languages=len(catalogue.network.languages),
        seconds=time.monotonic() - start,
    )


def _print(plan: Plan, folder: Path, cache: Path | None, progress: bool) -> list[Outcome]:
    printer = Printer(plan, folder, cache)
    printer.place_kept()
    if printer.missing:
        with _progress(len(plan.pages), shown=progress) as tell:
            _run_pelican(plan, folder, lambda: printer.print_missing(tell))
    return printer.finish()


def _run_pelican(plan: Plan, folder: Path, print_pages: Callable[[], None]) -> None:
    from tray_site.pelican_run import run_pelican  # late: its import takes as long as all the rest when there is nothing to print

    network = plan.catalogue.network
    with tempfile.TemporaryDirectory() as empty:
        run_pelican(
            name=network.name.to(network.languages[0]),
            site_url=network.site_url,
            language=network.languages[0],
            time_zone=str(network.time_zone),
            empty=Path(empty),
            output=folder,
            print_pages=print_pages,
        )


@contextmanager
def _progress(total: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal; silence elsewhere."""
    if not shown:
        yield lambda _done: None
        return
    from rich.progress import Progress  # late: only a terminal needs it

    # No thread of its own: the pages are printed by forked processes.
    with Progress(auto_refresh=False, transient=True) as bar:
        task = bar.add_task("Printing pages", total=total)

        def tell(done: int) -> None:
            bar.update(task, completed=done)
            bar.refresh()

        yield tell


def _check(plan: Plan, folder: Path, outcomes: list[Outcome], others: Iterable[str]) -> None:
    """Check the files that lie in the folder, whoever wrote them, and what each page said of itself when it was printed."""
    written = set(_addresses(folder))
    homes = {f"/{page.path}": page.address for page in plan.pages if page.address.endswith("/")}
    files = {homes.get(address, address) for address in written}
    promised = [*(one.address for one in plan.planned), *others]
    check_output({one.address: one.facts for one in outcomes if one.facts}, files, promised, plan.service)


def _addresses(folder: Path) -> Iterator[str]:
    """The address of every file."""
    for place, _, names in os.walk(folder):
        below = place.removeprefix(str(folder)).replace(os.sep, "/")
        yield from (f"{below}/{name}" for name in names)


def _refuse_to_overwrite(output: Path, content: Path) -> None:
    """Refuse to replace a folder that holds something else than a site of ours."""
    if output == content or output in content.parents or content in output.parents:
        raise OutputProblems([f"{output} overlaps the content folder {content}; choose another output folder."])
    if output.exists() and not output.is_dir():
        raise OutputProblems([f"{output} is a file; choose a folder for the site."])
    if output.is_dir() and any(output.iterdir()) and not (output / MARK).is_file():
        raise OutputProblems([f"{output} holds something that this command did not build; choose another folder, or empty it."])


@contextmanager
def _new_folder(output: Path) -> Iterator[Path]:
    """A folder beside the output, on the same file system. Removed if the build does not come to its end."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{output.name}-", dir=output.parent, ignore_cleanup_errors=True) as parent:
        folder = Path(parent) / "site"
        folder.mkdir()
        yield folder
