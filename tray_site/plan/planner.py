"""Plans every file of the site, each with its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from course_catalogue.model import Catalogue
from course_catalogue.search_index import SearchIndex
from tray_site.page_key import Digests, base_key, page_key, shared_catalogue
from tray_site.plan.content_pages import content_pages
from tray_site.plan.course_pages import course_pages
from tray_site.plan.list_pages import list_pages
from tray_site.plan.planned import Plan, PlannedFile, PlannedPage
from tray_site.plan.school_pages import school_pages
from tray_site.plan.site import Site

PAGES: tuple[Callable[[Site], Iterator[PlannedPage]], ...] = (course_pages, school_pages, list_pages, content_pages)
FILES: tuple[Callable[[Site], Iterator[PlannedFile]], ...] = ()


def plan_site(catalogue: Catalogue, index: SearchIndex, now: datetime, search_address: str, service: str = "") -> Plan:
    """Plan every file of the site as it is at `now`. `search_address` is where the words of the search are published."""
    site = Site(catalogue, index, now, search_address)
    shared = shared_catalogue(catalogue)
    digests = Digests()
    base = base_key(shared, digests, site.today, service)
    pages = tuple(replace(one, key=page_key(base, digests, *one.parts())) for plan in PAGES for one in plan(site))
    files = tuple(replace(one, key=page_key(base, digests, *one.parts())) for plan in FILES for one in plan(site))
    return Plan(catalogue, shared, index, site.today, pages, files, service)
