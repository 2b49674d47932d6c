"""Prints one page from its plan: the environment of its language, its template, and what the template gets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache

from course_catalogue.kept_file import read_kept, write_kept
from course_catalogue.model import Course, Language, Page
from theme.course_view import CourseView, school_choices
from theme.environment import TEMPLATES, environment
from theme.fragment import keep_fragments
from tray_site.body import BodyCache, linked
from tray_site.head.head import head_of
from tray_site.page_key import engine_key
from tray_site.plan.planned import Plan, PlannedPage


class TemplateOutsideTheme(RuntimeError):
    """A template was found elsewhere than in theme/templates."""


class _Compiled(BytecodeCache):
    """Compiled templates, shared by the environments of all languages and, with a folder, by later builds."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder / engine_key().hex() if folder else None
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key not in self._kept and self._folder:
            kept = read_kept(self._folder / bucket.key)
            if kept is not None:
                self._kept[bucket.key] = kept
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()
        if self._folder:
            write_kept(self._folder / bucket.key, self._kept[bucket.key])


def environments_of(plan: Plan, folder: Path | None) -> Mapping[Language, Environment]:
    """One for each language, which keeps fragments; compiled templates are kept in the folder."""
    compiled = _Compiled(folder)
    found = {}
    for language in plan.catalogue.network.languages:
        found[language] = environment(language, plan.shared, service=plan.service)
        found[language].bytecode_cache = compiled
        keep_fragments(found[language])
        found[language].globals["school_choices"] = school_choices(plan.shared, language)
    return found


def template_of(made: Environment, kind: str) -> Any:
    """The template of a kind of page. Refuses with TemplateOutsideTheme when it does not lie in theme/templates."""
    template = made.get_template(f"{kind}.html")
    if template.filename is None or TEMPLATES.resolve() not in Path(template.filename).resolve().parents:
        raise TemplateOutsideTheme(f"{kind}.html was read from {template.filename}; templates belong in {TEMPLATES}")
    return template


def print_page(plan: Plan, page: PlannedPage, made: Environment, bodies: BodyCache) -> str:
    """The HTML of one page, from its plan."""
    context: dict[str, Any] = {
        "alternates": page.alternates,
        "nav_current": page.nav,
        "service": False,
        "page_title": page.title,
        "page_address": page.address,
        "today": plan.year_begins_on,
        "head": head_of(plan.shared, page, made.globals["url"]),  # type: ignore[arg-type]
        **page.inputs,
    }
    context.update(_own_context(plan, page, made, bodies))
    html: str = made.get_template(f"{page.kind}.html").render(context)
    return html


def _own_context(plan: Plan, page: PlannedPage, made: Environment, bodies: BodyCache) -> Mapping[str, object]:
    """What a kind of page gets beside its inputs, computed from them and from the shared catalogue alone."""
    url: Any = made.globals["url"]
    view = page.inputs.get("view")
    if isinstance(view, CourseView):
        return {
            "body_html": _body(view.course, url, bodies),
            "schools": made.globals["school_choices"],
        }
    content_page = page.inputs.get("content_page")
    return {"body_html": _body(content_page, url, bodies)} if isinstance(content_page, Page) else {}


def _body(thing: Course | Page, url: Any, bodies: BodyCache) -> str:
    return linked(bodies.html(thing.body), thing.source, url)
