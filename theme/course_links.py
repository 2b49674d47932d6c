"""What leads on from a course: the modules its prerequisites name, its neighbours, and the days on which its data changed."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from course_catalogue.model import CourseId, Offering, SchoolId, Text

WORD = re.compile(r"[A-ZÅÄÖ][A-ZÅÄÖ0-9]{1,7}(?![\w(])")  # what can be a module's code


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `code` is the module it names, "" for words."""

    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another course, as much of it as a row tells: its run that counts now is `shown`."""

    id: CourseId
    modules: tuple[str, ...]
    title: Text
    school_id: SchoolId
    shown: Offering

    @property
    def told_apart_by(self) -> tuple[object, ...]:
        """What two neighbours differ in where they are shown: of the run its dates."""
        one = self.shown
        return (self.id, self.modules, self.title, self.school_id, one.nonstop, one.starts_on, one.ends_on)


@dataclass(frozen=True, slots=True)
class PastDay:
    """A day on which the course's data changed, and what: kinds of tray_site/course_change.py."""

    on: date
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CourseLinks:
    """Everything on a course page that is about more than the course as it is now."""

    prerequisites: tuple[Piece, ...] = ()
    same: tuple[Neighbour, ...] = ()  # a module of this course, elsewhere or later
    following: tuple[Neighbour, ...] = ()  # what comes next in the subject
    past: tuple[PastDay, ...] = ()  # newest first


def pieces(text: str, codes: Collection[str]) -> tuple[Piece, ...]:
    """The text in pieces, those of `codes` that stand in it by themselves."""
    found: list[Piece] = []
    at = 0
    for word in WORD.finditer(text):
        standing_alone = word.start() == 0 or not text[word.start() - 1].isalnum()
        if standing_alone and word[0] in codes:
            found += [Piece(text[at : word.start()]), Piece(word[0], word[0])]
            at = word.end()
    return tuple(one for one in (*found, Piece(text[at:])) if one.text)
