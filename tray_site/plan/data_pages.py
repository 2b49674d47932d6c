"""The page about the open data, and the lists of courses that stand in a frame on a school's own site."""

from __future__ import annotations

from collections.abc import Iterator

from course_catalogue.json_schema import NAMES, VERSION
from course_catalogue.model import Text
from theme.list_view import Row
from theme.translation import translation
from tray_site.files.calendars import MOST as RUNS_IN_CALENDAR
from tray_site.files.feed import NEWEST
from tray_site.files.tables.json_file import LICENCE, SCHEMA
from tray_site.files.tables.tables import FILES, described
from tray_site.plan.planned import PlannedPage
from tray_site.plan.site import Site

MOST = 60  # rows of a frame; the rest is a link away


def data_pages(site: Site) -> Iterator[PlannedPage]:
    """In every language; made anew when a column, a school or a subject comes or goes."""
    catalogue = site.catalogue
    inputs = {
        "tables": described(catalogue),
        "files": FILES,
        "licence": LICENCE,
        "schema": SCHEMA,
        "schemas": tuple((name, f"/schema/{VERSION}/{name}.json") for name in NAMES),
        "schools": tuple(catalogue.schools[one] for one in sorted(site.pasts_by_school)),
        "subjects": tuple(one for one in catalogue.subjects.values() if one.id in site.pasts_by_subject),
        "newest": NEWEST,
        "runs_in_calendar": RUNS_IN_CALENDAR,
    }
    for language in site.languages:
        title = translation(language).gettext("Open data, feeds and calendars")
        yield site.page("data", language, lambda url: url.data(), "", title, inputs, ("network.yaml",))


def frames(site: Site) -> Iterator[PlannedPage]:
    """A list for each school and each subject that has courses, in every language."""
    by_school: dict[str, list[Row]] = {}
    by_subject: dict[str, list[Row]] = {}
    for row in site.rows.values():
        by_school.setdefault(row.course.school_id, []).append(row)
        by_subject.setdefault(row.course.subject_id, []).append(row)
    for school_id, rows in by_school.items():
        yield from _frame(site, site.catalogue.schools[school_id].name, rows, school_id=school_id)
    for subject_id, rows in by_subject.items():
        yield from _frame(site, site.catalogue.subjects[subject_id].name, rows, subject_id=subject_id)


def _frame(site: Site, name: Text, rows: list[Row], *, school_id: str = "", subject_id: str = "") -> Iterator[PlannedPage]:
    inputs = {"name": name, "rows": tuple(rows[:MOST]), "count": len(rows), "school_id": school_id, "subject_id": subject_id}
    for language in site.languages:
        title = f"{name.to(language)} · {translation(language).gettext('Courses')} ({school_id or subject_id})"
        yield site.page(
            "frame",
            language,
            lambda url: url.school_frame(school_id) if school_id else url.subject_frame(subject_id),
            "",
            title,
            inputs,
            (),
        )
