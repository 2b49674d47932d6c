"""Plans every file of the site, each with its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from course_catalogue.model import Catalogue
from course_catalogue.search import SearchIndex
from tray_site.files.printers import ENGINES
from tray_site.history import History
from tray_site.page_key import Digests, base_key, page_key, shared_catalogue
from tray_site.plan.browse_pages import browse_pages
from tray_site.plan.change_pages import change_pages
from tray_site.plan.content_pages import content_pages
from tray_site.plan.course_pages import course_pages
from tray_site.plan.data_pages import data_pages, frames
from tray_site.plan.list_pages import list_pages, planned_list_files
from tray_site.plan.machine_files import calendars, cards, feeds, open_data
from tray_site.plan.module_pages import module_pages
from tray_site.plan.my_pages import my_pages
from tray_site.plan.planned import Plan, PlannedFile, PlannedPage
from tray_site.plan.school_pages import school_pages
from tray_site.plan.site import Site

PAGES: tuple[Callable[[Site], Iterator[PlannedPage]], ...] = (
    *(course_pages, module_pages, school_pages, list_pages, browse_pages, change_pages),
    *(content_pages, my_pages, data_pages, frames),
)
FILES: tuple[Callable[[Site], Iterator[PlannedFile]], ...] = (planned_list_files, feeds, calendars, cards, open_data)
NOTHING: Mapping[str, History] = MappingProxyType({})


def plan_site(
    catalogue: Catalogue,
    index: SearchIndex,
    now: datetime,
    search_address: str,
    service: str = "",
    histories: Mapping[str, History] = NOTHING,
) -> Plan:
    """Plan every file of the site as it is at `now`. `search_address` is where the words of the search are published.

    `histories` are those of the content's files, by their paths.
    """
    site = Site(catalogue, index, now, search_address, histories)
    shared = shared_catalogue(catalogue)
    digests = Digests()
    base = base_key(shared, digests, site.today.year, service)
    narrow = {kind: engine() for kind, engine in ENGINES.items()}
    pages = tuple(replace(one, key=page_key(base, digests, *one.parts())) for plan in PAGES for one in plan(site))
    files = tuple(replace(one, key=page_key(narrow.get(one.kind, base), digests, *one.parts())) for plan in FILES for one in plan(site))
    return Plan(catalogue, shared, index, site.today, pages, files, service)
