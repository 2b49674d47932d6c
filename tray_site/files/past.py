"""A course with its history, as feeds, calendars and the open data are printed from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from course_catalogue.model import Course
from tray_site.history import Change, History


@dataclass(frozen=True, slots=True)
class Past:
    """A course and what git knows of its file; `history` is None for one that is not committed."""

    course: Course
    history: History | None

    @property
    def told_apart_by(self) -> tuple[object, ...]:
        """What two of them differ in where they are printed: nothing of a course's text is."""
        return (self.course.facts_hash or self.course, self.history)

    def stamp(self, zone: ZoneInfo) -> tuple[datetime, int]:
        """When what is told of the course was last changed, and a number that grows with each day on which it was."""
        if self.history is None:
            return datetime.combine(date(2000, 1, 1), time(), zone), 0
        last = self.history.changes[0].at if self.history.changes else datetime.combine(self.history.changed_on, time(), zone)
        return last, max(0, (last.astimezone(zone).date() - self.history.first_on).days)

    def moments(self) -> Iterator[tuple[datetime, tuple[Change, ...]]]:
        """The changes of each commit together, newest first."""
        changes = self.history.changes if self.history else ()
        for at, found in groupby(changes, lambda one: one.at):
            yield at, tuple(found)
