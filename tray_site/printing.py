"""Prints planned pages: in workers forked after the plan exists, so that nothing is copied to them; one process where that is not possible."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from course_catalogue.model import Course, Language, Page
from theme.course_view import CourseView, school_choices
from theme.environment import TEMPLATES, environment
from theme.list_view import ListView
from tray_site.body import body_html, linked
from tray_site.page_cache import PageCache, PageFacts, PrintedPage, facts_of
from tray_site.page_plan import Plan, PlannedPage
from tray_site.structured_data import course_data, list_data

WORTH_FORKING = 60  # pages to print; below this one process is faster
CHUNK = 8  # tasks that a worker takes at a time


class TemplateOutsideTheme(RuntimeError):
    """A template was found elsewhere than in theme/templates."""


@dataclass(frozen=True, slots=True)
class BuildTime:
    """What the footer knows of the build. The day, not the minute: else no page would stay as it is from build to build."""

    built_at: datetime
    commit: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a page: its facts, and whether it had to be printed anew."""

    address: str
    facts: PageFacts
    size: int
    printed: bool


class Printer:
    """Prints the pages of one plan into a folder. `cache` is the folder of kept pages and bodies, or None."""

    def __init__(self, plan: Plan, folder: Path, cache: Path | None) -> None:
        self.plan = plan
        self.folder = folder
        self.bodies = cache / "bodies" if cache else None
        self.pages = PageCache(cache / "pages") if cache else None
        self.environments = {one: _environment(plan, one) for one in plan.catalogue.network.languages}

    def print_all(self, tell: Callable[[int], None]) -> list[Outcome]:
        """Write every page. `tell` hears how many pages have become ready. The outcomes are in the plan's order."""
        for kind in sorted({page.kind for page in self.plan.pages}):
            for made in self.environments.values():
                template_of(made, kind)  # compiled before the fork, once for all workers
        outcomes: dict[str, Outcome] = {}
        missing: list[PlannedPage] = []
        for page in self.plan.pages:
            kept = self.pages.get(page.key) if self.pages else None
            if kept is None:
                missing.append(page)
                continue
            outcomes[page.address] = self._write(page, kept, printed=False)
        tell(len(outcomes))
        for done in _spread(self._print_task, _tasks(missing), len(missing)):
            outcomes.update((one.address, one) for one in done)
            tell(len(outcomes))
        if self.pages:
            self.pages.forget_unused()
        return [outcomes[page.address] for page in self.plan.pages]

    def _print_task(self, pages: Sequence[PlannedPage]) -> list[Outcome]:
        outcomes = []
        for page in pages:
            html = print_page(self.plan, page, self.environments[page.language], self.bodies).encode()
            made = PrintedPage(html, facts_of(html))
            if self.pages:
                self.pages.put(page.key, made)
            outcomes.append(self._write(page, made, printed=True))
        return outcomes

    def _write(self, page: PlannedPage, made: PrintedPage, *, printed: bool) -> Outcome:
        path = self.folder / page.path
        try:
            path.write_bytes(made.html)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made.html)
        return Outcome(page.address, made.facts, len(made.html), printed)


def _environment(plan: Plan, language: Language) -> Environment:
    return environment(language, plan.shared)


def template_of(made: Environment, kind: str) -> Any:
    """The template of a kind of page. Refuses with TemplateOutsideTheme when it does not lie in theme/templates."""
    template = made.get_template(f"{kind}.html")
    if template.filename is None or TEMPLATES.resolve() not in Path(template.filename).resolve().parents:
        raise TemplateOutsideTheme(f"{kind}.html was read from {template.filename}; templates belong in {TEMPLATES}")
    return template


def print_page(plan: Plan, page: PlannedPage, made: Environment, bodies: Path | None) -> str:
    """The HTML of one page, from its plan."""
    zone = plan.catalogue.network.time_zone
    context: dict[str, Any] = {
        "alternates": page.alternates,
        "nav_current": page.nav,
        "build": BuildTime(datetime.combine(plan.today, datetime.min.time(), zone), None),
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


def _own_context(plan: Plan, page: PlannedPage, made: Environment, bodies: Path | None) -> Mapping[str, object]:
    """What a kind of page gets beside its inputs, computed from them and from the shared catalogue alone."""
    url = made.globals["url"]
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


def _body(thing: Course | Page, url: Any, bodies: Path | None) -> str:
    return linked(_body_html(thing.body, bodies), thing.source, url)


@cache
def _body_html(body: str, bodies: Path | None) -> str:
    return body_html(body, bodies)


def _schools(plan: Plan, language: Language) -> Mapping[str, object]:
    return school_choices(plan.shared, language)


def _tasks(pages: Sequence[PlannedPage]) -> list[list[PlannedPage]]:
    """Pages of one course together, so that its text is rendered once for all languages; every other page by itself."""
    tasks: dict[str, list[PlannedPage]] = {}
    for page in pages:
        tasks.setdefault(page.sources[0] if page.kind == "course" else page.address, []).append(page)
    # The long ones first, so that no worker is left alone with one at the end.
    return sorted(tasks.values(), key=lambda task: task[0].kind == "course")


# The work that forked processes inherit; set just before the fork and cleared after it.
_inherited: dict[str, Any] = {}


def _spread(
    work: Callable[[Sequence[PlannedPage]], list[Outcome]], tasks: Sequence[Sequence[PlannedPage]], pages: int
) -> Iterator[list[Outcome]]:
    """Do the tasks, in any order, on all processors when that pays."""
    workers = min(_processors(), len(tasks))
    if pages < WORTH_FORKING or workers < 2 or sys.platform != "linux":
        yield from map(work, tasks)
        return
    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, every page of memory the workers share
    _inherited.update(work=work, tasks=tasks)
    try:
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            yield from pool.imap_unordered(_inherited_task, range(len(tasks)), chunksize=CHUNK)
    finally:
        _inherited.clear()
        gc.unfreeze()


def _inherited_task(number: int) -> list[Outcome]:
    done: list[Outcome] = _inherited["work"](_inherited["tasks"][number])
    return done


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
