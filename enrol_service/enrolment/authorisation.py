"""Standing authorisations: a payer lets requests commit by themselves, within a budget, so many courses of one student, and some days.

What has been used is counted from the commitments given under one, never kept in a sum that can drift. It never exceeds the budget.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, case, func, select

from course_catalogue.model import Catalogue, SchoolId
from enrol_service.enrolment.cancel import is_cancelled
from enrol_service.enrolment.enrolments import Commitment, Enrolment, read_commitment, read_enrolment
from enrol_service.enrolment.recheck import is_changed
from enrol_service.events import THE_SERVICE, Actor, advance_commitment, advance_enrolment
from enrol_service.mail.notices import tell_student
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.enrolling import FormRefused
from enrol_service.refusals.staff_enrolling import (
    BudgetMissing,
    BudgetTooLarge,
    DayMissing,
    DayPast,
    DaysBackwards,
    DaysTooMany,
    PerStudentMissing,
)
from enrol_service.school.accounts import staff_of
from enrol_service.school.acting import record_act
from enrol_service.speech import Money
from enrol_service.states import LIVE
from enrol_service.tables import account, authorisation, commitment, enrolment

LARGEST_BUDGET = 1_000_000_00  # cents
MOST_COURSES = 50
LONGEST = timedelta(days=731)
# What counts towards the courses of one student: those that go on, and those that were completed.
COUNTED = (*sorted(LIVE), "completed")
FIELDS = ("budget", "per_student", "from_on", "until_on")
LONGEST_TYPED = 40  # characters; no honest sum or day is longer
EUROS = re.compile(r"([0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,9})(?:[.,]([0-9]{1,2}))?", re.ASCII)
CURRENCY_SIGN = re.compile(r"^\s*€|(?:€|eur|euroa?)\s*$", re.IGNORECASE)
DAY = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a payer lets happen: whole cents, courses of one student at most, the first and the last day."""

    budget_cents: int
    currency: str
    per_student: int
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A row of `authorisation`, with what is used of its budget now."""

    id: int
    school_id: SchoolId
    terms: Terms
    given_at: datetime
    given_by_id: int
    ended_at: datetime | None
    used_cents: int

    @property
    def left_cents(self) -> int:
        return self.terms.budget_cents - self.used_cents

    def holds_on(self, day: date) -> bool:
        return self.ended_at is None and self.terms.from_on <= day <= self.terms.until_on


def commit_by_authorisation(connection: Connection, catalogue: Catalogue, enrolment_id: int, now: datetime) -> bool:
    """Give an asked commitment under a standing authorisation of the home school; False when none covers it.

    Call inside a write transaction.

    1. Nothing that a person would have to be shown first is committed: a course that has changed since, or is gone, is asked about.
    2. The oldest authorisation with enough left, for this student too, is the one, if who gave it may still authorise.
    3. The commitment is given by the service, in the name of whoever gave the authorisation.
    4. Who holds a seat is placed; who waits in line will be offered the next free one.
    5. The student is written to.
    """
    enrolled, promised = read_enrolment(connection, enrolment_id), read_commitment(connection, enrolment_id)
    if promised.state != "asked" or now >= promised.answer_by_at or is_cancelled(enrolled, catalogue):
        return False
    if is_changed(connection, catalogue, enrolled, promised):
        return False
    found = _covering(connection, catalogue, enrolled, promised, now)
    if found is None:
        return False
    by = {"decided_at": now, "decided_by_id": found.given_by_id, "authorisation_id": found.id}
    advance_commitment(connection, enrolment_id, "asked", "give", THE_SERVICE, now, **by)
    if enrolled.state == "requested":
        advance_enrolment(connection, enrolment_id, "requested", "place", THE_SERVICE, now, authorisation_id=found.id)
        tell_student(connection, "placed", enrolled, now)
    else:
        tell_student(connection, "approved", enrolled, now)
    return True


def keep_within_budget(connection: Connection, enrolment_id: int, now: datetime) -> None:
    """After what a commitment costs has changed: one that no longer fits its authorisation stands by itself.

    What had been released or charged in part may be whole again when a mark is corrected, and others may have used what was
    left. The promise stays as it was given; it is only not counted under the authorisation any more, and the journal says so.
    """
    promised = read_commitment(connection, enrolment_id)
    if promised.authorisation_id is None:
        return
    found = read_authorisation(connection, promised.authorisation_id)
    if found is not None and found.left_cents < 0:
        connection.execute(commitment.update().where(commitment.c.enrolment_id == enrolment_id).values(authorisation_id=None))
        facts = {"authorisation_id": found.id, "enrolment_id": enrolment_id}
        record_act(connection, "authorise", found.school_id, None, now, step="outgrown", **facts)


def authorise(connection: Connection, school_id: SchoolId, terms: Terms, actor: Actor, now: datetime) -> int:
    """Give an authorisation; its number. The same terms once more are the same one. Call inside a write transaction."""
    same = (authorisation.c.school_id == school_id) & authorisation.c.ended_at.is_(None)
    for name in Terms.__slots__:
        same &= authorisation.c[name] == getattr(terms, name)
    known = connection.execute(select(authorisation.c.id).where(same)).scalar()
    if known is not None:
        return int(known)
    values = {name: getattr(terms, name) for name in Terms.__slots__}
    row = authorisation.insert().values(school_id=school_id, given_at=now, given_by_id=actor.account_id, **values)
    number = int(connection.execute(row.returning(authorisation.c.id)).scalar_one())
    facts = {"budget_cents": terms.budget_cents, "currency": terms.currency, "per_student": terms.per_student}
    days = {"from_on": terms.from_on.isoformat(), "until_on": terms.until_on.isoformat()}
    record_act(connection, "authorise", school_id, actor, now, authorisation_id=number, step="give", **facts, **days)
    return number


def end_authorisation(connection: Connection, authorisation_id: int, actor: Actor, now: datetime) -> bool:
    """Take an authorisation back; what was committed stays. False when it had ended. Call inside a write transaction."""
    here = (authorisation.c.id == authorisation_id) & authorisation.c.ended_at.is_(None)
    school_id = connection.execute(authorisation.update().where(here).values(ended_at=now).returning(authorisation.c.school_id)).scalar()
    if school_id is None:
        return False
    record_act(connection, "authorise", school_id, actor, now, authorisation_id=authorisation_id, step="end")
    return True


def authorisations(connection: Connection, school_ids: Iterable[SchoolId]) -> tuple[Authorisation, ...]:
    """All of some schools, oldest first."""
    return _read(connection, authorisation.c.school_id.in_(tuple(school_ids)))


def read_authorisation(connection: Connection, authorisation_id: int) -> Authorisation | None:
    return next(iter(_read(connection, authorisation.c.id == authorisation_id)), None)


def read_terms(typed: Mapping[str, str], currency: str, today: date) -> Terms:
    """Read the form of an authorisation. Refuses with FormRefused, which holds every field that must be mended."""
    values = {name: " ".join(typed.get(name, "")[:LONGEST_TYPED].split()) for name in FIELDS}
    refused: dict[str, Refusal] = {}
    budget = read_euros(values["budget"])
    if budget is None:
        refused["budget"] = BudgetMissing()
    elif budget > LARGEST_BUDGET:
        refused["budget"] = BudgetTooLarge(most=Money(LARGEST_BUDGET, currency))
    courses = int(values["per_student"]) if re.fullmatch("[0-9]{1,3}", values["per_student"]) else 0
    if not 1 <= courses <= MOST_COURSES:
        refused["per_student"] = PerStudentMissing(most=MOST_COURSES)
    days = {name: read_day(values[name]) for name in ("from_on", "until_on")}
    refused |= {name: DayMissing() for name, day in days.items() if day is None}
    from_on, until_on = days["from_on"], days["until_on"]
    if from_on and until_on and (wrong := _judge_days(from_on, until_on, today)):
        refused["until_on"] = wrong
    if refused or budget is None or from_on is None or until_on is None:
        raise FormRefused(tuple((name, refused[name]) for name in FIELDS if name in refused))
    return Terms(budget, currency, courses, from_on, until_on)


def read_euros(text: str) -> int | None:
    """Cents of a sum as people write it: `1 500`, `1500,00`, `€1500`. None for what can be read in two ways, as `1.500`."""
    match = EUROS.fullmatch(" ".join(CURRENCY_SIGN.sub("", text).split()))
    if match is None:
        return None
    return int(match[1].replace(" ", "")) * 100 + int((match[2] or "").ljust(2, "0"))


def read_day(text: str) -> date | None:
    """A day as a browser sends it, `2026-11-30`, or as it is written, `30.11.2026`."""
    match = DAY.fullmatch(text)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text)
    except ValueError:
        return None


def _judge_days(from_on: date, until_on: date, today: date) -> Refusal | None:
    if until_on < from_on:
        return DaysBackwards()
    if until_on < today:
        return DayPast()
    return DaysTooMany() if until_on - from_on > LONGEST else None


def _covering(
    connection: Connection, catalogue: Catalogue, enrolled: Enrolment, promised: Commitment, now: datetime
) -> Authorisation | None:
    theirs = authorisation.c.school_id == enrolled.home_school_id
    today = catalogue.network.day_of(now)
    for one in _read(connection, theirs, authorisation.c.ended_at.is_(None), authorisation.c.currency == promised.currency):
        if (
            one.holds_on(today)
            and promised.price_cents <= one.left_cents
            and _courses_of(connection, one, enrolled.email) < one.terms.per_student
            and _may_still_authorise(connection, catalogue, one, now)
        ):
            return one
    return None


def _may_still_authorise(connection: Connection, catalogue: Catalogue, one: Authorisation, now: datetime) -> bool:
    """Whether who gave it has the right today: whoever is removed binds the school to nothing more."""
    email = connection.execute(select(account.c.email).where(account.c.id == one.given_by_id)).scalar_one()
    giver = staff_of(connection, catalogue, email, now)
    return giver is not None and giver.may("authorise", one.school_id)


def _courses_of(connection: Connection, one: Authorisation, email: str) -> int:
    """How many courses of one student count towards what the authorisation allows."""
    joined = enrolment.join(commitment, commitment.c.enrolment_id == enrolment.c.id)
    here = (commitment.c.authorisation_id == one.id) & (enrolment.c.email == email) & enrolment.c.state.in_(COUNTED)
    return int(connection.execute(select(func.count()).select_from(joined).where(here)).scalar_one())


def _read(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[Authorisation, ...]:
    """Authorisations, each with the sum of what was promised under it: the price while given, what was charged after that."""
    cost = case(
        (commitment.c.state == "given", commitment.c.price_cents),
        (commitment.c.state.in_(("charged", "settled")), commitment.c.charged_cents),
        else_=0,
    )
    used = select(func.coalesce(func.sum(cost), 0)).where(commitment.c.authorisation_id == authorisation.c.id).scalar_subquery()
    rows = connection.execute(select(authorisation, used.label("used")).where(*conditions).order_by(authorisation.c.id))
    return tuple(
        Authorisation(
            id=row.id,
            school_id=row.school_id,
            terms=Terms(row.budget_cents, row.currency, row.per_student, row.from_on, row.until_on),
            given_at=row.given_at,
            given_by_id=row.given_by_id,
            ended_at=row.ended_at,
            used_cents=int(row.used),
        )
        for row in rows
    )
