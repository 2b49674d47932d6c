"""sitemap.xml with the day each page last changed and its other languages, and robots.txt."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path

from course_catalogue.model import Catalogue
from tray_site.plan.planned import Plan

HIDDEN = ("/search", "/enrol", "/enrolment/", "/decide/", "/staff/", "/mailbox")


def sitemap(plan: Plan, changed: Mapping[str, date]) -> str:
    """The sitemap of all pages but 404. `changed` is the day each content file last changed, by its path."""
    site = plan.catalogue.network.site_url
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<urlset xmlns="{SITEMAP}" xmlns:xhtml="{XHTML}">']
    for page in plan.pages:
        if page.kind == "404":
            continue
        lines += ["<url>", f"<loc>{escape(site + page.address)}</loc>"]
        days = [changed[source] for source in page.sources if source in changed]
        if days:
            lines.append(f"<lastmod>{max(days).isoformat()}</lastmod>")
        lines += [
            f'<xhtml:link rel="alternate" hreflang="{language}" href="{escape(site + address)}"/>'
            for language, address in page.alternates.items()
        ]
        lines.append("</url>")
    return "\n".join([*lines, "</urlset>", ""])


SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


def robots(catalogue: Catalogue) -> str:
    """robots.txt: everything may be read but what belongs to one person or changes with each question."""
    prefixes = ["", *(f"/{language}" for language in catalogue.network.languages[1:])]
    lines = ["User-agent: *", *(f"Disallow: {prefix}{path}" for prefix in prefixes for path in HIDDEN)]
    return "\n".join([*lines, "", f"Sitemap: {catalogue.network.site_url}/sitemap.xml", ""])


def last_changed(content: Path) -> dict[str, date]:
    """The day of the last commit of each content file, by its path below `content`; for a file outside git, its own time."""
    found = {path: datetime.fromtimestamp((content / path).stat().st_mtime, UTC).date() for path in _files(content)}
    found.update(_committed(content))
    return found


def _files(content: Path) -> list[str]:
    return [path.relative_to(content).as_posix() for path in content.rglob("*") if path.is_file()]


def _committed(content: Path) -> dict[str, date]:
    """One call of git for all files: newest commit first, so the first mention of a file counts."""
    command = ["git", "-c", "core.quotePath=false", "log", "--format=%x00%cI", "--name-only", "--relative", "--", "."]
    try:
        answer = subprocess.run(command, cwd=content, capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return {}
    if answer.returncode != 0:
        return {}
    found: dict[str, date] = {}
    for commit in answer.stdout.split("\0")[1:]:
        moment, *paths = commit.split("\n")
        day = datetime.fromisoformat(moment).astimezone(UTC).date()
        for path in paths:
            if path:
                found.setdefault(path, day)
    return found
