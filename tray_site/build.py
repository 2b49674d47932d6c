"""Builds the public site: load and check all, print every page, check the result, swap it in whole."""

from __future__ import annotations

import gc
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course_catalogue.catalogue import ContentProblems, load
from course_catalogue.search_index import index_of
from theme.static_file import static_files
from tray_site.open_data import open_data, search_address, search_words
from tray_site.output_check import OutputProblems, check_output
from tray_site.page_plan import Plan, plan_site
from tray_site.printing import Outcome, Printer
from tray_site.sitemap import last_changed, robots, sitemap

__all__ = ["BuildReport", "ContentProblems", "OutputProblems", "build"]

MARK = "build.json"  # the file by which a folder is known as a site of ours, that may be replaced


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


def build(content: Path, output: Path, *, now: datetime, cache: Path | None, progress: bool) -> BuildReport:
    """Build the site of a content folder as it is at `now`, an aware instant.

    1. Load and check the content; refuse with ContentProblems, which holds every problem.
    2. Plan every page and its key.
    3. Let Pelican run our generator, which prints the pages into a new folder, or takes them from `cache`.
    4. Write what is not a page: static files, open data, sitemap.
    5. Check the result; refuse with OutputProblems, and leave the old site as it is.
    6. Replace the old site by the new one.
    """
    start = time.monotonic()
    with _no_collector():
        return _build(content, output, now=now, cache=cache, progress=progress, start=start)


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


def _build(content: Path, output: Path, *, now: datetime, cache: Path | None, progress: bool, start: float) -> BuildReport:
    catalogue = load(content)
    output = output.resolve()
    _refuse_to_overwrite(output, content.resolve())
    index = index_of(catalogue)
    words = search_words(index)
    plan = plan_site(catalogue, index, now, search_address(words))
    with _new_folder(output) as folder:
        outcomes = _print(plan, folder, cache, progress)
        for address, text in _other_files(plan, content, words, now).items():
            path = folder / address.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        _check(plan, folder, outcomes, [*_other_files_promised(words)])
        swap(folder, output)
    return BuildReport(
        output=output,
        pages=len(plan.pages),
        printed=sum(one.printed for one in outcomes),
        courses=len(plan.index.courses),
        languages=len(catalogue.network.languages),
        seconds=time.monotonic() - start,
    )


def _print(plan: Plan, folder: Path, cache: Path | None, progress: bool) -> list[Outcome]:
    from tray_site.pelican_run import run_pelican  # late: a content with problems need not wait for Pelican's import

    network = plan.catalogue.network
    outcomes: list[Outcome] = []
    printer = Printer(plan, folder, cache)
    with tempfile.TemporaryDirectory() as empty, _progress(len(plan.pages), shown=progress) as tell:
        run_pelican(
            name=network.name.to(network.languages[0]),
            site_url=network.site_url,
            language=network.languages[0],
            time_zone=str(network.time_zone),
            empty=Path(empty),
            output=folder,
            print_pages=lambda: outcomes.extend(printer.print_all(tell)),
        )
    return outcomes


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


def _other_files(plan: Plan, content: Path, words: bytes, now: datetime) -> dict[str, bytes]:
    """Everything that is not a page, by address."""
    catalogue = plan.catalogue
    mark = {"built_on": plan.today.isoformat(), "commit": catalogue.commit, "pages": len(plan.pages)}
    return {
        search_address(words): words,
        **{file.address: file.content for file in static_files().values()},
        "/catalogue.json": open_data(catalogue, now).encode(),
        "/sitemap.xml": sitemap(plan, last_changed(content)).encode(),
        "/robots.txt": robots(catalogue).encode(),
        f"/{MARK}": (json.dumps(mark) + "\n").encode(),
    }


def _other_files_promised(words: bytes) -> list[str]:
    static = [file.address for file in static_files().values()]
    return [*static, search_address(words), "/catalogue.json", "/sitemap.xml", "/robots.txt", f"/{MARK}"]


def _check(plan: Plan, folder: Path, outcomes: list[Outcome], others: list[str]) -> None:
    """Check what lies in the folder, not what we believe to have written."""
    written = {f"/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*") if path.is_file()}
    homes = {f"/{page.path}": page.address for page in plan.pages if page.address.endswith("/")}
    files = {homes.get(address, address) for address in written}
    check_output({one.page.address: one.facts for one in outcomes}, files, [*(page.address for page in plan.pages), *others])


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


def swap(folder: Path, output: Path) -> None:
    """Put the new site in the place of the old one. If the second rename fails, the old site is put back."""
    old = folder.with_name("old")
    if not output.exists():
        folder.rename(output)
        return
    output.rename(old)
    try:
        folder.rename(output)
    except OSError:
        old.rename(output)
        raise
    shutil.rmtree(old, ignore_errors=True)
