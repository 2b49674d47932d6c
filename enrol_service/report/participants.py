"""The participant report: one row per student with a confirmed seat on an offering school's courses, as a file for a spreadsheet.

Who is in it and what is told of each, participant.py decides: nobody who never had a confirmed seat; of a protected student
neither the home school nor a sum that would betray it; to a teacher neither sums nor the national learner ID.
CSV as Finnish Excel reads it: UTF-8 with a byte order mark, semicolons, 30.11.2026, 150,00. A cell that a spreadsheet would
take for a formula is made plain text.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from enrol_service import tables
from enrol_service.enrolment.enrolments import Commitment, Enrolment, pairs
from enrol_service.enrolment.participant import Participant, has_had_seat, participant_of
from enrol_service.mail.mails import course_title
from enrol_service.refusals.base import sentence
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


def participants_csv(connect: Callable[[], Any], speech: Speech, *conditions: Any, for_teacher: bool = False) -> Iterator[str]:
    """The report in pieces. `connect` opens a reading connection for each piece, so that a slow reader holds nothing open."""
    columns = [(title, read) for title, read in COLUMNS if not (for_teacher and title in NOT_FOR_TEACHERS)]
    yield "\ufeff" + _lines([[speech.gettext(title) for title, _ in columns]])
    last = 0
    while True:
        with connect() as connection:
            found = _piece(connection, last, conditions)
        if not found:
            return
        last = found[-1][0].id
        yield _lines([_row(speech, [read for _, read in columns], enrolment, commitment) for enrolment, commitment in found])


def _piece(connection: Connection, last: int, conditions: tuple[Any, ...]) -> tuple[tuple[Enrolment, Commitment], ...]:
    those = rows.select().with_only_columns(rows.c.id).where(rows.c.id > last, has_had_seat(), *conditions)
    ids = [row.id for row in connection.execute(those.order_by(rows.c.id).limit(ROWS_AT_ONCE))]
    return pairs(connection, tables.enrolment.c.id.in_(ids))


def _row(speech: Speech, reads: list[Read], enrolment: Enrolment, commitment: Commitment) -> list[str]:
    student = participant_of(enrolment, speech.catalogue, speech.language)
    return [plain(written(speech, read(speech, enrolment, commitment, student))) for read in reads]


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
    """The cell as text that no spreadsheet runs, also when it drops what has no width or takes a full-width sign for a plain one."""
    seen = "".join(letter for letter in unicodedata.normalize("NFKC", cell) if unicodedata.category(letter) not in ("Cf", "Cc"))
    return f"'{cell}" if cell.startswith(FORMULA) or seen.lstrip().startswith(FORMULA) else cell


class State(str):
    """A state of an enrolment, to be written in words."""

    __slots__ = ()


def _sum(enrolment: Enrolment, cents: int | None) -> str:
    """A sum of money; blank for a protected student, whose school it would tell apart."""
    return "" if cents is None or enrolment.protected else f"{cents // 100},{cents % 100:02}"


def _lines(table: list[list[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\r\n").writerows(table)
    return file.getvalue()


Read = Callable[[Speech, Enrolment, Commitment, Participant], object]

# Heading → how the cell is read. What a protected identity hides is hidden by `participant_of`, and by `_sum` what is paid.
COLUMNS: tuple[tuple[str, Read], ...] = (
    (sentence("Number"), lambda s, e, c, p: e.number(s.catalogue.network.time_zone)),
    (sentence("Course"), lambda s, e, c, p: e.course_id),
    (sentence("Course title"), lambda s, e, c, p: course_title(s, e)),
    (sentence("Run"), lambda s, e, c, p: e.offering_id),
    (sentence("Starts"), lambda s, e, c, p: e.starts_on),
    (sentence("Ends"), lambda s, e, c, p: e.ends_on),
    (sentence("Student"), lambda s, e, c, p: p.name),
    (sentence("Email"), lambda s, e, c, p: p.email),
    (sentence("Home school"), lambda s, e, c, p: p.home_school),
    (sentence("Group"), lambda s, e, c, p: p.group),
    (sentence("Syllabus"), lambda s, e, c, p: p.syllabus),
    (sentence("National learner ID"), lambda s, e, c, p: p.learner_id),
    (sentence("Phone"), lambda s, e, c, p: p.phone),
    (sentence("Message"), lambda s, e, c, p: p.message),
    (sentence("Protected identity"), lambda s, e, c, p: e.protected),
    (sentence("State"), lambda s, e, c, p: State(e.state)),
    (sentence("Enrolled"), lambda s, e, c, p: e.created_at),
    (sentence("Decided"), lambda s, e, c, p: c.decided_at),
    (sentence("Price"), lambda s, e, c, p: _sum(e, c.price_cents)),
    (sentence("To be paid"), lambda s, e, c, p: _sum(e, c.charged_cents)),
    (sentence("Currency"), lambda s, e, c, p: "" if e.protected else c.currency),
    (sentence("Price rule"), lambda s, e, c, p: "" if e.protected else c.price_rule_id),
)
NOT_FOR_TEACHERS = frozenset({"National learner ID", "Decided", "Price", "To be paid", "Currency", "Price rule"})
