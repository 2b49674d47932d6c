"""The home school's requests: seeing them, and giving or refusing the payment commitment, one by one or many at once."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from enrol_service import tables
from enrol_service.enrolment.decide import Answer, give, refuse
from enrol_service.enrolment.decide_many import Chosen, Outcome, give_many, refuse_many
from enrol_service.enrolment.enrolments import Commitment, Enrolment, pairs
from enrol_service.enrolment.recheck import changes_since, digest_of, refuse_changed, refuse_gone
from enrol_service.refusals.deciding import DeadlinePassed, ReasonMissing, RunCancelled
from enrol_service.refusals.recheck import RunChanged, RunGone
from enrol_service.refusals.web import NotFound
from enrol_service.web.api.operation import MOST_AT_ONCE, Call, Given, Number, Told, Word, operation
from enrol_service.web.api.own import number_of, own_student, school_speech
from enrol_service.web.page import here


class CourseChange(Told):
    """What has changed in the course since the student enrolled, in the school's language."""

    what: str
    before: str
    after: str


class RequestTold(Told):
    """A student's request, as the home school sees it."""

    id: int
    number: str = Field(description="What people say to each other: T-2026-00184.")
    student: str
    email: str
    group: str
    course: str = Field(description="school/course, as in the open data")
    offering: str
    enrolment: str = Field(description="a state of docs/states.md")
    commitment: str = Field(description="a state of docs/states.md")
    price_cents: int
    currency: str
    answer_by_at: datetime
    decided_at: datetime | None
    refusal_reason: str | None
    changes: list[CourseChange]
    seen: str = Field(description="Send it with the answer: it says which changes of the course you have seen.")


class Requests(Told):
    """Those that may be answered now, in the order of their deadlines."""

    requests: list[RequestTold]


class Decision(Told):
    """`changed`: this answer was the one that counted."""

    changed: bool
    request: RequestTold


class Seen(Given):
    """`seen` of the request as it was read; empty when the course had not changed."""

    seen: Word = ""


class Refused(Seen):
    reason: Word = Field(description="one of the reasons of the agreement")


class OneOfMany(Given):
    id: Number
    seen: Word = ""


class GiveMany(Given):
    requests: list[OneOfMany] = Field(min_length=1, max_length=MOST_AT_ONCE)


class RefuseMany(GiveMany):
    reason: Word = Field(description="a reason that every one of the requests' agreements has")


class ManyResult(Told):
    """What became of one. `decided`: answered before; `late`: the time had passed; `left`: the student had left."""

    result: Literal["done", "decided", "late", "cancelled", "left", "changed"]
    refusal: str | None = Field(description="of `changed`: why it was refused")
    request: RequestTold


class ManyResults(Told):
    results: list[ManyResult]


@operation("GET", "/requests", "decide", "Requests that await the school's answer", answer=Requests)
def listed(call: Call) -> Requests:
    mine = tables.enrolment.c.home_school_id == call.school_id
    found = pairs(call.connection, mine, tables.commitment.c.state == "asked", tables.commitment.c.answer_by_at > here().now)
    return Requests(requests=[_told(call, *pair) for pair in sorted(found, key=lambda pair: pair[1].answer_by_at)])


@operation("GET", "/requests/{enrolment_id:number}", "decide", "One request", answer=RequestTold)
def one(call: Call, enrolment_id: int) -> RequestTold:
    return _told(call, *own_student(call, enrolment_id))


@operation(
    "POST",
    "/requests/{enrolment_id:number}/give",
    "decide",
    "Give the payment commitment",
    body=Seen,
    answer=Decision,
    refusals=(DeadlinePassed, RunCancelled, RunGone, RunChanged),
)
def given(call: Call, enrolment_id: int, body: Seen) -> Decision:
    _refuse_unseen(call, enrolment_id, body)
    refuse_gone(here().catalogue, *own_student(call, enrolment_id))
    return _decision(call, enrolment_id, give(call.connection, here().catalogue, enrolment_id, call.actor(), here().now))


@operation(
    "POST",
    "/requests/{enrolment_id:number}/refuse",
    "decide",
    "Refuse the payment commitment, for a reason of the agreement",
    body=Refused,
    answer=Decision,
    refusals=(DeadlinePassed, RunCancelled, ReasonMissing, RunChanged),
)
def refused(call: Call, enrolment_id: int, body: Refused) -> Decision:
    _refuse_unseen(call, enrolment_id, body)
    answer = refuse(call.connection, here().catalogue, enrolment_id, body.reason, call.actor(), here().now)
    return _decision(call, enrolment_id, answer)


@operation("POST", "/requests/give", "decide", "Give many, each by itself", body=GiveMany, answer=ManyResults, refusals=(NotFound,))
def gave_many(call: Call, body: GiveMany) -> ManyResults:
    return _results(call, give_many(call.connection, here().catalogue, _chosen(call, body), here().now))


@operation(
    "POST",
    "/requests/refuse",
    "decide",
    "Refuse many for one reason, each by itself",
    body=RefuseMany,
    answer=ManyResults,
    refusals=(NotFound, ReasonMissing),
)
def refused_many(call: Call, body: RefuseMany) -> ManyResults:
    return _results(call, refuse_many(call.connection, here().catalogue, _chosen(call, body), body.reason, here().now))


def _refuse_unseen(call: Call, enrolment_id: int, body: Seen) -> None:
    refuse_changed(call.connection, here().catalogue, *own_student(call, enrolment_id), school_speech(call), body.seen)


def _decision(call: Call, enrolment_id: int, answer: Answer) -> Decision:
    return Decision(changed=answer.changed, request=_told(call, *own_student(call, enrolment_id)))


def _chosen(call: Call, body: GiveMany) -> Chosen:
    shown = {one.id: one.seen for one in body.requests}
    for enrolment_id in shown:
        own_student(call, enrolment_id)
    return Chosen(shown, {call.school_id: call.actor()}, school_speech(call))


def _results(call: Call, outcomes: tuple[Outcome, ...]) -> ManyResults:
    told = [
        ManyResult(
            result=one.result,
            refusal=type(one.refusal).__name__ if one.refusal else None,
            request=_told(call, one.enrolment, one.commitment),
        )
        for one in outcomes
    ]
    return ManyResults(results=told)


def _told(call: Call, enrolment: Enrolment, commitment: Commitment) -> RequestTold:
    asked = commitment.state == "asked"
    changes = changes_since(call.connection, here().catalogue, enrolment, commitment, school_speech(call)) if asked else ()
    return RequestTold(
        id=enrolment.id,
        number=number_of(enrolment),
        student=enrolment.name,
        email=enrolment.email,
        group=enrolment.group_name,
        course=enrolment.course_id,
        offering=enrolment.offering_id,
        enrolment=enrolment.state,
        commitment=commitment.state,
        price_cents=commitment.price_cents,
        currency=commitment.currency,
        answer_by_at=commitment.answer_by_at,
        decided_at=commitment.decided_at,
        refusal_reason=commitment.refusal_reason_id,
        changes=[CourseChange(what=one.label, before=one.before, after=one.after) for one in changes],
        seen=digest_of(changes),
    )
