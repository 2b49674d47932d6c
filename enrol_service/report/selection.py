"""What a report is asked about, as its address says it: run, the other school, subject, when studies start, state.

Nothing of it can widen what an audience sees, and none of it tells where a protected student comes from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, or_

from course_catalogue.model import Catalogue, CourseId, OfferingId, SchoolId
from enrol_service.refusals.base import Refusal, sentence
from enrol_service.refusals.report import DaysBackwards, DayUnreadable
from enrol_service.report.audience import Audience
from enrol_service.speech import Speech
from enrol_service.tables import enrolment as rows

KEYS = ("offering", "school", "subject", "period", "from", "until", "state")
SPRING = (1, 1)  # the spring term begins, month and day; a school year is 1.8.–31.7. (Lukiolaki 714/2018 and lukioasetus)
WRITTEN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True, slots=True)
class Period:
    """A school year or a term of one, both days included."""

    id: str
    title: str  # a msgid with %(year)s
    year: str
    from_on: date
    until_on: date

    def words(self, speech: Speech) -> str:
        return speech.gettext(self.title, year=self.year)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is chosen; empty and None choose everything. `offering`: a run, `kuusikko/fy4/2026-p3`."""

    offering: str = ""
    school: SchoolId = ""
    subject: str = ""
    period: Period | None = None
    from_on: date | None = None
    until_on: date | None = None
    state: str = ""

    @property
    def narrowed(self) -> bool:
        return self != Selection()

    @property
    def run(self) -> tuple[CourseId, OfferingId]:
        course_id, _, offering_id = self.offering.rpartition("/")
        return course_id, offering_id


def periods(catalogue: Catalogue) -> tuple[Period, ...]:
    """The school years of the network's agreements with their terms, the newest year first."""
    network = catalogue.network
    days = {(one.starts_on, one.ends_on) for one in catalogue.agreements.values()} | {
        (network.school_year_starts_on, network.school_year_ends_on)
    }
    found: dict[str, Period] = {}
    for first, last in sorted(days, reverse=True):
        turn = date(last.year, *SPRING)
        year = f"{first.year}–{last.year}"
        for one in (
            Period(f"{first.year}-{last.year}", sentence("School year %(year)s"), year, first, last),
            Period(f"{first.year}-autumn", sentence("Autumn term %(year)s"), str(first.year), first, turn - timedelta(days=1)),
            Period(f"{last.year}-spring", sentence("Spring term %(year)s"), str(last.year), turn, last),
        ):
            if one.from_on <= one.until_on:
                found.setdefault(one.id, one)
    return tuple(found.values())


def read_selection(arguments: Mapping[str, str], catalogue: Catalogue) -> tuple[Selection, Mapping[str, Refusal]]:
    """The selection of an address, and what is wrong by field. A period that is none of the known ones is left out."""
    wrong: dict[str, Refusal] = {}
    days: dict[str, date | None] = {}
    for key in ("from", "until"):
        try:
            days[key] = _day(arguments.get(key, ""))
        except DayUnreadable as refusal:
            days[key], wrong[key] = None, refusal
    from_on, until_on = days["from"], days["until"]
    if from_on and until_on and until_on < from_on:
        wrong["until"] = DaysBackwards()
    by_id = {one.id: one for one in periods(catalogue)}
    texts = {key: arguments.get(key, "").replace("\0", "")[:400] for key in ("offering", "school", "subject", "state")}
    return Selection(period=by_id.get(arguments.get("period", "")), from_on=from_on, until_on=until_on, **texts), wrong


def _day(text: str) -> date | None:
    """A day as a browser's calendar sends it, or as a Finn types it."""
    text = text.strip()
    if not text:
        return None
    try:
        if match := WRITTEN_DAY.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(text[:10])
    except ValueError:
        raise DayUnreadable from None


def chosen(selection: Selection, audience: Audience, catalogue: Catalogue) -> ColumnElement[bool]:
    """The condition of a selection on the enrolments of an audience, but for the subject, which a completion may have its own of."""
    conditions: list[ColumnElement[bool]] = []
    if selection.offering:
        course_id, offering_id = selection.run
        conditions += [rows.c.course_id == course_id, rows.c.offering_id == offering_id]
    if selection.school and audience.side == "offering_school":
        # Asked by school, a protected student is not found: that would tell the school.
        conditions += [rows.c.home_school_id == selection.school, rows.c.protected.is_(False)]
    elif selection.school:
        conditions.append(rows.c.offering_school_id == selection.school)
    if selection.state:
        conditions.append(rows.c.state == selection.state)
    if selection.period:
        conditions.append(starts_between(selection.period.from_on, selection.period.until_on, catalogue))
    if selection.from_on or selection.until_on:
        conditions.append(starts_between(selection.from_on or date.min, selection.until_on or date.max, catalogue))
    return and_(True, *conditions)


def of_subject(subject: str, catalogue: Catalogue) -> ColumnElement[bool]:
    """The condition that an enrolment's course is of a subject, as the catalogue knows it."""
    return rows.c.course_id.in_(sorted(course.id for course in catalogue.courses.values() if course.subject_id == subject))


def starts_between(first: date, last: date, catalogue: Catalogue) -> ColumnElement[bool]:
    """The condition that studies start between two days, both included: at one's own pace at first contact, before it when enrolled."""
    start, contact = rows.c.starts_on, rows.c.first_contact_on
    zone = catalogue.network.time_zone
    since = datetime.combine(max(first, date(2, 1, 1)), time(), zone).astimezone(UTC)
    before = datetime.combine(min(last, date(9990, 1, 1)) + timedelta(days=1), time(), zone).astimezone(UTC)
    return or_(
        start.between(first, last),
        start.is_(None) & contact.between(first, last),
        start.is_(None) & contact.is_(None) & (rows.c.created_at >= since) & (rows.c.created_at < before),
    )
