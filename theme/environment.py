"""The Jinja environment that prints every page, of the site and of the service: autoescape, no undefined names, one look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.filters import FILTERS as DEFAULT_FILTERS
from jinja2.runtime import Context
from markupsafe import Markup

from course_catalogue.model import Catalogue, Language, Text
from theme.address import Addresses, addresses, codes, rule_anchor
from theme.fragment import Once
from theme.menu import menu
from theme.my_view import course_facts, price_mark, priced
from theme.network_style import STYLE, static_files_in
from theme.quick import QuickContext, install_words
from theme.row_words import RowWords
from theme.translation import translation
from theme.wording import Wording, ended, lower_first, upper_first

TEMPLATES = Path(__file__).with_name("templates")


def environment(language: Language, catalogue: Catalogue, *extra_template_folders: Path, service: str = "") -> Environment:
    """An environment for pages in `language`. Templates of the extra folders come after the theme's own.

    `service` is the service's host, `https://service.example`, when the pages lie on another.
    """
    made = Environment(
        loader=FileSystemLoader([TEMPLATES, *extra_template_folders]),
        autoescape=select_autoescape(default=True, default_for_string=True, disabled_extensions=("txt",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", Once],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":"), "ensure_ascii": False}  # pages are UTF-8
    made.context_class = QuickContext
    install_words(made, translation(language))
    wording = Wording(language, catalogue.network.time_zone)
    _add_filters(made, language, wording)
    _add_globals(made, language, catalogue, wording, service)
    return made


def _add_filters(made: Environment, language: Language, wording: Wording) -> None:
    """Filters for dates, money and texts. `text` is a plain string, `spoken` marks a text of another language for screen readers."""
    made.filters.update(wording.filters())
    made.filters["upper_first"] = upper_first
    made.filters["lower_first"] = lower_first
    made.filters["ended"] = ended
    made.filters["mailto"] = mailto
    made.filters["iso"] = _iso
    made.filters["text"] = lambda text: text.to(language)
    made.filters["spoken"] = lambda text: _spoken(text, language)
    made.filters["codes"] = codes
    made.filters["anchor"] = rule_anchor
    made.filters["price_mark"] = price_mark
    for name in made.filters.keys() - DEFAULT_FILTERS.keys():
        made.filters[name] = _when_printing(made.filters[name])


def _when_printing(words: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that is applied when a page is printed, and never when its template is compiled: one is compiled for all languages."""

    @pass_context
    def applied(_context: Context, *values: Any, **options: Any) -> Any:
        return words(*values, **options)

    return applied


def _add_globals(made: Environment, language: Language, catalogue: Catalogue, wording: Wording, service: str) -> None:
    network = catalogue.network
    files = static_files_in(network.colours)
    made.globals.update(
        catalogue=catalogue,
        network=network,
        lang=language,
        url=addresses(catalogue, language, service),
        static=lambda name: files[name].address,
        own_colours=STYLE in files,
        menu=menu(catalogue, language),
        rules_page=next((page.id for page in catalogue.pages if page.shows == "agreement"), None),
        privacy_page=next((page.id for page in catalogue.pages if page.id == "privacy"), None),
        time_place=wording.time_place(),
        row_words=RowWords(language, catalogue),
        course_facts=course_facts,
        priced=priced,
        period=wording.period,
        period_days=wording.period_days,
        word=lambda name, value: catalogue.words[name][value].to(language),
        lang_attr=lambda text: _lang_attr(text, language),
        name_of_language=lambda code: LANGUAGE_NAMES.get(code, code),
    )


# A language's own name, for the links to it.
LANGUAGE_NAMES = {"fi": "suomeksi", "sv": "på svenska", "en": "in English", "se": "davvisámegillii"}


def mailto(email: str) -> str:
    """The address of a link that writes to somebody. Nothing in an address that a person typed becomes a header of the mail (RFC 6068)."""
    return f"mailto:{quote(email, safe='@+!$*')}"


def _iso(day: date | datetime) -> str:
    return day.isoformat(timespec="minutes") if isinstance(day, datetime) else day.isoformat()


def _lang_attr(text: Text, language: Language) -> Markup:
    """` lang="sv"` where the text is printed in another language than the page's, else nothing."""
    best = text.best(language)
    return Markup("") if best == language else Markup(' lang="{}"').format(best)


def _spoken(text: Text, language: Language) -> Markup:
    best = text.best(language)
    written = text.by_language[best]
    return Markup("{}").format(written) if best == language else Markup('<span lang="{}">{}</span>').format(best, written)


__all__ = ["Addresses", "environment"]
