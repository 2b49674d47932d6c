"""The content pages that the network writes, and the page that says that there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from course_catalogue.model import Agreement, Language, Page, Text
from theme.menu import pages_in
from tray_site.plan.planned import PlannedPage
from tray_site.plan.site import Site


def content_pages(site: Site) -> Iterator[PlannedPage]:
    for language in site.languages:
        for page in pages_in(site.catalogue, language):
            yield _content_page(site, page, language)
    for language in site.languages:
        # A page that is not there has no other languages: their links lead home.
        nothing = site.page("404", language, lambda url: url.not_found(), "", "404", {}, ())
        yield replace(nothing, alternates={one: site.url(one).home() for one in site.languages})


def _content_page(site: Site, page: Page, language: Language) -> PlannedPage:
    agreements = _agreements(site) if page.shows == "agreement" else ()
    named = {course_id for agreement in agreements for rule in agreement.prices for course_id in rule.courses}
    names: dict[str, Text] = {one: site.rows[one].course.title for one in sorted(named) if one in site.rows}
    inputs = {"content_page": page, "agreements": agreements, "course_names": names}
    sources = (page.source.path, *(agreement.source.path for agreement in agreements))
    nav = page.group if page.group == "rules" else "about" if page.group in ("about", "process") else ""
    return site.page("page", language, lambda url: url.page(page.id), nav, page.title, inputs, sources)


def _agreements(site: Site) -> tuple[Agreement, ...]:
    """The agreements, the one in force first, then the coming ones, then those of earlier years, newest first."""

    def order(one: Agreement) -> tuple[int, int]:
        if one.ends_on < site.today:
            return (2, -one.starts_on.toordinal())
        return (0 if one.starts_on <= site.today else 1, one.starts_on.toordinal())

    return tuple(sorted(site.catalogue.agreements.values(), key=order))
