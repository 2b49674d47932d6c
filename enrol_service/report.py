"""The participant report: one row per student of an offering school's courses, as a file for a spreadsheet.

CSV as Finnish Excel reads it: UTF-8 with a byte order mark, semicolons, 30.11.2026, 150,00. A cell that a spreadsheet would
take for a formula is made plain text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from enrol_service import tables
from enrol_service.enrolments import Commitment, Enrolment, pairs
from enrol_service.participant import Participant, participant_of
from enrol_service.refusals import sentence
from enrol_service.speech import Speech
from enrol_service.tables import enrolment as rows

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # OWASP: CSV injection
ROWS_AT_ONCE = 200

STATE_WORDS = {
    "requested": sentence("Home school decides"),
    "queued": sentence("In the queue"),
    "offered": sentence("Place offered"),
    "placed": sentence("Place confirmed"),
    "active": sentence("Course running"),
    "completed": sentence("Completed"),
    "failed": sentence("Failed"),
    "interrupted": sentence("Dropped out"),
    "no_show": sentence("Did not start"),
    "refused": sentence("Refused"),
    "expired": sentence("Expired"),
    "withdrawn": sentence("Withdrawn"),
    "cancelled": sentence("Cancelled"),
}


def participants_csv(connect: Callable[[], Any], speech: Speech, *conditions: Any) -> Iterator[str]:
    """The report in pieces. `connect` opens a reading connection for each piece, so that a slow reader holds nothing open."""
    yield "\ufeff" + _lines([[speech.gettext(title) for title, _ in COLUMNS]])
    last = 0
    while True:
        with connect() as connection:
            found = _piece(connection, last, conditions)
        if not found:
            return
        last = found[-1][0].id
        yield _lines([_row(speech, enrolment, commitment) for enrolment, commitment in found])


def _piece(connection: Connection, last: int, conditions: tuple[Any, ...]) -> tuple[tuple[Enrolment, Commitment], ...]:
    wanted = rows.select().with_only_columns(rows.c.id).where(rows.c.id > last, *conditions).order_by(rows.c.id).limit(ROWS_AT_ONCE)
    ids = [row.id for row in connection.execute(wanted)]
    return pairs(connection, tables.enrolment.c.id.in_(ids))


def _row(speech: Speech, enrolment: Enrolment, commitment: Commitment) -> list[str]:
    student = participant_of(enrolment, speech.catalogue, speech.language)
    return [plain(written(speech, read(enrolment, commitment, student))) for _, read in COLUMNS]


def written(speech: Speech, value: object) -> str:
    """A value as Finnish spreadsheets read it."""
    if isinstance(value, datetime):
        local = value.astimezone(speech.catalogue.network.time_zone)
        return f"{local.day}.{local.month}.{local.year} {local.hour}.{local.minute:02}"
    if isinstance(value, date):
        return f"{value.day}.{value.month}.{value.year}"
    if isinstance(value, bool):
        return speech.gettext("yes") if value else ""
    if isinstance(value, State):
        return speech.gettext(STATE_WORDS[value])
    return "" if value is None else str(value)


def plain(cell: str) -> str:
    """The cell as text that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


class State(str):
    """A state of an enrolment, to be written in words."""

    __slots__ = ()


def _decimal(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"


def _lines(table: list[list[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\r\n").writerows(table)
    return file.getvalue()


Read = Callable[[Enrolment, Commitment, Participant], object]

# Heading → how the cell is read. What a protected identity hides is hidden by `participant_of`.
COLUMNS: tuple[tuple[str, Read], ...] = (
    (sentence("Number"), lambda e, c, p: e.number),
    (sentence("Course"), lambda e, c, p: e.course_id),
    (sentence("Course title"), lambda e, c, p: e.title),
    (sentence("Run"), lambda e, c, p: e.offering_id),
    (sentence("Starts"), lambda e, c, p: e.starts_on),
    (sentence("Ends"), lambda e, c, p: e.ends_on),
    (sentence("Student"), lambda e, c, p: p.name),
    (sentence("Email"), lambda e, c, p: p.email),
    (sentence("Home school"), lambda e, c, p: p.home_school),
    (sentence("Group"), lambda e, c, p: p.group),
    (sentence("Syllabus"), lambda e, c, p: p.syllabus),
    (sentence("National learner ID"), lambda e, c, p: p.learner_id),
    (sentence("Phone"), lambda e, c, p: p.phone),
    (sentence("Message"), lambda e, c, p: p.message),
    (sentence("Protected identity"), lambda e, c, p: e.protected),
    (sentence("State"), lambda e, c, p: State(e.state)),
    (sentence("Enrolled"), lambda e, c, p: e.created_at),
    (sentence("Decided"), lambda e, c, p: c.decided_at),
    (sentence("Price"), lambda e, c, p: _decimal(c.price_cents)),
    (sentence("To be paid"), lambda e, c, p: "" if c.charged_cents is None else _decimal(c.charged_cents)),
    (sentence("Currency"), lambda e, c, p: c.currency),
    (sentence("Price rule"), lambda e, c, p: c.price_rule_id),
)
