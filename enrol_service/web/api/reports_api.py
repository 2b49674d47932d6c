"""The two reports as rows and as files, of own students and of own courses. Whose students are in them, report/audience.py decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Literal

from flask import Response, stream_with_context
from pydantic import Field

from enrol_service.refusals.base import sentence
from enrol_service.refusals.report import DaysBackwards, TooManyRows
from enrol_service.refusals.web import NotFound
from enrol_service.report import pdf_file, xlsx_file
from enrol_service.report.audience import Audience, audiences_of
from enrol_service.report.columns import Cell, TooFew
from enrol_service.report.document import MOST_ROWS, Question, csv_pieces, make
from enrol_service.report.selection import read_selection
from enrol_service.speech import Money
from enrol_service.web.api.operation import Call, Given, Told, operation
from enrol_service.web.page import here, service
from enrol_service.web.report_page import TYPES

Id = Annotated[str, Field(max_length=300, pattern="^[A-Za-z0-9ÅÄÖåäö/_.-]*$")]  # it is printed in the report's head
Shape = Literal["csv", "xlsx", "pdf"]


class Sum(Told):
    cents: int
    currency: str


class ReportTold(Told):
    """`columns`: key → heading, in order. A row has a value for each key."""

    columns: dict[str, str]
    rows: list[dict[str, str | int | date | datetime | Sum | None]]


class ReportQuery(Given):
    """`offering`: school/course/run. `school`: the other school. `from_on`, `until_on`: when the studies start."""

    report: Literal["participants", "completions"]
    offering: Id = ""
    school: Id = ""
    subject: Id = ""
    period: Id = Field("", description="2026-2027, 2026-autumn or 2027-spring")
    state: Id = ""
    from_on: date | None = None
    until_on: date | None = None


class FileQuery(ReportQuery):
    format: Shape = "csv"


@operation(
    "GET",
    "/reports/students",
    "see_home_reports",
    "A report on own students",
    query=ReportQuery,
    answer=ReportTold,
    refusals=(TooManyRows, DaysBackwards),
)
def students(call: Call, query: ReportQuery) -> ReportTold:
    return _rows(call, _question(call, "students", query))


@operation(
    "GET",
    "/reports/students/file",
    "see_home_reports",
    "The same as a file",
    query=FileQuery,
    media=tuple(TYPES.values()),
    refusals=(TooManyRows, DaysBackwards),
)
def students_file(call: Call, query: FileQuery) -> Response:
    return _file(call, _question(call, "students", query), query.format)


@operation(
    "GET",
    "/reports/courses",
    "see_offering_reports",
    "A report on the students of own courses; sums and national learner IDs need the scope see_payments as well",
    query=ReportQuery,
    answer=ReportTold,
    refusals=(TooManyRows, DaysBackwards),
)
def courses(call: Call, query: ReportQuery) -> ReportTold:
    return _rows(call, _question(call, "courses", query))


@operation(
    "GET",
    "/reports/courses/file",
    "see_offering_reports",
    "The same as a file",
    query=FileQuery,
    media=tuple(TYPES.values()),
    refusals=(TooManyRows, DaysBackwards),
)
def courses_file(call: Call, query: FileQuery) -> Response:
    return _file(call, _question(call, "courses", query), query.format)


def _question(call: Call, side: str, query: ReportQuery) -> Question:
    at = here()
    days = {"from": query.from_on.isoformat() if query.from_on else "", "until": query.until_on.isoformat() if query.until_on else ""}
    texts = query.model_dump(include={"offering", "school", "subject", "period", "state"})
    selection, wrong = read_selection({**texts, **days}, at.catalogue)
    for refusal in wrong.values():
        raise refusal
    return Question(query.report, _audience(call, side), selection, at.today)


def _audience(call: Call, side: str) -> Audience:
    """The side as the maker of the key reads it; of the courses, what accounts see needs its own scope."""
    found = next((one for one in audiences_of(call.caller.person) if one.key == f"{side}-{call.school_id}"), None)
    if found is None:
        raise NotFound
    return found if side == "students" else replace(found, accounts=found.accounts and call.caller.may("see_payments"))


def _rows(call: Call, question: Question) -> ReportTold:
    speech = here().speech
    made = make(call.connection, speech, question, "csv", MOST_ROWS)
    columns = {column.key: speech.gettext(column.title) for column in made.columns}
    return ReportTold(columns=columns, rows=[{key: _cell(cell) for key, cell in zip(columns, row, strict=True)} for row in made.rows])


def _cell(cell: Cell) -> str | int | date | datetime | Sum | None:
    if isinstance(cell, Money):
        return Sum(cents=cell.cents, currency=cell.currency)
    return None if isinstance(cell, TooFew) else cell


def _file(call: Call, question: Question, shape: Shape) -> Response:
    at = here()
    name = f"{question.report}-{question.audience.key}-{at.today}.{shape}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if shape == "csv":
        pieces = csv_pieces(service().database.read, at.speech, question)
        return Response(stream_with_context(pieces), content_type=TYPES[shape], headers=headers)
    made = make(call.connection, at.speech, question, shape, pdf_file.MOST_ROWS if shape == "pdf" else MOST_ROWS)
    maker = (
        (at.speech.gettext(sentence("Made by")), call.caller.person.name),
        (at.speech.gettext(sentence("Made")), at.speech.wording.moment_long(at.now)),
    )
    printed = pdf_file.pdf_file if shape == "pdf" else xlsx_file.xlsx_file
    return Response(printed(at.speech, made, maker, at.now), content_type=TYPES[shape], headers=headers)
