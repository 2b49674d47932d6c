"""The home school's completions: what has been published of its own students, acknowledged and queried here, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, exists

from course_catalogue.model import Course
from enrol_service import tables
from enrol_service.completion.answer import LONGEST_TEXT, Answer, Standing, acknowledge, answers, query, standing
from enrol_service.completion.completion import Completion, read_completion, versions
from enrol_service.completion.shown import ShownCompletion, names_of, shown, subject_name
from enrol_service.enrolment.enrolments import Enrolment, pairs, read_enrolment
from enrol_service.enrolment.words import course_title, school_name
from enrol_service.refusals.base import Refusal, sentence
from enrol_service.refusals.completion import CompletionSuperseded
from enrol_service.refusals.run import NobodyChosen
from enrol_service.refusals.web import NotFound
from enrol_service.school.acting import actor_for
from enrol_service.web.access import me, staff
from enrol_service.web.page import STAFF_PAGE, here, page, private, service
from enrol_service.web.table import Choice, Column, TableView, said_of_table, table_view
from theme.address import codes

pages = Blueprint("completions", __name__)

# Where a version stands → in words, the look of its badge, its icon.
STANDINGS: Mapping[Standing, tuple[str, str, str]] = {
    "new": (sentence("New"), "wait", "ring-exclamation"),
    "replied": (sentence("Question answered"), "wait", "half"),
    "queried": (sentence("Question sent"), "calm", "ring"),
    "acknowledged": (sentence("Acknowledged"), "ok", "ring-tick"),
}


@dataclass(frozen=True, slots=True)
class CompletionRow:
    """The newest published version of one student's studies, as the home school lists it."""

    enrolment: Enrolment
    course: Course | None
    title: str
    offering_school: str
    period: str
    completion: ShownCompletion
    subject_ids: tuple[str, ...]
    standing: Standing
    words: str
    badge: str
    icon: str

    @property
    def may_acknowledge(self) -> bool:
        return self.standing != "acknowledged"

    @property
    def result(self) -> str:
        """What the table is sorted and looked through by."""
        return " ".join([one.grade for one in self.completion.grades]) or self.completion.mark


@pages.get("/staff/completions")
@staff("see_students")
def show() -> ResponseReturnValue:
    return _list()


@pages.post("/staff/completions/acknowledge")
@staff("answer_completions")
def act_acknowledge() -> ResponseReturnValue:
    """Acknowledge those that are ticked. One that has been corrected meanwhile is left, and told."""
    private(STAFF_PAGE)
    at = here()
    chosen = [int(one) for one in request.form.getlist("completion") if one.isascii() and one.isdecimal() and len(one) < 10]
    if not chosen:
        return _list(NobodyChosen.status, errors={"choose": at.speech.say(NobodyChosen())})
    done, left = 0, 0
    with service().database.write() as connection:
        for completion_id in dict.fromkeys(chosen):
            enrolment = _own(connection, completion_id, "answer_completions")
            actor = actor_for(connection, me(), "answer_completions", enrolment.home_school_id, at.now)
            try:
                done += acknowledge(connection, completion_id, actor, at.now)
            except CompletionSuperseded:
                left += 1
    said = {"acknowledged": str(done), "corrected": str(left), **said_of_table(request.args, "state", "period", "subject")}
    return redirect(f"{at.url.staff('completions')}?{urlencode(said)}", 303)


@pages.get("/staff/completions/<number:enrolment_id>")
@staff("see_students")
def show_one(enrolment_id: int) -> ResponseReturnValue:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        return _one(connection, _student(connection, enrolment_id))


@pages.post("/staff/completions/<number:enrolment_id>/acknowledge")
@staff("answer_completions")
def act_acknowledge_one(enrolment_id: int) -> ResponseReturnValue:
    return _answer(enrolment_id, "")


@pages.post("/staff/completions/<number:enrolment_id>/query")
@staff("answer_completions")
def act_query(enrolment_id: int) -> ResponseReturnValue:
    return _answer(enrolment_id, "query")


def _answer(enrolment_id: int, field: str) -> ResponseReturnValue:
    """Acknowledge, or ask what is typed in `field`. The same again changes nothing and shows how things stand."""
    private(STAFF_PAGE)
    at = here()
    completion_id = request.form.get("completion", "")
    if not (completion_id.isascii() and completion_id.isdecimal() and len(completion_id) < 10):
        raise NotFound
    typed = request.form.get("text", "")
    try:
        with service().database.write() as connection:
            enrolment = _own(connection, int(completion_id), "answer_completions")
            if enrolment.id != enrolment_id:
                raise NotFound
            actor = actor_for(connection, me(), "answer_completions", enrolment.home_school_id, at.now)
            if field:
                query(connection, at.catalogue, int(completion_id), typed, actor, at.now)
            else:
                acknowledge(connection, int(completion_id), actor, at.now)
    except NotFound:
        raise
    except Refusal as refusal:
        errors = {"entry" if isinstance(refusal, CompletionSuperseded) else "text": at.speech.say(refusal)}
        with service().database.read() as connection:
            return _one(connection, enrolment, refusal.status, text=typed[: LONGEST_TEXT + 1000], errors=errors)
    return redirect(f"{at.url.staff('completions')}/{enrolment_id}", 303)


def _own(connection: Connection, completion_id: int, act: str) -> Enrolment:
    """The enrolment of a published completion of an own student. Another school's, and none, give the same answer: NotFound."""
    found = read_completion(connection, completion_id)
    enrolment = read_enrolment(connection, found.enrolment_id) if found else None
    if enrolment is None or not me().may(act, enrolment.home_school_id):
        raise NotFound
    return enrolment


def _student(connection: Connection, enrolment_id: int) -> Enrolment:
    mine = tables.enrolment.c.home_school_id.in_(me().schools_for("see_students"))
    found = pairs(connection, tables.enrolment.c.id == enrolment_id, mine, _has_completion())
    if not found:
        raise NotFound
    return found[0][0]


def _has_completion() -> Any:
    here_ = (tables.completion.c.enrolment_id == tables.enrolment.c.id) & (tables.completion.c.state == "published")
    return exists().where(here_)


def _list(status: int = 200, *, errors: dict[str, str] | None = None) -> Response:
    private(STAFF_PAGE)
    with service().database.read() as connection:
        rows = _rows(connection)
    return page(
        "home/completions.html",
        status,
        table=_table(rows),
        waiting=sum(row.standing in ("new", "replied") for row in rows),
        may_answer=me().can("answer_completions"),
        chosen_all=request.args.get("chosen") == "all",
        done=_done(),
        errors=errors or {},
        nav_current="completions",
    )


def _rows(connection: Connection) -> list[CompletionRow]:
    """Every own student's newest version, what is new first. The number of queries does not grow with the rows."""
    mine = tables.enrolment.c.home_school_id.in_(me().schools_for("see_students"))
    enrolments = [one for one, _ in pairs(connection, mine, _has_completion())]
    newest = {one: every[-1] for one, every in versions(connection, [one.id for one in enrolments]).items()}
    names = names_of(connection, newest.values())
    said = answers(connection, [one.id for one in newest.values()])
    rows = [_row(one, newest[one.id], names, said.get(newest[one.id].id, ())) for one in enrolments]
    rows.sort(key=lambda row: row.completion.published_at, reverse=True)
    return sorted(rows, key=lambda row: row.standing not in ("new", "replied"))


def _row(enrolment: Enrolment, newest: Completion, names: Mapping[int, str], said: tuple[Answer, ...]) -> CompletionRow:
    at = here()
    course = at.catalogue.courses.get(enrolment.course_id)
    offering = course.offering(enrolment.offering_id) if course else None
    stands = standing(said)
    words, badge, icon = STANDINGS[stands]
    return CompletionRow(
        enrolment=enrolment,
        course=course,
        title=f"{codes(course)} {course_title(at.speech, enrolment)}" if course else enrolment.title,
        offering_school=school_name(at.speech, enrolment.offering_school_id),
        period=offering.label.to(at.language) if offering and not offering.nonstop else at.speech.gettext("Own pace") if offering else "",
        completion=shown(at.speech, newest, names),
        subject_ids=tuple(one.subject_id for one in newest.grades),
        standing=stands,
        words=at.speech.gettext(words),
        badge=badge,
        icon=icon,
    )


COLUMNS: tuple[Column[CompletionRow], ...] = (
    Column("choose", sentence("Choose"), hidden=True),
    Column("student", sentence("Student"), lambda row: row.enrolment.name, searched=True),
    Column("group", sentence("Group"), lambda row: row.enrolment.group_name, searched=True),
    Column("course", sentence("Course"), lambda row: f"{row.title} {row.offering_school}", searched=True),
    Column("grade", sentence("Grade"), lambda row: row.result),
    Column("published", sentence("Published"), lambda row: row.completion.published_at),
    Column("standing", sentence("State"), lambda row: tuple(STANDINGS).index(row.standing)),
)


def _table(rows: list[CompletionRow]) -> TableView[CompletionRow]:
    at = here()
    standings: dict[str, str] = {key: at.speech.gettext(words) for key, (words, _, _) in STANDINGS.items()}
    periods = {row.period: row.period for row in rows if row.period}
    subjects = sorted({(row.course.subject_id if row.course else "") for row in rows} - {""})
    choices: list[Choice[CompletionRow]] = [
        Choice("state", sentence("State"), lambda row: row.standing, standings),
        Choice("period", sentence("Period"), lambda row: row.period, dict(sorted(periods.items()))),
        Choice(
            "subject",
            sentence("Subject"),
            lambda row: row.course.subject_id if row.course else "",
            {one: subject_name(at.speech, one) for one in subjects},
        ),
    ]
    columns = COLUMNS if me().can("answer_completions") else COLUMNS[1:]
    return table_view(rows, columns, request.args, choices=choices, kept=("chosen",))


def _one(
    connection: Connection, enrolment: Enrolment, status: int = 200, *, text: str = "", errors: Mapping[str, str] | None = None
) -> Response:
    at = here()
    every = versions(connection, [enrolment.id])[enrolment.id]
    names = names_of(connection, every)
    said = answers(connection, [one.id for one in every])
    row = _row(enrolment, every[-1], names, said.get(every[-1].id, ()))
    return page(
        "home/completion.html",
        status,
        row=row,
        number=enrolment.number(at.catalogue.network.time_zone),
        versions=[(shown(at.speech, one, names), said.get(one.id, ())) for one in reversed(every)],
        may_answer=me().may("answer_completions", enrolment.home_school_id),
        text=text,
        errors=errors or {},
        nav_current="completions",
    )


def _done() -> tuple[int, int] | None:
    """What a redirect after acknowledging says: how many were, and how many had been corrected meanwhile."""
    done, left = (request.args.get(name, "") for name in ("acknowledged", "corrected"))
    if not (done.isdecimal() and left.isdecimal() and len(done + left) < 9):
        return None
    return int(done), int(left)
