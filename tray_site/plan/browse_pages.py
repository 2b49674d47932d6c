"""The lists by starting month, level, language and mode, and the page that leads to every list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from course_catalogue.model import Language
from theme.address import LISTS
from theme.list_view import Row
from theme.row_words import RowWords
from theme.translation import translation
from theme.wording import lower_first, upper_first
from tray_site.plan.list_paging import list_pages_of
from tray_site.plan.planned import PlannedPage
from tray_site.plan.site import Site

Lists = Mapping[str, Mapping[str, Sequence[Row]]]  # filter → value → the rows under it
WORDS = {"level": "audience", "language": "language", "mode": "mode"}  # filter → the closed list of its labels


def browse_pages(site: Site) -> Iterator[PlannedPage]:
    lists = lists_of(site)
    for name, values in lists.items():
        for value, rows in values.items():
            yield from _list(site, name, value, rows)
    yield from _index(site, lists)


def lists_of(site: Site) -> Lists:
    """One pass over all rows. A course with several levels, or runs in several months, stands in a list of each, once."""
    found: dict[str, dict[str, list[Row]]] = {name: {} for name in LISTS}
    for row in site.rows.values():
        for month in dict.fromkeys(run.month for run in row.runs):
            found["month"].setdefault(month, []).append(row.of_month(month))
        for name, values in (("level", row.course.audience), ("language", (row.course.language,)), ("mode", (row.course.mode,))):
            for value in values:
                found[name].setdefault(value, []).append(row)
    return {name: {value: found[name][value] for value in _in_order(site, name, found[name])} for name in LISTS}


def _in_order(site: Site, name: str, values: Mapping[str, object]) -> list[str]:
    """Months as they come, "any time" last; the others as the vocabulary has them."""
    if name == "month":
        return sorted(values, key=lambda month: (month == "nonstop", month))
    return sorted(values, key=list(site.catalogue.words[WORDS[name]]).index)


def _list(site: Site, name: str, value: str, rows: Sequence[Row]) -> Iterator[PlannedPage]:
    yield from list_pages_of(
        site,
        "browse",
        "courses",
        rows,
        where=lambda url, number: url.list_of(name, value, number),
        title=lambda language: title_of(site, name, value, language),
        inputs={},
    )


def title_of(site: Site, name: str, value: str, language: Language) -> str:
    """The heading of a list: what the courses on it have in common."""
    words = translation(language).gettext
    if value == "nonstop" and name == "month":
        return words("Online courses you can start any time")
    if name == "month":
        month = RowWords(language, site.catalogue).month(value)
        return upper_first(words("Online courses starting in %(month)s") % {"month": month})
    label = site.catalogue.words[WORDS[name]][value].to(language)
    if name == "language":  # in English a language's name has a capital
        return words("Online courses taught in %(name)s") % {"name": label}
    sentence = words("Online courses for: %(name)s") if name == "level" else words("Online courses, mode: %(name)s")
    return sentence % {"name": lower_first(label)}


def _index(site: Site, lists: Lists) -> Iterator[PlannedPage]:
    rows = {
        name: tuple((value, len(found), sum(row.is_open for row in found)) for value, found in values.items())
        for name, values in lists.items()
    }
    sources = tuple(course.source.path for course in site.index.courses)
    for language in site.languages:
        title = translation(language).gettext("Lists of courses")
        yield site.page("lists", language, lambda url: url.lists(), "courses", title, {"lists": rows}, sources)
