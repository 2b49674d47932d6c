"""How the planned files that are no pages are printed: by kind, each from its plan and the shared catalogue alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from course_catalogue.model import Catalogue
from tray_site.plan.planned import PlannedFile

PRINTERS: Mapping[str, Callable[[Catalogue, PlannedFile], bytes]] = {}
