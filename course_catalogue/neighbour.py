"""What else could have been meant where nothing was found. theme/static/empty-list.js asks the same; a test compares."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from course_catalogue.selection import Selection

CODE = re.compile(r"([^\W\d_]{1,5})[ -]?[0-9]", re.IGNORECASE)  # how a module's code begins
MOST_WORDS = 6  # of a text that is asked again without one of them


def neighbours(selection: Selection, nearest: Sequence[str], subjects: Collection[str]) -> tuple[Selection, ...]:
    """Selections to offer instead, each once: the `nearest` texts, the text without one of its words, the subject of a code in it."""
    words = selection.text.split()
    fewer = [" ".join([*words[:at], *words[at + 1 :]]) for at in range(len(words))] if 1 < len(words) <= MOST_WORDS else []
    found = [replace(selection, text=text) for text in (*nearest, *fewer)]
    code = CODE.search(selection.text)
    subject = code[1].upper().translate(BARE) if code else ""
    if subject in subjects and subject not in selection.subjects:
        found.append(replace(selection, text="", subjects=(*selection.subjects, subject)))
    return tuple(dict.fromkeys(found))


BARE = str.maketrans("ÄÖÅ", "AOA")  # a subject's id has no accents: ÄI10 is of AI
