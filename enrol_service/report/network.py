"""The network's reports: counts, credits and sums by school, subject, term, state or grade. No student is named.

A group of fewer than three students is not told, and where that leaves the group to be reckoned from the total, the next
smallest is not told either. One table is of one term and one grouping, so that two of them never differ by a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from enrol_service.completion.shown import subject_name
from enrol_service.enrolment.participant import has_had_seat
from enrol_service.enrolment.words import school_name
from enrol_service.refusals.base import sentence
from enrol_service.report.audience import Side
from enrol_service.report.chart import Chart, drawn
from enrol_service.report.columns import EVERYWHERE, Cell, Column, TooFew
from enrol_service.report.completions import LEFT, SubjectResult, in_diary, results_of
from enrol_service.report.place import NOT_OWED
from enrol_service.report.selection import Period, periods, starts_between
from enrol_service.speech import Money, Speech
from enrol_service.state_words import STATE_WORDS
from enrol_service.tables import commitment
from enrol_service.tables import enrolment as rows

FEWEST = 3  # students that a group may have and be told
NETWORK_ONLY: frozenset[Side] = frozenset({"network"})

# What a report may be grouped by → its heading.
BY: Mapping[str, Mapping[str, str]] = {
    "participants": {
        "offering_school": sentence("Offering school"),
        "home_school": sentence("Home school"),
        "subject": sentence("Subject"),
        "state": sentence("State"),
        "period": sentence("Term"),
    },
    "completions": {
        "offering_school": sentence("Offering school"),
        "home_school": sentence("Home school"),
        "subject": sentence("Subject"),
        "grade": sentence("Grade or mark"),
        "period": sentence("Term"),
    },
}


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A row: a group's name and numbers. `hidden`: why its numbers are not told, None when they are."""

    name: str
    persons: frozenset[str]  # e-mail addresses, to count students; never printed
    places: int
    credits: int
    price_cents: int
    charged_cents: int
    currency: str
    hidden: TooFew | None = None

    @property
    def few(self) -> bool:
        return len(self.persons) < FEWEST


Line = GroupLine


@dataclass(frozen=True, slots=True)
class _Fact:
    """One place, or one subject of it, with everything that it may be grouped by, in words."""

    person: str
    groups: Mapping[str, str]
    credits: int
    price_cents: int
    charged_cents: int
    currency: str


def terms(speech: Speech) -> tuple[Period, ...]:
    """The terms that a report may be of, the newest first. Whole years are not among them: a year less a term would be the other."""
    found = [one for one in periods(speech.catalogue) if "autumn" in one.id or "spring" in one.id]
    return tuple(sorted(found, key=lambda one: one.from_on, reverse=True))


def term_of(speech: Speech, term_id: str, today: date) -> Period:
    """The term of an id; without one the present term, or the newest."""
    every = terms(speech)
    present = next((one for one in every if one.from_on <= today <= one.until_on), every[0])
    return next((one for one in every if one.id == term_id), present)


def group_lines(connection: Connection, speech: Speech, report: str, by: str, term: Period) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The groups of a report, largest first, and their totals, one for each currency. By term, the report is of every term."""
    chosen = terms(speech) if by == "period" else (term,)
    facts = [fact for one in chosen for fact in _facts(connection, speech, report, one)]
    lines, totals = [], []
    for currency in sorted({fact.currency for fact in facts}):
        own = [fact for fact in facts if fact.currency == currency]
        groups = _grouped(own, by)
        total = _summed(speech.gettext(sentence("Total")), own)
        untold = all(one.hidden for one in groups) and _follows_from_total(groups, [])
        lines += groups
        totals.append(replace(total, hidden=TooFew(withheld=not total.few) if untold or total.few else None))
    return tuple(lines), tuple(totals)


def _grouped(facts: Iterable[_Fact], by: str) -> list[Line]:
    groups: dict[str, list[_Fact]] = {}
    for fact in facts:
        groups.setdefault(fact.groups[by], []).append(fact)
    lines = sorted((_summed(name, own) for name, own in groups.items()), key=lambda one: (-one.places, one.name))
    return _hidden_where_few(lines)


def _hidden_where_few(lines: list[Line]) -> list[Line]:
    """Hide small groups, and further ones until nothing of those hidden follows from the total; hidden ones come last, by name."""
    hidden = {index: TooFew() for index, line in enumerate(lines) if line.few}
    for index in sorted(range(len(lines)), key=lambda index: lines[index].places):
        told_yet = [line for one, line in enumerate(lines) if one not in hidden]
        if not hidden or not _follows_from_total([lines[one] for one in hidden], told_yet):
            break
        hidden.setdefault(index, TooFew(withheld=True))
    told = [replace(line, hidden=hidden.get(index)) for index, line in enumerate(lines)]
    return [one for one in told if not one.hidden] + sorted((one for one in told if one.hidden), key=lambda one: one.name)


def _follows_from_total(hidden: list[Line], told: list[Line]) -> bool:
    """Whether a group's number can be reckoned when only the sum of those hidden is known, and which of them are small.

    One that is withheld has no more places than the smallest that is told.
    """
    small = sum(line.few for line in hidden)
    least = small + FEWEST * (len(hidden) - small)
    most: int | None = None
    if small == len(hidden) or told:
        most = (FEWEST - 1) * small + min((one.places for one in told), default=0) * (len(hidden) - small)
    persons = len(frozenset[str]().union(*(line.persons for line in hidden)))
    places = sum(line.places for line in hidden)
    return len(hidden) < 2 or persons < FEWEST or bool({persons, places} & {least, most})


def _summed(name: str, facts: list[_Fact]) -> Line:
    return GroupLine(
        name=name,
        persons=frozenset(one.person for one in facts),
        places=len(facts),
        credits=sum(one.credits for one in facts),
        price_cents=sum(one.price_cents for one in facts),
        charged_cents=sum(one.charged_cents for one in facts),
        currency=facts[0].currency,
    )


def _facts(connection: Connection, speech: Speech, report: str, term: Period) -> list[_Fact]:
    one, promise = rows.c, commitment.c
    columns = (one.id, one.email, one.course_id, one.offering_school_id, one.home_school_id, one.state)
    sums = (promise.price_cents, promise.charged_cents, promise.currency, promise.state.label("commitment_state"))
    conditions = [has_had_seat(), starts_between(term.from_on, term.until_on, speech.catalogue)]
    if report == "completions":
        conditions.append(in_diary())
    else:  # a place that was given up or cancelled, and costs nobody anything, is none
        conditions.append(one.state.not_in(LEFT) | promise.state.not_in(NOT_OWED))
    found = connection.execute(select(*columns, *sums).join_from(rows, commitment).where(*conditions)).all()
    results = results_of(connection, speech.catalogue, {row.id: row.course_id for row in found}) if report == "completions" else {}
    return [fact for row in found for fact in _facts_of(speech, row, term, results.get(row.id))]


def _facts_of(speech: Speech, row: Any, term: Period, results: tuple[SubjectResult, ...] | None) -> Iterable[_Fact]:
    course = speech.catalogue.courses.get(row.course_id)
    groups = {
        "offering_school": school_name(speech, row.offering_school_id),
        "home_school": school_name(speech, row.home_school_id),
        "subject": subject_name(speech, course.subject_id if course else ""),
        "state": speech.gettext(STATE_WORDS[row.state]),
        "period": term.words(speech),
        "grade": "",
    }
    if results is None:
        price_cents = 0 if row.commitment_state in NOT_OWED else row.price_cents
        yield _Fact(row.email, groups, course.credits if course else 0, price_cents, row.charged_cents or 0, row.currency)
        return
    for result in results:
        told = {
            "subject": subject_name(speech, result.subject_id),
            "grade": result.grade_or_mark or speech.gettext(sentence("No grade yet")),
        }
        yield _Fact(row.email, {**groups, **told}, result.credits or 0, 0, 0, "")


def _told(line: Line, cell: Cell, of_students: bool) -> Cell:
    """A number, or why it is not told: that it is small can be said of students alone."""
    return cell if line.hidden is None else line.hidden if of_students else TooFew(withheld=True)


def drawn_groups(name: str, title: str, lines: Iterable[Line], speech: Speech) -> Chart:
    """The chart of groups by their rows; one that is not told has no bar."""
    return drawn(name, title, [(one.name, *_bar(one, speech)) for one in lines])


def _bar(line: Line, speech: Speech) -> tuple[str, int]:
    return (TooFew(withheld=True).words(speech), 0) if line.hidden else (speech.wording.number(line.places), line.places)


def columns_of(report: str, by: str) -> tuple[Column[Line], ...]:
    """The columns of a report, the first of them the groups'."""
    group: Column[Line] = Column(by, BY[report][by], lambda s, r: r.name, sides=NETWORK_ONLY, shapes=EVERYWHERE, width=30)
    return (group, *(PARTICIPANTS if report == "participants" else COMPLETIONS))


def _column(key: str, title: str, read: Any, kind: Any = "number") -> Column[Line]:
    return Column(key, title, lambda s, r: _told(r, read(r), key == "students"), kind, sides=NETWORK_ONLY, shapes=EVERYWHERE, width=14)


STUDENTS = _column("students", sentence("Students"), lambda r: len(r.persons))
PARTICIPANTS: tuple[Column[Line], ...] = (
    STUDENTS,
    _column("places", sentence("Places"), lambda r: r.places),
    _column("credits", sentence("Credits of the courses"), lambda r: r.credits),
    _column("price", sentence("Price"), lambda r: Money(r.price_cents, r.currency), "money"),
    _column("charged", sentence("To be paid"), lambda r: Money(r.charged_cents, r.currency), "money"),
    Column("currency", sentence("Currency"), lambda s, r: r.currency, sides=NETWORK_ONLY, width=8),
)
COMPLETIONS: tuple[Column[Line], ...] = (
    STUDENTS,
    _column("results", sentence("Rows in the diary"), lambda r: r.places),
    _column("credits", sentence("Credits gained"), lambda r: r.credits),
)
