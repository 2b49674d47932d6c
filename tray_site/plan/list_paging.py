"""The pages of a list that may be long: the first under the list's own address, the others under their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from course_catalogue.model import Language
from course_catalogue.selection import Selection
from theme.address import Addresses
from theme.list_view import ListView, Pages, Row, page_of
from theme.translation import translation
from tray_site.plan.planned import PlannedPage
from tray_site.plan.site import Site

MOST_ROWS = 200  # on a page


def list_pages_of(
    site: Site,
    kind: str,
    nav: str,
    rows: Sequence[Row],
    where: Callable[[Addresses, int], str],
    title: Callable[[Language], str],
    inputs: Mapping[str, object],
    sources: tuple[str, ...] = (),
) -> Iterator[PlannedPage]:
    """All pages of a list in all languages. `where` tells the address of a page by its number; `inputs` are the same on all.

    Beside them each page gets its `view`, its `heading` (the title without the page's number), and `before` and `after`, the
    addresses of its neighbours or None.
    """
    for number in range(1, Pages.holding(len(rows), MOST_ROWS).of + 1):
        pages = Pages.holding(len(rows), MOST_ROWS, number)
        view = _view(site, rows, pages)
        files = (*sources, *(row.course.source.path for row in view.rows))
        for language in site.languages:
            url = site.url(language)
            heading = title(language)
            beside = {
                "heading": heading,
                "before": where(url, number - 1) if number > 1 else None,
                "after": where(url, number + 1) if number < pages.of else None,
            }
            name = numbered(heading, pages, language)
            yield site.page(kind, language, _at(where, number), nav, name, {**inputs, "view": view, **beside}, files)


def _view(site: Site, rows: Sequence[Row], pages: Pages) -> ListView:
    return page_of(site.catalogue, Selection(), rows[pages.slice(MOST_ROWS)], len(rows), pages, ())


def numbered(title: str, pages: Pages, language: Language) -> str:
    """The title of a page; of the second and the following ones with their number, so that no two pages have the same."""
    if pages.number == 1:
        return title
    words = translation(language).gettext("%(title)s, page %(number)s of %(of)s")
    return words % {"title": title, "number": pages.number, "of": pages.of}


def _at(where: Callable[[Addresses, int], str], number: int) -> Callable[[Addresses], str]:
    return lambda url: where(url, number)
