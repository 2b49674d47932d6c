"""A report made: its head, rows, totals and charts, from which the page, XLSX and PDF are printed and the CSV is written.

The totals are of all rows and only of what the audience may see: a sum that is hidden in its row is in no total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from enrol_service.completion.grade import MARKS, SCALE
from enrol_service.completion.shown import subject_name
from enrol_service.enrolment.participant import has_had_seat
from enrol_service.enrolment.words import school_name
from enrol_service.refusals.base import sentence
from enrol_service.refusals.report import TooManyRows
from enrol_service.report import completions, network, participants
from enrol_service.report.audience import Audience, scope
from enrol_service.report.chart import Chart, counted
from enrol_service.report.columns import Cell, Column, Shape, columns_for
from enrol_service.report.csv_file import MARK, csv_lines
from enrol_service.report.selection import Selection
from enrol_service.speech import Money, Speech
from enrol_service.state_words import STATE_WORDS
from enrol_service.tables import enrolment as rows

MOST_ROWS = 5000  # of a file made in one piece
ROWS_AT_ONCE = 200  # of a file sent in pieces

# Report → its title.
REPORTS = {"participants": sentence("Participant report"), "completions": sentence("Completion report")}
ABOUT = {
    "participants": sentence("Everybody who has, or has had, a confirmed place."),
    "completions": sentence("The course diary: each student's grade or mark in each subject of the course, as last published."),
}


@dataclass(frozen=True, slots=True)
class Question:
    """Which report, for whom, about what. `term` and `by`: of the network's reports alone."""

    report: str
    audience: Audience
    selection: Selection
    today: date
    term: str = ""
    by: str = "offering_school"


@dataclass(frozen=True, slots=True)
class Document:
    """`about`: names and values of the head; `totals`: rows as wide as the table, their first cell a heading."""

    title: str
    about: tuple[tuple[str, str], ...]
    columns: tuple[Column[Any], ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[tuple[Cell, ...], ...]
    charts: tuple[Chart, ...]


def make(connection: Connection, speech: Speech, question: Question, shape: Shape, most: int | None = None) -> Document:
    """The report in a shape. Refuses with TooManyRows when it has more than `most` rows."""
    if question.audience.side == "network":
        return _of_network(connection, speech, question, shape)
    found = _lines(connection, speech, question, most=None if most is None else most + 1)
    if most is not None and len(found) > most:
        raise TooManyRows(most=speech.wording.number(most))
    columns = columns_for(_columns(question), question.audience, shape)
    return Document(
        title=speech.gettext(REPORTS[question.report]),
        about=_head(speech, question),
        columns=columns,
        rows=_cells(speech, columns, found),
        totals=_totals(speech, columns, found),
        charts=_charts(speech, question, found),
    )


def csv_pieces(connect: Callable[[], Any], speech: Speech, question: Question) -> Iterator[str]:
    """The report as CSV in pieces. `connect` opens a reading connection for each, so that a slow reader holds nothing open."""
    if question.audience.side == "network":
        with connect() as connection:
            made = _of_network(connection, speech, question, "csv")
        yield MARK + csv_lines(speech, [[speech.gettext(one.title) for one in made.columns], *made.rows])
        return
    columns = columns_for(_columns(question), question.audience, "csv")
    yield MARK + csv_lines(speech, [[speech.gettext(one.title) for one in columns]])
    last = 0
    while True:
        with connect() as connection:
            conditions = _conditions(speech, question)
            ids = connection.execute(
                select(rows.c.id).where(rows.c.id > last, has_had_seat(), *conditions).order_by(rows.c.id).limit(ROWS_AT_ONCE)
            ).scalars()
            some = tuple(ids)
            found = _lines(connection, speech, question, rows.c.id.in_(some)) if some else ()
        if not some:
            return
        last = some[-1]
        if found:
            yield csv_lines(speech, _cells(speech, columns, found))


def _columns(question: Question) -> tuple[Column[Any], ...]:
    return participants.COLUMNS if question.report == "participants" else completions.COLUMNS


def _conditions(speech: Speech, question: Question) -> tuple[Any, ...]:
    asked = participants.asked if question.report == "participants" else completions.asked
    return (scope(question.audience, question.today), *asked(question.selection, question.audience, speech))


def _lines(connection: Connection, speech: Speech, question: Question, *more: Any, most: int | None = None) -> tuple[Any, ...]:
    conditions = (*_conditions(speech, question), *more)
    if question.report == "participants":
        return participants.participant_lines(connection, speech, question.audience, *conditions, most=most)
    found = completions.completion_lines(connection, speech, question.audience, *conditions, most=most)
    return completions.within(question.selection, found)


def _cells(speech: Speech, columns: Sequence[Column[Any]], lines: Iterable[Any]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(column.read(speech, line) for column in columns) for line in lines)


def _totals(speech: Speech, columns: Sequence[Column[Any]], lines: Sequence[Any]) -> tuple[tuple[Cell, ...], ...]:
    """One row of sums, and one more for each further currency; none when nothing is summed."""
    sums: dict[str, dict[str, int]] = {}  # currency, or "" → column → sum
    for column in columns:
        for cell in (column.read(speech, line) for line in lines) if column.added else ():
            currency, amount = (cell.currency, cell.cents) if isinstance(cell, Money) else ("", cell if isinstance(cell, int) else None)
            if amount is not None:
                sums.setdefault(currency, {})
                sums[currency][column.key] = sums[currency].get(column.key, 0) + amount
    return tuple(_total(speech, columns, currency, sums[currency]) for currency in sorted(sums))


def _total(speech: Speech, columns: Sequence[Column[Any]], currency: str, sums: dict[str, int]) -> tuple[Cell, ...]:
    cells: list[Cell] = [None] * len(columns)
    for index, column in enumerate(columns):
        if column.key in sums:
            cells[index] = Money(sums[column.key], currency) if column.kind == "money" else sums[column.key]
    cells[0] = speech.gettext(sentence("Total"))
    return tuple(cells)


def _charts(speech: Speech, question: Question, lines: Sequence[Any]) -> tuple[Chart, ...]:
    rest = speech.gettext(sentence("Others"))
    if question.report == "completions":
        none = speech.gettext(sentence("No grade yet"))
        grades = [line.result.grade_or_mark or none for line in lines]
        subjects = [subject_name(speech, line.result.subject_id) for line in lines]
        return (
            counted("grade", speech.gettext(sentence("By grade or mark")), grades, rest, (*SCALE, *MARKS, none)),
            counted("subject", speech.gettext(sentence("By subject")), subjects, rest),
        )
    words = [speech.gettext(word) for word in STATE_WORDS.values()]
    states = [speech.gettext(STATE_WORDS[line.place.enrolment.state]) for line in lines]
    schools = [line.other_school for line in lines if line.other_school]
    untold = len({line.place.enrolment.email for line in lines if not line.other_school})
    note = (
        speech.words.ngettext("%(count)s student whose school is not shown", "%(count)s students whose school is not shown", untold)
        % {"count": untold}
        if untold
        else ""
    )
    own = question.audience.side == "home_school"
    by_school = speech.gettext(sentence("By offering school") if own else sentence("By home school"))
    return (
        counted("state", speech.gettext(sentence("By state")), states, rest, words),
        replace(counted("school", by_school, schools, rest), note=note),
    )


def _head(speech: Speech, question: Question) -> tuple[tuple[str, str], ...]:
    """For whom, and what was chosen, in words."""
    selection = question.selection
    side = sentence("Offering school") if question.audience.side == "offering_school" else sentence("Home school")
    other = sentence("Home school") if question.audience.side == "offering_school" else sentence("Offering school")
    found = [(side, school_name(speech, question.audience.school_id))]
    if selection.offering:
        found.append((sentence("Run"), run_words(speech, selection.offering)))
    if selection.school:
        found.append((other, school_name(speech, selection.school)))
    if selection.subject:
        found.append((sentence("Subject"), subject_name(speech, selection.subject)))
    if selection.period:
        found.append((sentence("Studies start"), selection.period.words(speech)))
    if selection.from_on or selection.until_on:
        first, last = (speech.wording.date(one) if one else "" for one in (selection.from_on, selection.until_on))
        found.append((sentence("Studies start"), f"{first}–{last}"))
    if selection.state:
        word = STATE_WORDS.get(selection.state)
        found.append((sentence("State"), speech.gettext(word) if word else selection.state))
    return tuple((speech.gettext(name), value) for name, value in found)


def run_words(speech: Speech, offering: str) -> str:
    """A run, given as `school/course/offering`, by the title of the course and the label of the run, or as it is."""
    course_id, _, offering_id = offering.rpartition("/")
    course = speech.catalogue.courses.get(course_id)
    run = course.offering(offering_id) if course else None
    if course is None:
        return offering
    return f"{course.title.to(speech.language)}, {run.label.to(speech.language) if run else offering_id}"


def _of_network(connection: Connection, speech: Speech, question: Question, shape: Shape) -> Document:
    report, by = question.report, question.by
    term = network.term_of(speech, question.term, question.today)
    lines, totals = network.group_lines(connection, speech, report, by, term)
    columns = columns_for(network.columns_of(report, by), question.audience, shape)
    other = ("state" if report == "participants" else "grade") if by not in ("state", "grade") else "offering_school"
    others, _ = network.group_lines(connection, speech, report, other, term)
    headings = network.BY[report]
    grouped = (sentence("By"), speech.gettext(headings[by]))
    about = [(sentence("Network"), speech.catalogue.network.name.to(speech.language)), grouped]
    if by != "period":
        about.append((sentence("Term"), term.words(speech)))
    return Document(
        title=speech.gettext(REPORTS[report]),
        about=tuple((speech.gettext(name), value) for name, value in about),
        columns=columns,
        rows=_cells(speech, columns, lines),
        totals=_cells(speech, columns, totals),
        charts=(
            network.drawn_groups(by, speech.gettext(headings[by]), lines, speech),
            network.drawn_groups(other, speech.gettext(headings[other]), others, speech),
        ),
    )
