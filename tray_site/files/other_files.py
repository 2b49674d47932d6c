"""The files that every build writes anew: few, and each about the whole catalogue."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from theme.static_file import static_files
from tray_site.files.open_data import open_data, search_address
from tray_site.files.sitemap import last_changed, robots, sitemap
from tray_site.plan.planned import Plan

MARK = "build.json"  # the file by which a folder is known as a site of ours, that may be replaced


def other_files(plan: Plan, content: Path, words: bytes, now: datetime) -> dict[str, bytes]:
    """Their bytes by address. `words` are those of the search, `content` the folder of the content's files."""
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
