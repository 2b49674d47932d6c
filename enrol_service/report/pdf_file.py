"""A report as tagged PDF (PDF/UA-1): A4 landscape, the head of the table on every page, page numbers, totals, its language set.

Text reaches Typst as data, so that nothing in a name is markup.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import datetime

from enrol_service.refusals.base import sentence
from enrol_service.report import press
from enrol_service.report.columns import written
from enrol_service.report.document import Document
from enrol_service.speech import Speech

MOST_ROWS = 2000  # some eighty pages, two to five seconds and 600 MB while it is printed; beyond that nobody reads on paper
SECONDS = 60
PRESSES = threading.BoundedSemaphore(1)  # of one process of the service, for the memory that each takes


def pdf_file(speech: Speech, document: Document, about: Sequence[tuple[str, str]], made_at: datetime) -> bytes:
    """The file. `about`: further names and values of the head: who made it and when."""
    report = {
        "title": document.title,
        "author": speech.catalogue.network.name.to(speech.language),
        "language": speech.language,
        "made": speech.wording.moment_long(made_at),
        "made_at": int(made_at.timestamp()),
        "page": speech.gettext(sentence("Page %(page)s of %(pages)s"), page="{page}", pages="{pages}"),
        "about": [*document.about, *about, (speech.gettext(sentence("Rows")), speech.wording.number(len(document.rows)))],
        "columns": [{"title": speech.gettext(one.title), "number": one.number, "width": one.width} for one in document.columns],
        "rows": [[written(speech, cell) for cell in row] for row in document.rows],
        "totals": [[written(speech, cell) for cell in row] for row in document.totals],
        "lacking": speech.gettext(
            sentence("%(sign)s stands for a character that cannot be printed here. The XLSX and CSV files have it."), sign=press.INSTEAD
        ),
        "empty": speech.gettext(sentence("Nothing matches the selection.")),
    }
    with PRESSES:
        made = subprocess.run(  # noqa: S603 - our own file, by the Python that runs us
            [sys.executable, "-I", press.__file__], input=json.dumps(report).encode(), capture_output=True, timeout=SECONDS, check=False
        )
    if made.returncode != 0:
        raise RuntimeError(f"the PDF was not printed: exit {made.returncode}")  # what Typst says may hold names
    return made.stdout
