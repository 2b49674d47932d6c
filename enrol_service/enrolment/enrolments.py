"""An enrolment and its commitment as they are stored, and how they are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, select

from course_catalogue.leaving import LeavingRow, dated_from, row_on
from course_catalogue.model import CourseId, OfferingId, Text
from enrol_service import tables


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A row of `enrolment`; see tables.py for each column."""

    id: int
    state: str
    course_id: str
    offering_id: str
    offering_school_id: str
    home_school_id: str
    title: str
    starts_on: date | None
    ends_on: date | None
    queue_number: int | None
    offer_until_at: datetime | None
    first_contact_on: date | None
    enrolled_by_id: int | None
    created_at: datetime
    state_at: datetime
    language: str
    name: str
    email: str
    group_name: str
    syllabus: str
    learner_id: str
    phone: str
    message: str
    protected: bool
    alias: str
    form_key: str | None
    form_digest: str

    def number(self, zone: ZoneInfo) -> str:
        """What people say to each other: `T-2026-00184`, with the year in the network's time zone."""
        return _number(self.id, self.created_at, zone)


@dataclass(frozen=True, slots=True)
class Commitment:
    """A row of `commitment`, see tables.py for each column, and the day of first contact from its enrolment.

    `leaving` stays as it was promised, whatever is marked and undone; its days are reckoned when it is read.
    """

    enrolment_id: int
    state: str
    price_cents: int
    currency: str
    buyer: str
    price_rule_id: str
    agreement_id: str
    agreement_digest: str
    offering_digest: str
    git_commit: str | None
    text_shown: str
    leaving: list[dict[str, Any]]
    asked_at: datetime
    answer_by_at: datetime
    decided_at: datetime | None
    decided_by_id: int | None
    authorisation_id: int | None
    reminded_at: datetime | None
    escalated_at: datetime | None
    refusal_reason_id: str | None
    charged_cents: int | None
    charged_step_id: str | None
    first_contact_on: date | None

    def leaving_rows(self) -> tuple[LeavingRow, ...]:
        """The price of leaving as it was promised, whatever the agreement says today, with the days that first contact gives it."""
        return dated_from([_row_from(one) for one in self.leaving], self.first_contact_on)

    def leaving_on(self, day: date) -> LeavingRow:
        """What leaving costs on a day."""
        return row_on(self.leaving_rows(), day)


ENROLMENT_COLUMNS = tuple(tables.enrolment.c[field.name] for field in fields(Enrolment))
COMMITMENT_COLUMNS = (
    *(tables.commitment.c[field.name] for field in fields(Commitment) if field.name in tables.commitment.c),
    tables.enrolment.c.first_contact_on,
)
PROMISES = select(*COMMITMENT_COLUMNS).join_from(tables.commitment, tables.enrolment)
BOTH = select(*ENROLMENT_COLUMNS, *COMMITMENT_COLUMNS).join_from(tables.enrolment, tables.commitment)


def on_run(course_id: CourseId, offering_id: OfferingId) -> ColumnElement[bool]:
    """The condition that an enrolment is on a run."""
    return (tables.enrolment.c.course_id == course_id) & (tables.enrolment.c.offering_id == offering_id)


def read_enrolment(connection: Connection, enrolment_id: int) -> Enrolment:
    return Enrolment(*connection.execute(select(*ENROLMENT_COLUMNS).where(tables.enrolment.c.id == enrolment_id)).one())


def read_commitment(connection: Connection, enrolment_id: int) -> Commitment:
    return Commitment(*connection.execute(PROMISES.where(tables.commitment.c.enrolment_id == enrolment_id)).one())


def pairs(connection: Connection, *conditions: Any) -> tuple[tuple[Enrolment, Commitment], ...]:
    """Enrolments with their commitments, in the order of asking."""
    cut = len(ENROLMENT_COLUMNS)
    rows = connection.execute(BOTH.where(*conditions).order_by(tables.enrolment.c.id))
    return tuple((Enrolment(*row[:cut]), Commitment(*row[cut:])) for row in rows)


def numbers_of(connection: Connection, enrolment_ids: Iterable[int], zone: ZoneInfo) -> Mapping[int, str]:
    """What people call these enrolments, by id; those that are gone are left out."""
    columns = (tables.enrolment.c.id, tables.enrolment.c.created_at)
    rows = connection.execute(select(*columns).where(tables.enrolment.c.id.in_(sorted(set(enrolment_ids)))))
    return {row.id: _number(row.id, row.created_at, zone) for row in rows}


def leaving_as_stored(rows: Iterable[LeavingRow]) -> list[dict[str, Any]]:
    """Rows of the price of leaving in the form in which a commitment keeps them."""
    return [
        {
            "from_on": row.from_on.isoformat() if row.from_on else None,
            "until_on": row.until_on.isoformat() if row.until_on else None,
            "cents": row.cents,
            "share": row.share,
            "because": {"language": row.because.language, "texts": dict(row.because.by_language)} if row.because else None,
            "step_id": row.step_id,
            "anchor": row.anchor,
            "days": row.days,
        }
        for row in rows
    ]


def _number(enrolment_id: int, created_at: datetime, zone: ZoneInfo) -> str:
    return f"T-{created_at.astimezone(zone).year}-{enrolment_id:05}"


def _row_from(stored: dict[str, Any]) -> LeavingRow:
    because = stored["because"]
    days = {name: date.fromisoformat(stored[name]) if stored[name] else None for name in ("from_on", "until_on")}
    text = Text(because["language"], because["texts"]) if because else None
    return LeavingRow(**{**stored, **days, "because": text})
