"""The content pages a reader can go to from every page: the rows of the header and of the footer."""

from __future__ import annotations

from collections.abc import Mapping

from course_catalogue.model import Catalogue, Language, Page

GROUPS = ("about", "process", "rules", "legal")


def pages_in(catalogue: Catalogue, language: Language) -> tuple[Page, ...]:
    """Every content page once, in `language` or, where it is not translated, in the first language that has it."""
    languages = (language, *catalogue.network.languages)
    found: dict[str, Page] = {}
    for wanted in languages:
        for page in catalogue.pages:
            if page.language == wanted:
                found.setdefault(page.id, page)
    return tuple(sorted(found.values(), key=lambda page: (GROUPS.index(page.group), page.order, page.id)))


def menu(catalogue: Catalogue, language: Language) -> Mapping[str, tuple[Page, ...]]:
    """The content pages by group: about, process, rules, legal."""
    pages = pages_in(catalogue, language)
    return {group: tuple(page for page in pages if page.group == group) for group in GROUPS}
