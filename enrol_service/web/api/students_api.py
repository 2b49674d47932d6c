"""The home school's own students: their enrolments, what leaving costs, leaving, and accepting a place that is offered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from enrol_service import tables
from enrol_service.enrolment.enrolments import Commitment, Enrolment
from enrol_service.enrolment.offer import accept
from enrol_service.enrolment.withdraw import leaving_step, price_of_leaving, withdraw
from enrol_service.events import Actor, history
from enrol_service.refusals.deciding import LeavingPriceChanged, RunCancelled
from enrol_service.refusals.queue import OfferExpired
from enrol_service.school.role import DECIDERS
from enrol_service.states import COMMITMENT, ENROLMENT
from enrol_service.tables import ACTOR_KINDS
from enrol_service.web.api.operation import Call, Given, OneOf, Told, Word, operation
from enrol_service.web.api.own import Page, number_of, own_student, page_of
from enrol_service.web.page import here

State = Annotated[str, OneOf(ENROLMENT.states)]
THE_SCHOOL = Actor("home_school", roles=DECIDERS)


class StudentTold(Told):
    """One enrolment of an own student. Who took part in two courses is here twice."""

    id: int
    number: str
    name: str
    email: str
    group: str
    syllabus: str
    learner_id: str
    phone: str
    protected: bool
    course: str = Field(description="school/course, as in the open data")
    offering: str
    title: str
    starts_on: date | None = Field(description="null at one's own pace")
    ends_on: date | None
    enrolled_at: datetime
    first_contact_on: date | None
    offer_until_at: datetime | None
    state: State
    commitment: str = Field(description="a state of docs/states.md")
    price_cents: int
    charged_cents: int | None
    currency: str


class Students(Told):
    students: list[StudentTold]
    next: int | None = Field(description="`after` of the next part; null at the end")


class EventTold(Told):
    at: datetime
    noun: Annotated[str, OneOf((ENROLMENT.noun, COMMITMENT.noun))]
    step: str
    from_state: str
    to_state: str
    by: Annotated[str, OneOf(ACTOR_KINDS)]


class Leaving(Told):
    """What the school owes if the student leaves today."""

    cents: int
    currency: str
    until_on: date | None = Field(description="the last day of this price; null = until the end")


class OneStudent(Told):
    student: StudentTold
    events: list[EventTold]
    can_leave: bool
    leaving: Leaving | None = Field(description="null when nothing is promised or nothing is left to leave")


class StudentDone(Told):
    """`changed`: this call did it. False: it had been done before, or there was nothing to do."""

    changed: bool
    student: StudentTold


class Leave(Given):
    price_cents: int = Field(ge=0, le=99_999_999, description="what leaving costs, as GET one told; 0 when it told null")


class StudentPage(Page):
    state: State | None = None
    course: Word = ""


@operation("GET", "/students", "see_students", "The school's own students, by enrolment", query=StudentPage, answer=Students)
def listed(call: Call, query: StudentPage) -> Students:
    one = tables.enrolment.c
    wanted = [one.home_school_id == call.school_id]
    if query.state is not None:
        wanted.append(one.state == query.state)
    if query.course:
        wanted.append(one.course_id == query.course)
    found, after = page_of(call, query, *wanted)
    return Students(students=[_told(*pair) for pair in found], next=after)


@operation(
    "GET", "/students/{enrolment_id:number}", "see_students", "One, with what has happened and what leaving costs", answer=OneStudent
)
def one(call: Call, enrolment_id: int) -> OneStudent:
    at, (enrolment, commitment) = here(), own_student(call, enrolment_id)
    row = price_of_leaving(enrolment, commitment, at.catalogue, at.now)
    events = [
        EventTold(at=event.at, noun=event.noun, step=event.step, from_state=event.from_state, to_state=event.to_state, by=event.actor_kind)
        for event in history(call.connection, enrolment_id)
    ]
    return OneStudent(
        student=_told(enrolment, commitment),
        events=events,
        can_leave=leaving_step(enrolment, at.catalogue, at.now, THE_SCHOOL) is not None,
        leaving=Leaving(cents=row.cents, currency=commitment.currency, until_on=row.until_on) if row else None,
    )


@operation(
    "POST",
    "/students/{enrolment_id:number}/withdraw",
    "ask_changes",
    "Let the student leave, at the price that GET one tells",
    body=Leave,
    answer=StudentDone,
    refusals=(LeavingPriceChanged,),
)
def withdrawn(call: Call, enrolment_id: int, body: Leave) -> StudentDone:
    own_student(call, enrolment_id)
    changed = withdraw(call.connection, here().catalogue, enrolment_id, call.actor(), here().now, price_shown=body.price_cents)
    return StudentDone(changed=changed, student=_told(*own_student(call, enrolment_id)))


@operation(
    "POST",
    "/students/{enrolment_id:number}/accept",
    "ask_changes",
    "Accept the offered place for the student",
    answer=StudentDone,
    refusals=(RunCancelled, OfferExpired),
)
def accepted(call: Call, enrolment_id: int) -> StudentDone:
    own_student(call, enrolment_id)
    changed = accept(call.connection, here().catalogue, enrolment_id, call.actor(), here().now)
    return StudentDone(changed=changed, student=_told(*own_student(call, enrolment_id)))


def _told(enrolment: Enrolment, commitment: Commitment) -> StudentTold:
    return StudentTold(
        id=enrolment.id,
        number=number_of(enrolment),
        name=enrolment.name,
        email=enrolment.email,
        group=enrolment.group_name,
        syllabus=enrolment.syllabus,
        learner_id=enrolment.learner_id,
        phone=enrolment.phone,
        protected=enrolment.protected,
        course=enrolment.course_id,
        offering=enrolment.offering_id,
        title=enrolment.title,
        starts_on=enrolment.starts_on,
        ends_on=enrolment.ends_on,
        enrolled_at=enrolment.created_at,
        first_contact_on=enrolment.first_contact_on,
        offer_until_at=enrolment.offer_until_at,
        state=enrolment.state,
        commitment=commitment.state,
        price_cents=commitment.price_cents,
        charged_cents=commitment.charged_cents,
        currency=commitment.currency,
    )
