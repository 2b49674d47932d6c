"""Enrolling from a table: each row is a student of the school who gets a seat or a place in line, is updated, or is said to be wrong.

What a preview tells is what the act itself does, tried out and taken back; so the two cannot differ but by what happens between them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, select

from course_catalogue.model import Catalogue, Course, Offering, SchoolId
from course_catalogue.offering import offering_state
from course_catalogue.price import agreement_for, price_for
from enrol_service import tables
from enrol_service.enrolment.decide import give
from enrol_service.enrolment.email_address import plain_address
from enrol_service.enrolment.enrol import enrol
from enrol_service.enrolment.enrolments import Enrolment, read_commitment, read_enrolment
from enrol_service.enrolment.form import SYLLABI, EnrolmentForm, read_form
from enrol_service.enrolment.recheck import is_changed
from enrol_service.enrolment.seats import rank_of
from enrol_service.enrolment.spreadsheet import Row
from enrol_service.events import Actor
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.enrolling import (
    AlreadyEnrolled,
    EmailIncomplete,
    FormRefused,
    GroupMissing,
    NameMissing,
    PriceChanged,
    PriceNotShown,
    SyllabusMissing,
)
from enrol_service.refusals.staff_enrolling import (
    EnrolledElsewhere,
    NameDiffers,
    OwnCourse,
    RowTwice,
    RunMissing,
    RunNotChosen,
    RunUnknown,
    StudentEmailIncomplete,
    StudentGroupMissing,
    StudentNameMissing,
    SyllabusUnknown,
)
from enrol_service.school.acting import record_act
from enrol_service.school.role import DECIDERS
from enrol_service.speech import Money
from enrol_service.states import LIVE

# `same`: the student is on the run already, and nothing would change.
Outcome = Literal["created", "updated", "same", "error"]

# What a student's form says to the student, as it is said to the school.
SAID_TO_STAFF: Mapping[type[Refusal], type[Refusal]] = {
    NameMissing: StudentNameMissing,
    EmailIncomplete: StudentEmailIncomplete,
    GroupMissing: StudentGroupMissing,
    SyllabusMissing: SyllabusUnknown,
}
# Field of a table → column of the enrolment that a second row changes; an empty cell changes nothing.
CHANGED = {"group": "group_name", "syllabus": "syllabus", "learner_id": "learner_id", "phone": "phone", "message": "message"}
SYLLABUS_CALLED: Mapping[str, frozenset[str]] = {
    "nuoret": frozenset("nuori nuoret nuorten nuortenoppimäärä unga ungdomar förunga lärokursförunga young youngpeople".split()),  # noqa: SIM905
    "aikuiset": frozenset("aikuinen aikuiset aikuisten vuxen vuxna förvuxna lärokursförvuxna adult adults".split()),  # noqa: SIM905
    "ammatillinen": frozenset("ammatillinen ammatillinentutkinto yrkes yrkesinriktad yrkesexamen yrkesutbildning vocational".split()),  # noqa: SIM905
    "muu": frozenset("muu muut annan annat other somethingelse".split()),  # noqa: SIM905
}
NOT = frozenset({"", "0", "-", "–", "ei", "e", "nej", "n", "no", "false", "epätosi", "falskt"})  # any other mark in the column says yes
RUN_WORDS = re.compile(r"([a-z0-9-]+/[a-z0-9-]+?)(?:\.html)?(?:[\s/#?,;:]+([a-z0-9-]+))?[\s/#?]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What becomes of a row. `errors`: field of the table, or `price` → why. `commits`: the school promises `price` by this row."""

    row: Row
    outcome: Outcome
    errors: Mapping[str, Refusal]
    course: Course | None = None
    offering: Offering | None = None
    price: Money | None = None
    commits: bool = False
    state: str = ""  # of the enrolment afterwards
    rank: int = 0  # place in line, from 1; 0 = not in line


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row. Not `done`: the row was wrong, or all or none was wanted and another one was."""

    plan: RowPlan
    enrolment_id: int | None
    done: bool


def plan(connection: Connection, catalogue: Catalogue, school_id: SchoolId, rows: Iterable[Row], now: datetime) -> tuple[RowPlan, ...]:
    """Say what each row would be, at the prices of now, and change nothing. Call inside a write transaction."""
    trial = connection.begin_nested()
    try:
        someone = Actor("home_school", roles=DECIDERS, school_id=school_id)
        tried = _Table(connection, catalogue, school_id, someone, catalogue.network.languages[0], now, key=None)
        return tuple(result.plan for result in tried.act_on(rows))
    finally:
        trial.rollback()


def enrol_many(
    connection: Connection,
    catalogue: Catalogue,
    school_id: SchoolId,
    rows: Iterable[Row],
    all_or_none: bool,
    actor: Actor,
    language: str,
    now: datetime,
    key: str,
) -> tuple[RowResult, ...]:
    """Enrol or update the student of every row that is right, and commit in the same act. Call inside a write transaction.

    1. Each row by itself: one that is refused changes nothing and says why. The price shown with the row must be that of now.
    2. With `all_or_none`, nothing at all is done unless every row is right.

    `key` is the table's own: the same rows with the same key are done once. `language` is that of the students' pages and mails.
    """
    whole = connection.begin_nested()
    results = tuple(_Table(connection, catalogue, school_id, actor, language, now, key).act_on(rows))
    if all_or_none and any(not one.done for one in results):
        whole.rollback()
        return tuple(replace(one, enrolment_id=None, done=False) for one in results)
    whole.commit()
    return results


def find_run(catalogue: Catalogue, text: str, now: datetime) -> tuple[Course, Offering]:
    """The run that `school/course run` or the address of a course's page means; the run may be left out where only one is open.

    Refuses with RunMissing, RunUnknown and RunNotChosen.
    """
    wanted = text.strip().lower()
    if not wanted:
        raise RunMissing
    match = RUN_WORDS.fullmatch(wanted.rpartition("/courses/")[2])
    course = catalogue.courses.get(match[1]) if match else None
    if match is None or course is None or course.status not in ("published", "cancelled") or not course.offerings:
        raise RunUnknown
    if match[2]:
        named = course.offering(match[2])
        if named is None:
            raise RunUnknown
        return course, named
    open_now = [one for one in course.offerings if offering_state(course, one, now) == "open"]
    if len(open_now) > 1:
        raise RunNotChosen(runs=", ".join(one.id for one in open_now))
    return course, open_now[0] if open_now else course.offerings[-1]


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of one school, row by row. `key` is None for a trial, which takes the prices of now as those that were shown."""

    connection: Connection
    catalogue: Catalogue
    school_id: SchoolId
    actor: Actor
    language: str
    now: datetime
    key: str | None

    def act_on(self, rows: Iterable[Row]) -> Iterable[RowResult]:
        seen: dict[tuple[str, str, str], int] = {}
        for row in rows:
            try:
                with self.connection.begin_nested():
                    result = self._act(row, seen)
            except _Wrong as wrong:
                result = RowResult(RowPlan(row, "error", wrong.errors, wrong.course, wrong.offering), None, done=False)
            yield result

    def _act(self, row: Row, seen: dict[tuple[str, str, str], int]) -> RowResult:
        course, offering, errors = self._run(row)
        live = self._live(row, course, offering)
        form = self._form(row, course, offering, live, errors)
        if course is None or offering is None or form is None or errors:
            raise _Wrong(errors, course, offering)
        if course.school_id == self.school_id:
            raise _Wrong({"run": OwnCourse()}, course, offering)
        before = seen.setdefault((form.email, course.id, offering.id), row.number)
        if before != row.number:
            raise _Wrong({"email": RowTwice(row=before)}, course, offering)
        try:
            if live is not None and live.home_school_id != self.school_id:
                raise EnrolledElsewhere
            if live is None or live.form_key == form.key is not None:
                return self._create(row, course, offering, form)
            return self._update(row, course, offering, form, live)
        except EnrolledElsewhere as refused:
            raise _Wrong({"email": refused}, course, offering) from None
        except AlreadyEnrolled:
            raise _Wrong({"email": EnrolledElsewhere()}, course, offering) from None
        except (PriceChanged, PriceNotShown) as refused:
            raise _Wrong({"price": refused}, course, offering) from None
        except Refusal as refused:
            raise _Wrong({"run": refused}, course, offering) from None

    def _run(self, row: Row) -> tuple[Course | None, Offering | None, dict[str, Refusal]]:
        try:
            return *find_run(self.catalogue, row.values.get("run", ""), self.now), {}
        except Refusal as refused:
            return None, None, {"run": refused}

    def _live(self, row: Row, course: Course | None, offering: Offering | None) -> Enrolment | None:
        """The student's enrolment on the run, if there is one."""
        email = plain_address(row.values.get("email", ""))
        if course is None or offering is None or email is None:
            return None
        one = tables.enrolment.c
        here = (one.course_id == course.id) & (one.offering_id == offering.id) & (one.email == email) & one.state.in_(sorted(LIVE))
        found = self.connection.execute(select(one.id).where(here)).scalar()
        return read_enrolment(self.connection, found) if found is not None else None

    def _form(
        self, row: Row, course: Course | None, offering: Offering | None, live: Enrolment | None, errors: dict[str, Refusal]
    ) -> EnrolmentForm | None:
        """The row as a form of one student; what must be mended goes into `errors`. Empty cells of who is enrolled stay as they are."""
        typed = {field: row.values.get(field, "") for field in ("name", "email", "group", "syllabus", "learner_id", "phone", "message")}
        typed["syllabus"] = _syllabus(typed["syllabus"])
        if live is not None and live.home_school_id == self.school_id:
            typed |= {field: typed[field] or getattr(live, column) for field, column in CHANGED.items()}
        fields = {
            **typed,
            "school": self.school_id,
            "offering": offering.id if offering else "",
            "protected": "" if row.values.get("protected", "").strip().lower() in NOT else "yes",
        }
        judge = course or next(iter(self.catalogue.courses.values()))  # the other cells are judged even where the course is wrong
        try:
            form = read_form(fields, self.catalogue, judge)
        except FormRefused as refused:
            found = {field: SAID_TO_STAFF.get(type(one), type(one))(**one.facts) for field, one in refused.fields}
            errors |= {field: one for field, one in found.items() if field != "offering"}
            return None
        key = _row_key(self.key, row, form) if self.key is not None else None
        return replace(form, key=key)

    def _create(self, row: Row, course: Course, offering: Offering, form: EnrolmentForm) -> RowResult:
        quote = price_for(agreement_for(self.catalogue, offering), course, self.school_id)
        shown = quote.cents if self.key is None else row.price_cents
        form = replace(form, prices_shown={} if shown is None else {offering.id: (shown, shown)})
        enrolled = enrol(self.connection, self.catalogue, form, self.language, self.now, self.actor)
        return self._result(row, "created", course, offering, enrolled.enrolment_id, commits=True)

    def _update(self, row: Row, course: Course, offering: Offering, form: EnrolmentForm, live: Enrolment) -> RowResult:
        """What the table says differently of somebody who is on the run, and the commitment if the school has not answered yet."""
        if _folded(form.name) != _folded(live.name):
            raise _Wrong({"name": NameDiffers()}, course, offering)
        new: dict[str, Any] = {column: getattr(form, field) for field, column in CHANGED.items()}
        new["protected"] = form.protected or live.protected  # a table without the column does not unprotect
        changed = {column: value for column, value in new.items() if value != getattr(live, column)}
        if changed:
            self.connection.execute(tables.enrolment.update().where(tables.enrolment.c.id == live.id).values(**changed))
            facts = {"enrolment_id": live.id, "changed": sorted(changed)}
            record_act(self.connection, "enrol_students", self.school_id, self.actor, self.now, **facts)
        # What has changed since the student enrolled is shown on the request's own page before anybody commits.
        promised = read_commitment(self.connection, live.id)
        is_shown = promised.state != "asked" or not is_changed(self.connection, self.catalogue, live, promised)
        given = is_shown and give(self.connection, self.catalogue, live.id, self.actor, self.now).changed
        return self._result(row, "updated" if changed or given else "same", course, offering, live.id, commits=given)

    def _result(self, row: Row, outcome: Outcome, course: Course, offering: Offering, enrolment_id: int, *, commits: bool) -> RowResult:
        enrolled, promised = read_enrolment(self.connection, enrolment_id), read_commitment(self.connection, enrolment_id)
        rank = rank_of(self.connection, course.id, offering.id, enrolled.queue_number or 0) if enrolled.state == "queued" else 0
        price = Money(promised.price_cents, promised.currency)
        made = RowPlan(row, outcome, {}, course, offering, price, commits, enrolled.state, rank)
        return RowResult(made, enrolment_id, done=True)


class _Wrong(Exception):
    """A row that cannot be done: its savepoint is taken back."""

    def __init__(self, errors: Mapping[str, Refusal], course: Course | None, offering: Offering | None) -> None:
        super().__init__()
        self.errors, self.course, self.offering = errors, course, offering


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _row_key(key: str, row: Row, form: EnrolmentForm) -> str:
    """The key of one row's form: a table that comes twice makes each of its rows once."""
    return hashlib.sha256(f"{key} {row.number} {form.course_id} {form.digest()}".encode()).hexdigest()


def _syllabus(text: str) -> str:
    """The id of the syllabus that a cell means; what means none is returned as it is, and refused by the form."""
    bare = "".join(letter for letter in text.casefold() if letter.isalpha())
    return next((one for one in SYLLABI if bare == one or bare in SYLLABUS_CALLED[one]), text)
