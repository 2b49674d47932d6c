"""The files that every build writes anew: few, and each about the whole catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from course_catalogue.json_schema import NAMES, VERSION, published_schema
from theme.address import addresses
from theme.network_style import static_files_in
from tray_site.files.school_data import school_data
from tray_site.files.search_description import search_description
from tray_site.files.sitemap import robots, sitemaps
from tray_site.files.tables.json_file import SCHEMA, catalogue_schema
from tray_site.history import History
from tray_site.plan.planned import Plan

BUILD_FILE = "build.json"  # by it a folder is known as a site of ours, that may be replaced, and the service sees that there is a new one


def other_files(plan: Plan, search: Mapping[str, bytes], histories: Mapping[str, History]) -> Iterator[tuple[str, bytes]]:
    """Each with its address, made one after the other. `search` are the files of the search, `histories` those of the content's files."""
    catalogue = plan.catalogue
    yield from search.items()
    for file in static_files_in(catalogue.network.colours).values():
        yield file.address, file.content
    yield from school_data(catalogue).items()
    for language in catalogue.network.languages:
        yield addresses(catalogue, language).search_description(), search_description(catalogue, language, plan.service)
    for name in NAMES:
        yield f"/schema/{VERSION}/{name}.json", _json(published_schema(name, catalogue))
    yield SCHEMA, _json(catalogue_schema(catalogue))
    yield from sitemaps(plan, histories)
    yield "/robots.txt", robots(catalogue).encode()


def build_file(plan: Plan) -> bytes:
    return _json({"built_on": plan.today.isoformat(), "commit": plan.catalogue.commit, "pages": len(plan.pages)})


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()
