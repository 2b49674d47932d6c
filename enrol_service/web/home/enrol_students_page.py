"""/staff/students/enrol: the home school enrols one student or many and commits in the same act. First a look at each row, then the act.

Nothing is kept between the two: the rows travel with the page, and are judged anew when they come back.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeGuard

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from course_catalogue.model import SchoolId
from enrol_service.enrolment.enrol_many import RowPlan, enrol_many, plan
from enrol_service.enrolment.form import SYLLABI
from enrol_service.enrolment.spreadsheet import HEADINGS, MOST_BYTES, MOST_ROWS, Row, Sheet, as_text, read_file, read_text
from enrol_service.enrolment.words import school_name
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.staff_enrolling import RowsUnreadable, SheetTooLarge
from enrol_service.refusals.web import NotFound
from enrol_service.school.acting import actor_for
from enrol_service.web.access import me, staff
from enrol_service.web.home.enrol_students_view import Options, row_view, run_options, tally
from enrol_service.web.page import STAFF_PAGE, here, page, private, service

pages = Blueprint("enrol_students", __name__)

MOST_SENT = 4 * MOST_BYTES  # a table, once as it is and once with the names of its fields
LONGEST_CELL = 4000  # characters; longer ones are refused as too long all the same
WAYS = ("one", "many")


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form said, to be shown again. `student`: field → text, of the form for one."""

    way: str
    run: str = ""
    table: str = ""
    all_or_none: bool = False
    student: Mapping[str, str] | None = None


@pages.get("/staff/students/enrol")
@staff("enrol_students")
def show() -> ResponseReturnValue:
    private(STAFF_PAGE)
    schools = me().schools_for("enrol_students")
    chosen = request.args.get("school", "")
    if len(schools) > 1 and chosen not in schools:
        names = [(one, school_name(here().speech, one)) for one in schools]
        return page("home/enrol_students_school.html", schools=names, nav_current="students")
    return _form(_school(), Typed(_way(), run=request.args.get("run", "")[:LONGEST_CELL]), {})


@pages.post("/staff/students/enrol")
@staff("enrol_students")
def check() -> ResponseReturnValue:
    """Read what was typed, pasted or uploaded, and show what each row would be. Nothing is done yet."""
    private(STAFF_PAGE)
    school_id = _school()
    _take_tables()
    try:
        typed, file = _typed(), request.files.get("file")
    except RequestEntityTooLarge:
        return _form(school_id, Typed(_way()), {"file": here().speech.say(SheetTooLarge(most=1))}, SheetTooLarge.status)
    if request.form.get("again"):
        return _form(school_id, typed, {})
    if typed.student is not None:
        return _check_one(school_id, typed)
    name = "file" if file is not None and file.filename else "table"
    try:
        sheet = read_file(file.read(MOST_BYTES + 1)) if file is not None and file.filename else read_text(typed.table)
    except Refusal as refused:
        return _form(school_id, typed, {name: here().speech.say(refused)}, refused.status)
    return _preview(school_id, typed, Sheet(tuple(_with_run(row, typed.run) for row in sheet.rows), sheet.unread))


@pages.post("/staff/students/enrol/do")
@staff("enrol_students")
def act() -> ResponseReturnValue:
    """Do what the preview has shown, as far as it still holds, and say what was done."""
    private(STAFF_PAGE)
    school_id = _school()
    _take_tables()
    try:
        typed, rows, key = _typed(), _rows_of(request.form.get("rows", "")), request.form.get("key", "")[:64]
    except (RequestEntityTooLarge, RowsUnreadable):
        return _form(school_id, Typed("many"), {"table": here().speech.say(RowsUnreadable())}, RowsUnreadable.status)
    at = here()
    with service().database.write() as connection:
        actor = actor_for(connection, me(), "enrol_students", school_id, at.now)
        language = at.loaded.language(at.catalogue.schools[school_id].language)
        results = enrol_many(connection, at.catalogue, school_id, rows, typed.all_or_none, actor, language, at.now, key)
    done = [row_view(one.plan, one.enrolment_id) for one in results if one.done]
    left = [row_view(one.plan) for one in results if not one.done]
    return _page(
        "home/enrol_students_done.html",
        school_id,
        200 if done else 422,
        done=done,
        left=left,
        tally=tally(done),
        typed=Typed("many", table=_as_text(one.plan.row for one in results if not one.done), all_or_none=typed.all_or_none),
    )


def _check_one(school_id: SchoolId, typed: Typed) -> Response:
    row = Row(1, {**(typed.student or {}), "run": typed.run})
    found = row_view(_plan(school_id, (row,))[0])
    if found.errors:
        errors = {("run" if field == "price" else field): said for field, said in found.errors.items()}
        ordered = {field: errors[field] for field in ("run", *HEADINGS) if field in errors}
        return _form(school_id, typed, ordered, 422)
    return _preview(school_id, typed, Sheet((row,), ()))


def _preview(school_id: SchoolId, typed: Typed, sheet: Sheet) -> Response:
    plans = _plan(school_id, sheet.rows)
    rows = [row_view(one) for one in plans]
    sent = [[one.row.number, dict(one.row.values), one.price.cents if one.price else None] for one in plans]
    return _page(
        "home/enrol_students_check.html",
        school_id,
        rows=rows,
        tally=tally(rows),
        unread=sheet.unread,
        sent=json.dumps(sent, ensure_ascii=False, separators=(",", ":")),
        key=secrets.token_urlsafe(16),
        typed=Typed(typed.way, typed.run, _as_text(sheet.rows), typed.all_or_none, typed.student),
    )


def _plan(school_id: SchoolId, rows: Iterable[Row]) -> tuple[RowPlan, ...]:
    at = here()
    with service().database.write() as connection:  # a trial that is taken back
        return plan(connection, at.catalogue, school_id, rows, at.now)


def _form(school_id: SchoolId, typed: Typed, errors: Mapping[str, str], status: int = 200) -> Response:
    with service().database.read() as connection:
        runs = run_options(connection, school_id)
    return _page("home/enrol_students.html", school_id, status, typed=typed, errors=errors, runs=runs, most=MOST_ROWS)


def _page(template: str, school_id: SchoolId, status: int = 200, **values: object) -> Response:
    return page(
        template,
        status,
        alternates=None,
        school_id=school_id,
        school=school_name(here().speech, school_id),
        several=len(me().schools_for("enrol_students")) > 1,
        headings=HEADINGS,
        syllabi=_syllabi(),
        nav_current="students",
        **values,
    )


def _syllabi() -> Options:
    words = ("Syllabus for young people", "Syllabus for adults", "Vocational qualification", "Something else")
    return tuple((one, here().speech.gettext(word)) for one, word in zip(SYLLABI, words, strict=True))


def _school() -> SchoolId:
    """The school that the address names, or the reader's only one. Refuses with NotFound for any other."""
    schools = me().schools_for("enrol_students")
    chosen = request.args.get("school", "") or (schools[0] if len(schools) == 1 else "")
    if chosen not in schools:
        raise NotFound
    return chosen


def _way() -> str:
    return request.args.get("way", "") if request.args.get("way", "") in WAYS else "many"


def _take_tables() -> None:
    """Let this one request be as long as a table; all others are as long as a form."""
    request.max_content_length = MOST_SENT
    request.max_form_memory_size = MOST_SENT


def _typed() -> Typed:
    form = request.form
    student = {field: form.get(field, "")[:LONGEST_CELL] for field in HEADINGS if field != "run"} if _way() == "one" else None
    table = form.get("table", "")
    return Typed(_way(), form.get("run", "")[:LONGEST_CELL], table, bool(form.get("all_or_none")), student)


def _with_run(row: Row, run: str) -> Row:
    """The row on the run that was chosen for all, where it names none of its own."""
    return Row(row.number, {**row.values, "run": row.values.get("run") or run}, row.price_cents)


def _rows_of(text: str) -> tuple[Row, ...]:
    """The rows as a preview has sent them. Refuses with RowsUnreadable."""
    try:
        sent = json.loads(text)
        rows = tuple(_row_of(*one) for one in sent)
    except (ValueError, TypeError, RecursionError):
        raise RowsUnreadable from None
    if not 0 < len(rows) <= MOST_ROWS:
        raise RowsUnreadable
    return rows


def _row_of(number: object, values: object, cents: object) -> Row:
    if not _is_number(number) or not isinstance(values, dict) or not (cents is None or _is_number(cents)):
        raise RowsUnreadable
    if not all(isinstance(text, str) for text in values.values()):
        raise RowsUnreadable
    # JSON can spell half a letter, which no page could print again.
    return Row(number, {field: values[field].encode(errors="replace").decode() for field in values if field in HEADINGS}, cents)


def _is_number(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 <= value < 10**9


def _as_text(rows: Iterable[Row]) -> str:
    found = tuple(rows)
    return as_text(found, {field: here().speech.gettext(msgid) for field, msgid in HEADINGS.items()}) if found else ""
