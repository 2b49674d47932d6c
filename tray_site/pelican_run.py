"""Runs Pelican with nothing of its own to print: no articles, pages, feeds, static files or fallback theme. Our generator does the rest.

Importing Pelican replaces the logger class of the whole process and of the root logger, and its settings set the locale; here
both are undone.
See docs/decisions/0003.
"""

from __future__ import annotations

import locale
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

_before = logging.getLoggerClass(), logging.getLogger().__class__

from pelican import Pelican  # type: ignore[import-untyped]  # noqa: E402 - see above
from pelican.generators import Generator  # type: ignore[import-untyped]  # noqa: E402
from pelican.log import FatalLogger, console  # type: ignore[import-untyped]  # noqa: E402
from pelican.plugins import signals  # type: ignore[import-untyped]  # noqa: E402
from pelican.settings import read_settings  # type: ignore[import-untyped]  # noqa: E402

logging.setLoggerClass(_before[0])
logging.getLogger().__class__ = _before[1]
FatalLogger.fatal_lvl = logging.WARNING  # whatever Pelican warns of is a mistake of ours

THEME = Path(__file__).resolve().parent.parent / "theme"

SETTINGS: dict[str, Any] = {
    "ARTICLE_PATHS": [],
    "PAGE_PATHS": [],
    "STATIC_PATHS": [],
    "THEME_STATIC_PATHS": [],
    "DIRECT_TEMPLATES": [],
    "PAGINATED_TEMPLATES": {},
    "TEMPLATE_PAGES": {},
    "PLUGINS": [],
    "PLUGIN_PATHS": [],
    "READERS": {"rst": None, "md": None, "markdown": None, "mkd": None, "mdown": None, "html": None, "htm": None},
    "FEED_ALL_ATOM": None,
    "CATEGORY_FEED_ATOM": None,
    "AUTHOR_FEED_ATOM": None,
    "AUTHOR_FEED_RSS": None,
    "TRANSLATION_FEED_ATOM": None,
    "INDEX_SAVE_AS": "",
    "ARTICLE_SAVE_AS": "",
    "PAGE_SAVE_AS": "",
    "CATEGORY_SAVE_AS": "",
    "TAG_SAVE_AS": "",
    "AUTHOR_SAVE_AS": "",
    "OUTPUT_SOURCES": False,
    "DELETE_OUTPUT_DIRECTORY": False,
    "CACHE_CONTENT": False,
    "LOAD_CONTENT_CACHE": False,
    "DEFAULT_PAGINATION": False,
    "RELATIVE_URLS": False,
    "LOCALE": ["C"],
    "TYPOGRIFY": False,
}


def run_pelican(
    *, name: str, site_url: str, language: str, time_zone: str, empty: Path, output: Path, print_pages: Callable[[], None]
) -> None:
    """Let Pelican run over the folder `empty` into `output`, with `print_pages` as the output of its only working generator."""

    class TrayGenerator(Generator):  # type: ignore[misc]
        """Prints the planned pages when Pelican asks for the output."""

        def generate_context(self) -> None:
            pass

        def generate_output(self, _writer: object) -> None:
            print_pages()

    def ours(_pelican: object) -> type[Generator]:
        return TrayGenerator

    before = locale.setlocale(locale.LC_ALL)
    settings = read_settings(
        override={
            **SETTINGS,
            "PATH": str(empty),
            "OUTPUT_PATH": str(output),
            "THEME": str(THEME),
            "SITENAME": name,
            "SITEURL": site_url,
            "DEFAULT_LANG": language,
            "TIMEZONE": time_zone,
        }
    )
    quiet, console.quiet = console.quiet, True  # its report counts articles, of which there are none
    signals.get_generators.connect(ours)
    try:
        Pelican(settings).run()
    finally:
        signals.get_generators.disconnect(ours)
        console.quiet = quiet
        locale.setlocale(locale.LC_ALL, before)
