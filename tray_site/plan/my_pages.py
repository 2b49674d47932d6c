"""The pages of the reader's own courses: the list of them and the comparison. The same for everybody; the browser fills them."""

from __future__ import annotations

from collections.abc import Iterator

from theme.translation import translation
from tray_site.plan.planned import PlannedPage
from tray_site.plan.site import Site


def my_pages(site: Site) -> Iterator[PlannedPage]:
    for language in site.languages:
        words = translation(language)
        yield site.page("shortlist", language, lambda url: url.chosen(), "courses", words.gettext("My courses"), {}, ())
        yield site.page("compare", language, lambda url: url.compare(), "courses", words.gettext("Courses side by side"), {}, ())
