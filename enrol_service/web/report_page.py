"""The two reports, on the page and as files: for the offering school, the home school and the network.

Whose students a reader sees, report/audience.py decides; what is asked is in the address, so that it can be kept and sent on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, stream_with_context
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from enrol_service.enrolment.participant import has_had_seat
from enrol_service.enrolment.words import school_name
from enrol_service.refusals.base import Refusal, sentence
from enrol_service.refusals.web import NotFound
from enrol_service.report import network, pdf_file, xlsx_file
from enrol_service.report.audience import Audience, audiences_of, scope
from enrol_service.report.columns import Cell, TooFew, written
from enrol_service.report.document import ABOUT, MOST_ROWS, REPORTS, Document, Question, csv_pieces, make, run_words
from enrol_service.report.selection import KEYS, Selection, periods, read_selection
from enrol_service.speech import Money
from enrol_service.state_words import STATE_WORDS
from enrol_service.tables import enrolment as rows
from enrol_service.web.access import me, staff
from enrol_service.web.page import STAFF_PAGE, here, page, private, service
from enrol_service.web.table import Column, TableView, sort_key, table_view

pages = Blueprint("reports", __name__)

READERS = ("see_offering_reports", "see_home_reports", "see_network_reports")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
SEATED = tuple(state for state in STATE_WORDS if state in ("placed", "active", "completed", "failed", "interrupted", "no_show"))
LEFT = ("withdrawn", "cancelled")  # in the participant report alone


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the form: a closed list, value → words."""

    key: str
    title: str  # a msgid
    words: Mapping[str, str]
    value: str
    every: bool = True  # may be left open


@pages.get("/staff/reports")
@staff(*READERS)
def show() -> ResponseReturnValue:
    return _page("participants")


@pages.get("/staff/reports/<report>")
@staff(*READERS)
def show_report(report: str) -> ResponseReturnValue:
    """A report on the page, or, with an ending, as a file."""
    name, _, shape = report.partition(".")
    if name not in REPORTS or (shape and shape not in TYPES):
        raise NotFound
    return _file(name, shape) if shape else _page(name)


def _page(report: str) -> Response:
    private(STAFF_PAGE)
    at = here()
    audience = _audience()
    selection, wrong = read_selection(request.args, at.catalogue)
    question = _question(report, audience, selection)
    with service().database.read() as connection:
        made = make(connection, at.speech, question, "page") if not wrong else None
        choices = _choices(connection, question)
    kept = {key: request.args[key] for key in ("as", "term", "by", *KEYS) if request.args.get(key)}
    return page(
        "report/report.html",
        next((refusal.status for refusal in wrong.values()), 200),
        report=report,
        title=at.speech.gettext(REPORTS[report]),
        about=at.speech.gettext(ABOUT[report]),
        tabs=[(name, at.speech.gettext(title), f"{at.url.staff('reports')}/{name}{_query(kept)}") for name, title in REPORTS.items()],
        audience=audience,
        audiences=Choice("as", sentence("Whose"), _audience_words(), audience.key, every=False),
        choices=choices,
        days=_days(selection, wrong),
        errors={f"report-{field}": at.speech.say(refusal) for field, refusal in wrong.items()},
        made=made,
        table=_table(made) if made else None,
        written=lambda cell: written(at.speech, cell),
        files={shape: f"{at.url.staff('reports')}/{report}.{shape}{_query(kept)}" for shape in TYPES},
        narrowed=selection.narrowed,
        cleared=f"?{urlencode({'as': audience.key})}",
        fewest=network.FEWEST,
        nav_current="reports",
    )


def _file(report: str, shape: str) -> Response:
    private(STAFF_PAGE)
    at = here()
    audience = _audience()
    selection, wrong = read_selection(request.args, at.catalogue)
    if wrong:
        return _page(report)
    question = _question(report, audience, selection)
    headers = {"Content-Disposition": f'attachment; filename="{report}-{audience.key}-{at.today}.{shape}"'}
    if shape == "csv":
        pieces = csv_pieces(service().database.read, at.speech, question)
        return Response(stream_with_context(pieces), content_type=TYPES[shape], headers=headers)
    with service().database.read() as connection:
        made = make(
            connection, at.speech, question, "pdf" if shape == "pdf" else "xlsx", pdf_file.MOST_ROWS if shape == "pdf" else MOST_ROWS
        )
    maker = (
        (at.speech.gettext(sentence("Made by")), me().name),
        (at.speech.gettext(sentence("Made")), at.speech.wording.moment_long(at.now)),
    )
    printed = pdf_file.pdf_file if shape == "pdf" else xlsx_file.xlsx_file
    return Response(printed(at.speech, made, maker, at.now), content_type=TYPES[shape], headers=headers)


def _audience() -> Audience:
    """The side that the address names, or the reader's first one. Another school's, and one that never was: NotFound."""
    mine = audiences_of(me())
    asked = request.args.get("as", "")
    found = next((one for one in mine if not asked or one.key == asked), None)
    if found is None:
        raise NotFound
    return found


def _question(report: str, audience: Audience, selection: Selection) -> Question:
    by = request.args.get("by", "")
    return Question(
        report=report,
        audience=audience,
        selection=selection,
        today=here().today,
        term=request.args.get("term", ""),
        by=by if by in network.BY[report] else "offering_school",
    )


def _audience_words() -> dict[str, str]:
    speech = here().speech
    words = {
        "offering_school": sentence("Students on our courses: %(school)s"),
        "home_school": sentence("Our own students: %(school)s"),
        "network": sentence("The whole network"),
    }
    return {one.key: speech.gettext(words[one.side], school=school_name(speech, one.school_id)) for one in audiences_of(me())}


def _choices(connection: Connection, question: Question) -> tuple[Choice, ...]:
    """What may be chosen. The schools are all there are: those with students alone would tell where a protected one comes from."""
    speech, catalogue = here().speech, here().catalogue
    selection, audience = question.selection, question.audience
    if audience.side == "network":
        by = {key: speech.gettext(title) for key, title in network.BY[question.report].items()}
        terms = {one.id: one.words(speech) for one in network.terms(speech)}
        term = network.term_of(speech, question.term, question.today).id
        return (Choice("by", sentence("By"), by, question.by, every=False), Choice("term", sentence("Term"), terms, term, every=False))
    schools = {one.id: one.name.to(speech.language) for one in catalogue.schools.values() if one.id != audience.school_id}
    subjects = {one.id: one.name.to(speech.language) for one in catalogue.subjects.values()}
    states = SEATED + LEFT if question.report == "participants" else SEATED
    return (
        Choice("offering", sentence("Run"), _in_order(_runs(connection, question)), selection.offering),
        Choice(
            "school",
            sentence("Home school") if audience.side == "offering_school" else sentence("Offering school"),
            _in_order(schools),
            selection.school,
        ),
        Choice("subject", sentence("Subject"), _in_order(subjects), selection.subject),
        Choice("state", sentence("State"), {state: speech.gettext(STATE_WORDS[state]) for state in states}, selection.state),
        Choice(
            "period",
            sentence("Studies start"),
            {one.id: one.words(speech) for one in periods(catalogue)},
            selection.period.id if selection.period else "",
        ),
    )


def _runs(connection: Connection, question: Question) -> dict[str, str]:
    """The runs on which the audience has, or has had, somebody."""
    columns = (rows.c.course_id, rows.c.offering_id)
    found = connection.execute(select(*columns).where(scope(question.audience, question.today), has_had_seat()).distinct())
    runs = [f"{course_id}/{offering_id}" for course_id, offering_id in found]
    return {run: run_words(here().speech, run) for run in runs}


def _in_order(words: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(words.items(), key=lambda pair: (sort_key(pair[1]), pair[0])))


def _table(made: Document) -> TableView[tuple[Cell, ...]]:
    columns = [
        Column(one.key, one.title, partial(_sorted_by, place, one.kind), number=one.number) for place, one in enumerate(made.columns)
    ]
    return table_view(made.rows, columns, request.args, kept=("as", "term", "by", *KEYS))


def _sorted_by(place: int, kind: str, row: tuple[Cell, ...]) -> Any:
    cell = row[place]
    if cell is None or isinstance(cell, TooFew):
        return None
    if isinstance(cell, Money):
        return cell.cents
    return str(cell) if kind == "text" else cell


def _days(selection: Selection, wrong: Mapping[str, Refusal]) -> dict[str, str]:
    """What stands in the fields of days: what was typed where it is wrong, else as a browser's calendar wants it."""
    read = {"from": selection.from_on, "until": selection.until_on}
    return {key: request.args.get(key, "") if key in wrong or day is None else day.isoformat() for key, day in read.items()}


def _query(kept: Mapping[str, str]) -> str:
    return f"?{urlencode(kept)}" if kept else ""
