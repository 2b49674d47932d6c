"""Prints planned files: in workers forked after the plan exists, so that nothing is copied to them.

In one process where forking is not possible or does not pay; the result is the same.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache

from course_catalogue.model import Course, Language, Page
from theme.course_view import CourseView, school_choices
from theme.environment import TEMPLATES, environment
from theme.list_view import ListView
from tray_site.body import BodyCache, linked
from tray_site.files.printers import PRINTERS
from tray_site.page_cache import PageCache
from tray_site.page_facts import PageFacts, facts_of
from tray_site.page_key import engine_key
from tray_site.plan.planned import Plan, Planned, PlannedPage
from tray_site.structured_data import course_data, list_data
from tray_site.whole_file import write_whole

WORTH_FORKING = 150  # pages to print; below this one process is faster
CHUNK = 8  # tasks that a worker takes at a time


class TemplateOutsideTheme(RuntimeError):
    """A template was found elsewhere than in theme/templates."""


@dataclass(frozen=True, slots=True)
class BuildTime:
    """What the footer knows of the build. The day, not the minute: else no page would stay as it is from build to build."""

    built_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: its facts if it is a page, its size in bytes, whether it was made anew, the stamp under which it is kept.

    Small, because workers send it to their parent: it names the file and does not hold it.
    """

    address: str
    key: str
    facts: PageFacts | None
    size: int
    printed: bool
    stamp: list[int] | None


class Printer:
    """Prints the pages of one plan into a folder. `cache` is the folder of kept pages and bodies, or None.

    First `place_kept`; what is then `missing` is made by `print_missing`; `finish` gives the outcomes of all.
    """

    def __init__(self, plan: Plan, folder: Path, cache: Path | None) -> None:
        self.plan = plan
        self.folder = folder
        self.cache = cache
        self.pages = PageCache(cache / "pages") if cache else None
        self.missing: list[Planned] = []
        self._outcomes: dict[str, Outcome] = {}

    @cached_property
    def bodies(self) -> BodyCache:
        return BodyCache(self.cache / "bodies.json" if self.cache else None)

    @cached_property
    def environments(self) -> Mapping[Language, Environment]:
        return _environments(self.plan, self.cache / "templates" if self.cache else None)

    def place_kept(self) -> None:
        """Put every page that an earlier build has kept in its place."""
        for page in self.plan.planned:
            kept = self.pages.place(page.key, self.folder / page.path) if self.pages else None
            if kept is None:
                self.missing.append(page)
            else:
                self._outcomes[page.address] = Outcome(page.address, page.key, *kept, printed=False, stamp=None)

    def print_missing(self, tell: Callable[[int], None]) -> None:
        """Print every other page. `tell` hears how many pages of all have become ready."""
        tell(len(self._outcomes))
        for kind in sorted({page.kind for page in self.missing if isinstance(page, PlannedPage)}):
            for made in self.environments.values():
                template_of(made, kind)  # compiled before the fork, once for all workers
        bodies: dict[str, str] = {}
        for done, rendered in _spread(self._print_task, _tasks(self.missing), len(self.missing)):
            self._outcomes.update((one.address, one) for one in done)
            bodies.update(rendered)
            tell(len(self._outcomes))
        self.bodies.save(bodies, self._texts())

    def finish(self) -> list[Outcome]:
        """Keep the printed pages for later builds. What became of each page, in the plan's order."""
        if self.pages:
            self.pages.remember((one.key, one.stamp, one.facts) for one in self._outcomes.values() if one.stamp)
        return [self._outcomes[one.address] for one in self.plan.planned]

    def _print_task(self, planned: Sequence[Planned]) -> tuple[list[Outcome], dict[str, str]]:
        """Print files; also the bodies that were rendered for them."""
        outcomes = []
        for one in planned:
            content = self._printed(one)
            path = self.folder / one.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            kept = self.pages.keep(one.key, path) if self.pages else None
            facts = facts_of(content) if isinstance(one, PlannedPage) else None
            outcomes.append(Outcome(one.address, one.key, facts, len(content), printed=True, stamp=kept))
        return outcomes, self.bodies.taken()

    def _printed(self, one: Planned) -> bytes:
        if isinstance(one, PlannedPage):
            return print_page(self.plan, one, self.environments[one.language], self.bodies).encode()
        return PRINTERS[one.kind](self.plan.shared, one)

    def _texts(self) -> Iterator[str]:
        yield from (course.body for course in self.plan.index.courses)
        yield from (page.body for page in self.plan.catalogue.pages)


class _Compiled(BytecodeCache):
    """Compiled templates, shared by the environments of all languages and, with a folder, by later builds."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder / engine_key().hex() if folder else None
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key not in self._kept and self._folder:
            with suppress(OSError):
                self._kept[bucket.key] = (self._folder / bucket.key).read_bytes()
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()
        if self._folder:
            write_whole(self._folder / bucket.key, self._kept[bucket.key])


def _environments(plan: Plan, folder: Path | None) -> Mapping[Language, Environment]:
    compiled = _Compiled(folder)
    found = {}
    for language in plan.catalogue.network.languages:
        found[language] = environment(language, plan.shared, service=plan.service)
        found[language].bytecode_cache = compiled
    return found


_Done = tuple[list[Outcome], dict[str, str]]  # of a task: its pages and the bodies rendered for them


def template_of(made: Environment, kind: str) -> Any:
    """The template of a kind of page. Refuses with TemplateOutsideTheme when it does not lie in theme/templates."""
    template = made.get_template(f"{kind}.html")
    if template.filename is None or TEMPLATES.resolve() not in Path(template.filename).resolve().parents:
        raise TemplateOutsideTheme(f"{kind}.html was read from {template.filename}; templates belong in {TEMPLATES}")
    return template


def print_page(plan: Plan, page: PlannedPage, made: Environment, bodies: BodyCache) -> str:
    """The HTML of one page, from its plan."""
    zone = plan.catalogue.network.time_zone
    context: dict[str, Any] = {
        "alternates": page.alternates,
        "nav_current": page.nav,
        "build": BuildTime(datetime.combine(plan.today, datetime.min.time(), zone)),
        "service": False,
        "page_title": page.title,
        "page_address": page.address,
        "today": plan.today,
        "structured": None,
        **page.inputs,
    }
    context.update(_own_context(plan, page, made, bodies))
    html: str = template_of(made, page.kind).render(context)
    return html


def _own_context(plan: Plan, page: PlannedPage, made: Environment, bodies: BodyCache) -> Mapping[str, object]:
    """What a kind of page gets beside its inputs, computed from them and from the shared catalogue alone."""
    url: Any = made.globals["url"]
    view = page.inputs.get("view")
    if isinstance(view, CourseView):
        return {
            "body_html": _body(view.course, url, bodies),
            "structured": course_data(plan.shared, view, page.language, url),
            "schools": _schools(plan, page.language),
        }
    if isinstance(view, ListView):
        courses = [row.course for group in view.groups for row in group.rows]
        return {"structured": list_data(plan.shared, courses, url) if courses else None}
    content_page = page.inputs.get("content_page")
    return {"body_html": _body(content_page, url, bodies)} if isinstance(content_page, Page) else {}


def _body(thing: Course | Page, url: Any, bodies: BodyCache) -> str:
    return linked(bodies.html(thing.body), thing.source, url)


def _schools(plan: Plan, language: Language) -> Mapping[str, object]:
    return school_choices(plan.shared, language)


def _tasks(planned: Sequence[Planned]) -> list[list[Planned]]:
    """Pages of one course together, so that its text is rendered once for all languages; every other file by itself."""
    tasks: dict[str, list[Planned]] = {}
    for one in planned:
        together = one.sources[0] if isinstance(one, PlannedPage) and one.kind == "course" else one.address
        tasks.setdefault(together, []).append(one)
    # The long ones first, so that no worker is left alone with one at the end.
    return sorted(tasks.values(), key=lambda task: task[0].kind == "course")


# The work that forked processes inherit; set just before the fork and cleared after it.
_inherited: dict[str, Any] = {}


def _spread(work: Callable[[Sequence[Planned]], _Done], tasks: Sequence[Sequence[Planned]], pages: int) -> Iterator[_Done]:
    """Do the tasks, in any order, on all processors when that pays."""
    workers = min(_processors(), len(tasks))
    if pages < WORTH_FORKING or workers < 2 or sys.platform != "linux":
        yield from map(work, tasks)
        return
    import multiprocessing  # late: a small build stays in one process

    # One in this process first: the workers inherit the locale data, the patterns and the compiled templates it needed.
    yield work(tasks[-1])
    tasks = tasks[:-1]
    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, every page of memory the workers share
    _inherited.update(work=work, tasks=tasks)
    try:
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            yield from pool.imap_unordered(_inherited_task, range(len(tasks)), chunksize=CHUNK)
    finally:
        _inherited.clear()
        gc.unfreeze()


def _inherited_task(number: int) -> Any:
    done = _inherited["work"](_inherited["tasks"][number])
    return done


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
