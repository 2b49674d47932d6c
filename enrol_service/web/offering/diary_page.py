"""The diary of a run: the teacher's table of grades and marks, a pasted list, and one student's entry with its corrections and queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from course_catalogue.model import SchoolId
from enrol_service.completion.diary import Written, write_diary
from enrol_service.completion.grade_list import LONGEST_LIST, Line, Listed, read_list
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.completion import EntryRefused, ListEmpty
from enrol_service.refusals.enrolling import TextTooLong
from enrol_service.refusals.run import NobodyChosen
from enrol_service.refusals.web import RequestUnreadable
from enrol_service.school.acting import actor_for
from enrol_service.web.access import me, staff
from enrol_service.web.offering.diary_view import (
    DiaryLine,
    SubjectColumn,
    Typed,
    diary_lines,
    judged_line,
    refused_line,
    typed_rows,
    unreadable_line,
)
from enrol_service.web.offering.own_run import OwnRun, own_run
from enrol_service.web.page import STAFF_PAGE, here, page, private, service

pages = Blueprint("diary", __name__)

DIARY = "/staff/offerings/<school_id>/<course_name>/<offering_id>/diary"
ACTS = ("save", "publish", "all")  # the buttons of the form


@pages.get(DIARY)
@staff("grade")
def show(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        run = own_run(connection, "grade", school_id, course_name, offering_id)
        columns, lines = diary_lines(connection, run)
    return _page(run, columns, lines, done=_done())


@pages.post(DIARY)
@staff("grade")
def write(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    """Save all rows, and publish those chosen or all that are complete. What is refused comes back as typed."""
    private(STAFF_PAGE)
    at, wanted = here(), request.form.get("do", "")
    if wanted not in ACTS:
        raise RequestUnreadable
    with service().database.write() as connection:
        run = own_run(connection, "grade", school_id, course_name, offering_id)
        if run.is_off:
            return redirect(run.address, 303)
        columns, lines = diary_lines(connection, run)
        typed = typed_rows(request.form, columns, lines)
        chosen = _chosen(wanted, typed)
        if wanted == "publish" and not chosen:
            return _refused(run, columns, lines, typed, {}, chosen, NobodyChosen())
        rows = [one.row for one in typed if not one.unreadable]
        actor = actor_for(connection, me(), "grade", school_id, at.now)
        written = write_diary(connection, at.catalogue, rows, chosen, actor, at.now)
        left_open = _not_yet(written) if wanted == "all" else frozenset()
        refused = {number: one for number, one in written.refused if number not in left_open}
        if refused or any(one.unreadable for one in typed):
            _, now_stored = diary_lines(connection, run)
            return _refused(run, columns, now_stored, typed, refused, chosen, None, written)
    saved, published = _counts(written)
    return redirect(f"{run.address}/diary?saved={saved}&published={published}", 303)


def _chosen(wanted: str, typed: Iterable[Typed]) -> frozenset[int]:
    """Who is to be published: the ticked ones, or everybody in whose row something stands."""
    if wanted == "publish":
        ticked = frozenset(request.form.getlist("publish"))
        return frozenset(one.row.enrolment_id for one in typed if str(one.row.enrolment_id) in ticked)
    if wanted == "all":
        return frozenset(one.row.enrolment_id for one in typed if one.row.entry.grades or one.row.entry.mark)
    return frozenset()


def _not_yet(written: Written) -> frozenset[int]:
    """Those whose rows were saved but are not complete: "all that are complete" leaves them as they are."""
    return frozenset(number for number, refusal in written.refused if isinstance(refusal, EntryRefused) and refusal.only_open)


def _refused(
    run: OwnRun,
    columns: tuple[SubjectColumn, ...],
    lines: Iterable[DiaryLine],
    typed: Iterable[Typed],
    refused: dict[int, Refusal],
    chosen: frozenset[int],
    whole: Refusal | None,
    written: Written | None = None,
) -> Response:
    """The form with what was typed. `whole`: why nothing was done at all."""
    by_number = {one.row.enrolment_id: one for one in typed}
    shown = []
    for line in lines:
        number = line.enrolment.id
        one = by_number.get(number)
        if one is not None and number in refused:
            line = refused_line(line, one, refused[number], chosen=number in chosen)
        elif one is not None and (one.unreadable or whole is not None):
            line = unreadable_line(replace(one, line=line), chosen=number in chosen)
        shown.append(line)
    status = whole.status if whole else max((one.status for one in refused.values()), default=422)
    counts = _counts(written) if written else (0, 0)
    errors = {"choose": here().speech.say(whole)} if whole else {}
    return _page(run, columns, tuple(shown), status, done=counts if any(counts) else None, errors=errors)


def _page(
    run: OwnRun,
    columns: tuple[SubjectColumn, ...],
    lines: tuple[DiaryLine, ...],
    status: int = 200,
    *,
    done: tuple[int, int] | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    """`done`: how many rows were saved and how many published; `errors`: of the whole form."""
    return page(
        "offering/diary.html",
        status,
        run=run,
        columns=columns,
        lines=lines,
        done=done,
        errors=errors or {},
        bad=[line for line in lines if line.errors or line.refused],
        open_lines=[line for line in lines if line.is_open],
        nav_current="offerings",
    )


def _counts(written: Written) -> tuple[int, int]:
    """How many rows were saved and not published, and how many were published."""
    return len(set(written.saved) - set(written.published)), len(written.published)


def _done() -> tuple[int, int] | None:
    """What a redirect after saving says."""
    saved, published = (request.args.get(name, "") for name in ("saved", "published"))
    if not (saved.isdecimal() and published.isdecimal() and len(saved + published) < 9):
        return None
    return int(saved), int(published)


@pages.get(f"{DIARY}/list")
@staff("grade")
def ask_list(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        run = own_run(connection, "grade", school_id, course_name, offering_id)
        columns, lines = diary_lines(connection, run)
    return page("offering/diary_list.html", run=run, columns=columns, example=_example(lines), text="", errors={}, nav_current="offerings")


@pages.post(f"{DIARY}/list")
@staff("grade")
def read(school_id: SchoolId, course_name: str, offering_id: str) -> ResponseReturnValue:
    """Show whom the list means and what it says of them. Nothing is saved before that page's own button."""
    private(STAFF_PAGE)
    at, text = here(), request.form.get("list", "")
    with service().database.read() as connection:
        run = own_run(connection, "grade", school_id, course_name, offering_id)
        columns, lines = diary_lines(connection, run)
    refusal: Refusal | None = TextTooLong(most=LONGEST_LIST) if len(text) > LONGEST_LIST else None
    read_lines = read_list(text, _listed(lines), len(columns)) if refusal is None else ()
    if refusal is None and not read_lines:
        refusal = ListEmpty()
    if refusal is not None:
        errors = {"list": at.speech.say(refusal)}
        example = _example(lines)
        return page(
            "offering/diary_list.html",
            refusal.status,
            run=run,
            columns=columns,
            example=example,
            text=text,
            errors=errors,
            nav_current="offerings",
        )
    filled, beside = _filled(columns, lines, read_lines)
    return page(
        "offering/diary_preview.html", run=run, columns=columns, filled=filled, beside=beside, text=text, errors={}, nav_current="offerings"
    )


def _listed(lines: Iterable[DiaryLine]) -> list[Listed]:
    zone = here().catalogue.network.time_zone
    open_ones = [line for line in lines if line.is_open]
    return [Listed(line.enrolment.id, line.student.name, line.student.email, line.enrolment.number(zone)) for line in open_ones]


def _example(lines: Iterable[DiaryLine]) -> list[str]:
    """Two names of the run, so that the hint shows what a line looks like."""
    return [line.student.name for line in lines if line.is_open][:2]


def _filled(
    columns: tuple[SubjectColumn, ...], lines: Iterable[DiaryLine], read_lines: Iterable[Line]
) -> tuple[list[DiaryLine], list[Line]]:
    """The rows as the list would fill them, and the lines that mean nobody. Of two lines about one student the last holds."""
    by_number = {line.enrolment.id: line for line in lines}
    filled: dict[int, DiaryLine] = {}
    beside: list[Line] = []
    for one in read_lines:
        if one.found is None:
            beside.append(one)
            continue
        line = by_number[one.found.enrolment_id]
        given = {column.unit.subject_id: grade for column, grade in zip(columns, one.grades, strict=False) if grade}
        values = {**line.values, "mark": "", "missing": "", **given} if given else line.values
        filled[one.found.enrolment_id] = judged_line(replace(line, values=values, was=""), columns)
    return list(filled.values()), beside


def run_of_entry(connection: Connection, course_id: str, offering_id: str) -> OwnRun:
    """The run of an enrolment, for the one who is signed in."""
    school_id, _, course_name = course_id.partition("/")
    return own_run(connection, "grade", school_id, course_name, offering_id)
