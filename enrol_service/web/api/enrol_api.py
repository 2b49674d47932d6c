"""The home school enrols students and commits in the same act, by the rows of a table: first a dry run, then the act."""

from __future__ import annotations

import secrets
from typing import Literal

from flask import request
from pydantic import Field

from enrol_service.enrolment.enrol_many import RowPlan, RowResult, enrol_many, plan
from enrol_service.enrolment.spreadsheet import MOST_BYTES, MOST_ROWS, Row
from enrol_service.web.api.operation import Call, Given, Number, Text, Told, Word, operation
from enrol_service.web.page import here


class StudentRow(Given):
    """One student on one run. `price_cents`: the price that a dry run has told."""

    name: Text
    email: Text
    group: Text = ""
    syllabus: Text = Field("", description="nuoret, aikuiset, ammatillinen or muu")
    course: Word = Field(description="school/course, as in the open data")
    offering: Word = Field("", description="may be left out where only one run is open")
    learner_id: Text = ""
    phone: Text = ""
    message: Text = ""
    protected: bool = False
    price_cents: Number | None = None


class StudentRows(Given):
    """`all_or_none`: nothing is done unless every row is right. `dry_run`: nothing is done in any case."""

    rows: list[StudentRow] = Field(min_length=1, max_length=MOST_ROWS)
    dry_run: bool = True
    all_or_none: bool = False


class RowError(Told):
    at: str
    what: str
    refusal: str


class RowTold(Told):
    """What became of a row, or would. Wrong rows are `error`, with why."""

    row: int = Field(description="from 1, in the order of sending")
    done: bool
    outcome: Literal["created", "updated", "same", "error"]
    errors: list[RowError]
    enrolment: int | None
    course: str | None
    offering: str | None
    state: str = Field(description="of the enrolment afterwards")
    place_in_line: int = Field(description="0 = not in line")
    commits: bool
    price_cents: int | None
    currency: str | None


class RowsTold(Told):
    dry_run: bool
    rows: list[RowTold]


@operation(
    "POST",
    "/students/enrol",
    "enrol_students",
    "Enrol students and commit, or say what that would be",
    body=StudentRows,
    answer=RowsTold,
    most_bytes=MOST_BYTES,
)
def enrolled(call: Call, body: StudentRows) -> RowsTold:
    at, rows = here(), [_row(number, one) for number, one in enumerate(body.rows, 1)]
    if body.dry_run:
        plans = plan(call.connection, at.catalogue, call.school_id, rows, at.now)
        return RowsTold(dry_run=True, rows=[_told(one, None, done=False) for one in plans])
    language = at.loaded.language(at.catalogue.schools[call.school_id].language)
    key = f"api {call.caller.token.id} {request.headers.get('Idempotency-Key') or secrets.token_urlsafe(16)}"
    results = enrol_many(call.connection, at.catalogue, call.school_id, rows, body.all_or_none, call.actor(), language, at.now, key)
    return RowsTold(dry_run=False, rows=[_result(one) for one in results])


def _row(number: int, one: StudentRow) -> Row:
    """The row as a table would have it."""
    values = one.model_dump(include={"name", "email", "group", "syllabus", "learner_id", "phone", "message"})
    run, protected = f"{one.course} {one.offering}".strip(), "yes" if one.protected else ""
    return Row(number, {**values, "run": run, "protected": protected}, one.price_cents)


def _result(one: RowResult) -> RowTold:
    return _told(one.plan, one.enrolment_id, done=one.done)


def _told(one: RowPlan, enrolment_id: int | None, *, done: bool) -> RowTold:
    say = here().speech.say
    return RowTold(
        row=one.row.number,
        done=done,
        outcome=one.outcome,
        errors=[RowError(at=field, what=say(refusal), refusal=type(refusal).__name__) for field, refusal in one.errors.items()],
        enrolment=enrolment_id,
        course=one.course.id if one.course else None,
        offering=one.offering.id if one.offering else None,
        state=one.state,
        place_in_line=one.rank,
        commits=one.commits,
        price_cents=one.price.cents if one.price else None,
        currency=one.price.currency if one.price else None,
    )
