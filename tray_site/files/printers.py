"""How the planned files that are no pages are printed: by kind, each from its plan and the shared catalogue alone.

A file that may be large comes in pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from course_catalogue.model import Catalogue
from tray_site.files.calendars import print_calendar
from tray_site.files.card.drawing import card_engine, print_card
from tray_site.files.feed import print_feed
from tray_site.files.list_data import print_block, print_text
from tray_site.files.tables.csv_file import print_courses, print_offerings
from tray_site.files.tables.json_file import print_catalogue
from tray_site.plan.planned import PlannedFile

PRINTERS: Mapping[str, Callable[[Catalogue, PlannedFile], bytes | Iterable[bytes]]] = {
    "rows": print_block,
    "text": print_text,
    "feed": print_feed,
    "calendar": print_calendar,
    "card": print_card,
    "catalogue": print_catalogue,
    "courses": print_courses,
    "offerings": print_offerings,
}
# Kinds that are printed from their plan and less of ours than all: what the rest of their key is.
ENGINES: Mapping[str, Callable[[], bytes]] = {"card": card_engine}
