"""Prints planned files: in workers forked after the plan exists, so that nothing is copied to them.

In one process where forking is not possible or does not pay; the result is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

from jinja2 import Environment

from course_catalogue.model import Language
from course_catalogue.spread import can_fork, spread
from tray_site.body import BodyCache
from tray_site.files.printers import PRINTERS
from tray_site.packing import AS_IT_IS, PACKED, forms_of, pack, quality_of
from tray_site.page_cache import PageCache
from tray_site.page_facts import facts_of
from tray_site.page_print import environments_of, print_page, template_of
from tray_site.plan.planned import Plan, Planned, PlannedPage

WORTH_FORKING = 150  # pages to print; below this one process is faster
ROWS_LIKE_A_PAGE = 30  # rows of a table that take as long as a page
WORTH_FORKING_FOR = 200_000  # bytes to pack


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: the packed facts if it is a page, whether it was made anew, and the stamps under which it is kept.

    Small, because workers send it to their parent: it names the file and does not hold it.
    """

    address: str
    key: str
    facts: bytes
    printed: bool
    stamps: bytes


class Printer:
    """Prints the files of one plan into a folder. `cache` is the folder of kept files and bodies, or None; `packs` writes packed forms too.

    First `place_kept`; what is then `missing` is made by `print_missing`; `finish` gives the outcomes of all.
    """

    def __init__(self, plan: Plan, folder: Path, cache: Path | None, *, packs: bool) -> None:
        self.plan = plan
        self.folder = folder
        self.cache = cache
        self.packs = packs
        self.pages = PageCache(cache / "pages") if cache else None
        self.missing: list[Planned] = []
        self._outcomes: dict[str, Outcome] = {}
        self._used: dict[str, Sequence[str]] = {}  # keys of kept files with their forms

    @cached_property
    def bodies(self) -> BodyCache:
        return BodyCache(self.cache / "bodies.records" if self.cache else None)

    @cached_property
    def environments(self) -> Mapping[Language, Environment]:
        return environments_of(self.plan, self.cache / "templates" if self.cache else None)

    def place_kept(self) -> None:
        """Put every file that an earlier build has kept in its place."""
        for one in self.plan.planned:
            facts = self.pages.place(one.key, self.folder / one.path, self._forms_of(one.path)) if self.pages else None
            if facts is None:
                self.missing.append(one)
            else:
                self._outcomes[one.address] = Outcome(one.address, one.key, facts, printed=False, stamps=b"")

    def print_missing(self, tell: Callable[[int, int], None]) -> None:
        """Print every other file. `tell` hears how many files of all have become ready."""
        of = len(self.plan.planned)
        tell(len(self._outcomes), of)
        for kind in sorted({page.kind for page in self.missing if isinstance(page, PlannedPage)}):
            for made in self.environments.values():
                template_of(made, kind)  # compiled before the fork, once for all workers
        tasks = _tasks(self.missing)
        worth = sum(map(_effort, self.missing)) >= WORTH_FORKING
        if worth and can_fork():
            # One in this process first: the workers inherit the locale data, the patterns and the compiled templates it needed.
            self._take(*self._print_task(tasks.pop()))
        for outcomes, bodies in spread(self._print_task, tasks, worth=worth):
            self._take(outcomes, bodies)
            tell(len(self._outcomes), of)
        self.bodies.save([course.body for course in self.plan.index.courses] + [page.body for page in self.plan.catalogue.pages])

    def write_others(self, files: Iterable[tuple[str, bytes]], tell: Callable[[int, int], None]) -> list[str]:
        """Write files that are made anew each time; their addresses. Packing takes longer than making them, so packed ones are kept too."""
        written, missing = [], []
        for address, content in files:
            written.append(address)
            path = self.folder / address.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            forms = self._forms_of(address)
            key = blake2b(content, digest_size=16, person=b"other").hexdigest()
            if forms is AS_IT_IS:
                path.write_bytes(content)
                continue
            self._used[key] = forms
            if self.pages is None or self.pages.place(key, path, forms) is None:
                path.write_bytes(content)
                missing.append((key, path, quality_of(address)))
        size = sum(path.stat().st_size for _, path, _ in missing)
        for done, (key, stamps) in enumerate(spread(self._pack_task, missing, worth=size > WORTH_FORKING_FOR), 1):
            if self.pages:
                self.pages.remember(key, stamps, b"")
            tell(done, len(missing))
        return written

    def _pack_task(self, task: tuple[str, Path, int]) -> tuple[str, bytes]:
        key, path, quality = task
        pack(path, quality)
        return key, self.pages.keep(key, path, PACKED) if self.pages else b""

    def finish(self) -> list[Outcome]:
        """Keep the printed files for later builds. What became of each file, in the plan's order."""
        outcomes = [self._outcomes[one.address] for one in self.plan.planned]
        if self.pages:
            for one, planned in zip(outcomes, self.plan.planned, strict=True):
                if one.stamps:
                    self.pages.remember(one.key, one.stamps, one.facts)
                self._used[one.key] = self._forms_of(planned.path)
            self.pages.save(self._used)
        return outcomes

    def _take(self, outcomes: Sequence[Outcome], bodies: Mapping[bytes, bytes]) -> None:
        self._outcomes.update((one.address, one) for one in outcomes)
        self.bodies.keep(bodies)

    def _print_task(self, planned: Sequence[Planned]) -> tuple[list[Outcome], dict[bytes, bytes]]:
        """Print files; also the bodies that were rendered for them."""
        return [self._print(one) for one in planned], self.bodies.taken()

    def _print(self, one: Planned) -> Outcome:
        path = self.folder / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        content = self._content(one)
        with path.open("wb") as file:
            file.writelines((content,) if isinstance(content, bytes) else content)
        forms = self._forms_of(one.path)
        if forms is not AS_IT_IS:
            pack(path, quality_of(one.address))
        stamps = self.pages.keep(one.key, path, forms) if self.pages else b""
        facts = facts_of(content).packed() if isinstance(content, bytes) and isinstance(one, PlannedPage) else b""
        return Outcome(one.address, one.key, facts, printed=True, stamps=stamps)

    def _content(self, one: Planned) -> bytes | Iterable[bytes]:
        """The file, or its pieces where it may be large."""
        if isinstance(one, PlannedPage):
            return print_page(self.plan, one, self.environments[one.language], self.bodies).encode()
        return PRINTERS[one.kind](self.plan.shared, one)

    def _forms_of(self, address: str) -> Sequence[str]:
        return forms_of(address) if self.packs else AS_IT_IS


def _effort(one: Planned) -> int:
    """How many pages take as long to print. A table of all courses grows with them."""
    courses: Any = one.inputs.get("pasts", ())
    return 1 + len(courses) // ROWS_LIKE_A_PAGE


def _tasks(planned: Sequence[Planned]) -> list[list[Planned]]:
    """Pages of one course together, so that its text is rendered once for all languages; every other file by itself."""
    tasks: dict[str, list[Planned]] = {}
    for one in planned:
        together = one.sources[0] if isinstance(one, PlannedPage) and one.kind == "course" else one.address
        tasks.setdefault(together, []).append(one)
    # The long ones first, so that no worker is left alone with one at the end.
    return sorted(tasks.values(), key=lambda task: task[0].kind == "course")
