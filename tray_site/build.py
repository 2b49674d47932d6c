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
from functools import partial
from pathlib import Path

from course_catalogue.catalogue import ContentProblems, load, network_of
from course_catalogue.model import Network
from course_catalogue.search import index_of
from course_catalogue.search.lemma import KeptLemmas
from tray_site.files.other_files import BUILD_FILE, build_file, other_files
from tray_site.files.search_data import search_address, search_files
from tray_site.history import histories
from tray_site.output_check import OutputProblems, check_output
from tray_site.packing import without_packed
from tray_site.page_facts import PackedFacts
from tray_site.plan.planned import Plan
from tray_site.plan.planner import plan_site
from tray_site.printing import Outcome, Printer
from tray_site.progress import Tell
from tray_site.progress import progress as shown_progress
from tray_site.swap import swap
from tray_site.unchanged import Made, Unchanged, next_turn

__all__ = ["BuildReport", "ContentProblems", "OutputProblems", "build"]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `printed` pages were made anew, the others were kept from an earlier build.

    `left`: the site that was there is the one that would have been made, and was left as it is.
    """

    output: Path
    pages: int
    printed: int
    courses: int
    languages: int
    seconds: float
    left: bool

    def __str__(self) -> str:
        return (
            f"{self.pages} pages of {self.courses} courses in {self.languages} languages, {self.printed} of them made anew, "
            f"in {self.seconds:.1f} s: {self.output}"
        )


def build(
    content: Path,
    output: Path,
    *,
    now: datetime | Callable[[Network], datetime],
    cache: Path | None,
    progress: bool,
    service: str = "",
    packs: bool = False,
) -> BuildReport:
    """Build the site of a content folder as it is at `now`: an aware instant, or what tells it for the network.

    `service` is the host of the enrolment service, `https://service.example`; "" when the site is published on that same host.
    `packs`: text files are published packed too, for brotli and for gzip.

    1. When `cache` knows that the site would be what it is, leave it.
    2. Load and check the content; refuse with ContentProblems, which holds every problem.
    3. Plan every page and its key.
    4. Put the pages that are kept in `cache` into a new folder, and let Pelican run our generator, which prints the others.
    5. Write what is not a page: static files, open data, sitemap.
    6. Check the result; refuse with OutputProblems, and leave the old site as it is.
    7. Replace the old site by the new one.
    """
    start = time.monotonic()
    output = output.resolve()
    _refuse_to_overwrite(output, content.resolve())
    with _no_collector(), shown_progress(shown=progress) as tell:
        before = Unchanged(cache, content, output, (service, packs)) if cache else None
        left = made = before.made(_moment(content, now)) if before else None
        printed = 0
        if made is None:
            made, printed = _build(content, output, now, cache, service, packs=packs, before=before, tell=tell)
    return BuildReport(output, made.pages, printed, made.courses, made.languages, time.monotonic() - start, left is not None)


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


def _moment(content: Path, now: datetime | Callable[[Network], datetime]) -> datetime | None:
    """The instant to build at, before the content is loaded; None when the network's file cannot be read."""
    if isinstance(now, datetime):
        return now
    network = network_of(content)
    return now(network) if network else None


def _build(
    content: Path,
    output: Path,
    now: datetime | Callable[[Network], datetime],
    cache: Path | None,
    service: str,
    *,
    packs: bool,
    before: Unchanged | None,
    tell: Tell,
) -> tuple[Made, int]:
    """What was made, and how many of its pages anew."""
    kept = cache / "courses.records" if cache else None
    catalogue = load(content, cache=kept, tell=partial(tell, "Reading courses"), forks=True)
    now = now if isinstance(now, datetime) else now(catalogue.network)
    tell("Planning pages", 0, 0)
    index = index_of(catalogue, lemmas=None if cache else KeptLemmas(None), kept=cache / "search.index" if cache else None)
    search = search_files(index)
    told = histories(content, now=now, zone=catalogue.network.time_zone, cache=cache)
    plan = plan_site(catalogue, index, now, search_address(search), service, told)
    tell("Planning pages", len(plan.pages), len(plan.pages))
    with _new_folder(output) as folder:
        printer = Printer(plan, folder, cache, packs=packs)
        printer.place_kept()
        if printer.missing:
            _run_pelican(plan, folder, lambda: printer.print_missing(partial(tell, "Printing files")))
        others = printer.write_others(other_files(plan, search, told), partial(tell, "Other files"))
        outcomes = printer.finish()
        (folder / BUILD_FILE).write_bytes(build_file(plan))  # never one that was kept: the service knows a new build by the file itself
        tell("Checking links", 0, 0)
        _check(plan, folder, outcomes, others)
        swap(folder, output)
    made = Made(len(plan.pages), len(plan.index.courses), len(catalogue.network.languages))
    if before and told.whole:
        before.remember(made, now, next_turn(catalogue, now))
    return made, sum(one.printed for one in outcomes if one.facts)


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


def _check(plan: Plan, folder: Path, outcomes: list[Outcome], others: Iterable[str]) -> None:
    """Check the files that lie in the folder, whoever wrote them, and what each page said of itself when it was printed."""
    homes = {f"/{page.path}": page.address for page in plan.pages if page.address.endswith("/")}
    files = {homes.get(address, address) for address in without_packed(set(_addresses(folder)))}
    promised = [*(one.address for one in plan.planned), *others, f"/{BUILD_FILE}"]
    check_output(PackedFacts({one.address: one.facts for one in outcomes if one.facts}), files, promised, plan.service)


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
    if output.is_dir() and any(output.iterdir()) and not (output / BUILD_FILE).is_file():
        raise OutputProblems([f"{output} holds something that this command did not build; choose another folder, or empty it."])


@contextmanager
def _new_folder(output: Path) -> Iterator[Path]:
    """A folder beside the output, on the same file system. Removed if the build does not come to its end."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{output.name}-", dir=output.parent, ignore_cleanup_errors=True) as parent:
        folder = Path(parent) / "site"
        folder.mkdir()
        yield folder
