"""What the script of the list reads: columns with the facts of all courses, blocks of rows to draw, and the seats of every run.

A course goes by its number, its place in the search index. Nothing here depends on the moment: the browser tells what is open.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import blake2b
from typing import Any

from course_catalogue.collation import sort_key
from course_catalogue.facet import OF_COURSE, CourseFact, RunFact, facts_of
from course_catalogue.model import Catalogue, Course, Language
from theme.address import codes
from theme.row_words import RowWords
from tray_site.plan.planned import PlannedFile

BLOCK = 64  # rows in a file
NEVER = 2**31  # minutes; a run without an end

Window = tuple[str, str, int, int, int, int, int]


def columns(catalogue: Catalogue, facts: Sequence[CourseFact]) -> str:
    """The facts of all courses by column, as JSON. What comes again and again stands once in a table and is told by its place there.

    `sets` of a filter: the combinations of values that courses have, by places in `values`; `of` tells each course's.
    `windows`: see `window_of`. `runs`: how many each course has; `window` and `price` (cents, [member, outside]) are by run.
    """
    windows, prices = _Table(), _Table()
    filters = {name: _column(facts, name) for name in OF_COURSE}
    runs = [run for fact in facts for run in _by_id(fact.runs)]
    by_run = {
        "window": [windows.place(window_of(fact.course, run)) for fact in facts for run in _by_id(fact.runs)],
        "price": [prices.place((run.member_cents, run.outside_cents)) for run in runs],
    }
    found = {
        "filters": filters,
        "runs": [len(fact.runs) for fact in facts],
        **by_run,
        "windows": windows.things,
        "prices": prices.things,
        "schools": {
            one.id: {language: one.name.to(language) for language in catalogue.network.languages} for one in catalogue.schools.values()
        },
    }
    return _json(found)


def places(facts: Sequence[CourseFact]) -> str:
    """A line for each course: its id, then each run with its seats, in the order of the columns: `kuusikko/fy4 2026-p3:24 oma:`."""
    lines = (" ".join([fact.course.id, *(f"{one.offering.id}:{one.offering.seats or ''}" for one in _by_id(fact.runs))]) for fact in facts)
    return "\n".join(lines) + "\n"


def title_places(facts: Sequence[CourseFact], language: Language) -> str:
    """The place of each course among all titles in Finnish order, as JSON; equal titles have one place."""
    keys = [sort_key(fact.course.title.to(language)) for fact in facts]
    place = {key: number for number, key in enumerate(sorted(set(keys)))}
    return _json([place[key] for key in keys])


def address_of(name: str, text: str) -> str:
    """Where a file is published, under a name that changes with it."""
    return f"/static/list/{name}.{blake2b(text.encode(), digest_size=5).hexdigest()}.json"


def version_of(courses: Sequence[Course]) -> str:
    """What the numbers of courses hold good for: which courses there are, and their order."""
    return blake2b("\n".join(course.id for course in courses).encode(), digest_size=5).hexdigest()


def print_text(_: Catalogue, file: PlannedFile) -> bytes:
    """A file whose text was made when it was planned."""
    return str(file.inputs["text"]).encode()


def print_block(shared: Catalogue, file: PlannedFile) -> bytes:
    """A block of rows in one language. Inputs: `courses`, `language`.

    A row: id, codes, title, its language if it is another than the page's, school and its id, mode, credits and runs; a run: place of its
    window, id, seats, agreement, price of a member and of an outside school. A window goes on with its dates, opening and closing in words.
    """
    courses: Any = file.inputs["courses"]
    language = str(file.inputs["language"])
    words = RowWords(language, shared)
    windows = _Table()
    rows = []
    for fact in facts_of(shared, courses):
        course = fact.course
        runs = []
        for run in _by_id(fact.runs):
            one = run.offering
            told = (words.dates(one), words.day(one.enrolment_opens_at), words.day(one.enrolment_closes_at))
            place = windows.place((*window_of(course, run), *told))
            runs.append([place, one.id, one.seats, run.agreement_id, run.member_cents, run.outside_cents])
        school = shared.schools[course.school_id].name.to(language)
        other = course.title.best(language)
        title = [course.title.to(language), "" if other == language else other]
        rows.append([course.id, codes(course), *title, school, course.school_id, course.mode, words.credits(course), runs])
    return _json({"windows": windows.things, "rows": rows}).encode()


def window_of(course: Course, run: RunFact) -> Window:
    """When a run can be enrolled on and started.

    The first and the last day on which it can be started (with dates the same), then minutes since 1970: enrolment opens, closes,
    the run has begun (0: own pace), it is over; and 1 if it is cancelled.
    """
    one = run.offering
    zone = one.enrolment_closes_at.tzinfo
    begun = _minute(_midnight_after(one.starts_on, zone)) if one.starts_on else 0
    cancelled = one.cancelled or course.status == "cancelled"
    times = (_minute(one.enrolment_opens_at), _minute(one.enrolment_closes_at), begun, _end(run))
    return (run.first_on.isoformat(), run.last_on.isoformat(), *times, int(cancelled))


def _end(run: RunFact) -> int:
    one = run.offering
    if one.ends_on is not None:
        return _minute(_midnight_after(one.ends_on, one.enrolment_closes_at.tzinfo))
    return _minute(one.enrolment_closes_at + timedelta(days=one.days)) if one.days is not None else NEVER


@cache
def _midnight_after(day: date, zone: Any) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone)


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def _by_id(runs: Sequence[RunFact]) -> list[RunFact]:
    return sorted(runs, key=lambda run: run.offering.id)


def _column(facts: Sequence[CourseFact], name: str) -> Mapping[str, object]:
    values, sets = _Table(), _Table()
    of = [sets.place(tuple(values.place(value) for value in fact.values[name])) for fact in facts]
    return {"values": values.things, "sets": sets.things, "of": of}


class _Table:
    """Things, each once, in the order in which they came."""

    def __init__(self) -> None:
        self._places: dict[Any, int] = {}

    def place(self, thing: Any) -> int:
        return self._places.setdefault(thing, len(self._places))

    @property
    def things(self) -> list[Any]:
        return list(self._places)


def _json(found: object) -> str:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"
