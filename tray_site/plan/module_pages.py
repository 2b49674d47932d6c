"""A page for every national module that a published course holds, and the list of them by subject."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from course_catalogue.model import Module
from course_catalogue.module_series import series_of
from theme.translation import translation
from tray_site.plan.list_paging import list_pages_of
from tray_site.plan.planned import PlannedPage
from tray_site.plan.site import Site


def module_pages(site: Site) -> Iterator[PlannedPage]:
    series = series_of(site.catalogue.modules.values())
    for code in site.by_module:
        yield from _module(site, site.catalogue.modules[code], series[code])
    yield from _modules(site)


def _module(site: Site, module: Module, series: tuple[str, ...]) -> Iterator[PlannedPage]:
    """A module's page, with the modules before and after it in its series that have a page too."""
    rows = [site.rows[course.id] for course in site.by_module[module.code]]
    place = series.index(module.code)
    before = [code for code in series[:place] if code in site.by_module][-1:]
    after = [code for code in series[place + 1 :] if code in site.by_module][:1]
    yield from list_pages_of(
        site,
        "module",
        "courses",
        rows,
        where=lambda url, number: url.module(module.code, number),
        title=lambda language: f"{module.code} {module.name.to(language)}",
        inputs={"module": module, "previous": tuple(before), "next": tuple(after)},
    )


def _modules(site: Site) -> Iterator[PlannedPage]:
    """The list: each subject with its modules, their number of courses and of those on which one can enrol now."""
    modules = [site.catalogue.modules[code] for code in site.by_module]
    open_now = {code: sum(site.rows[course.id].is_open for course in courses) for code, courses in site.by_module.items()}
    groups = tuple(
        (site.catalogue.subjects[subject], tuple((one, len(site.by_module[one.code]), open_now[one.code]) for one in found))
        for subject, found in groupby(modules, lambda one: one.subject_id)
    )
    sources = tuple(course.source.path for course in site.index.courses)
    for language in site.languages:
        title = translation(language).gettext("National modules")
        yield site.page("modules", language, lambda url: url.modules(), "courses", title, {"groups": groups}, sources)
