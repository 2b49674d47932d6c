"""The home school's completions: what has been published of its own students, acknowledged and queried here, never changed."""

from __future__ import annotations

from pydantic import Field
from sqlalchemy import exists

from enrol_service import tables
from enrol_service.completion.answer import Standing, acknowledge, answers, query, standing
from enrol_service.completion.completion import read_completion, versions
from enrol_service.enrolment.enrolments import Enrolment
from enrol_service.refusals.completion import CompletionSuperseded, QueryEmpty
from enrol_service.refusals.enrolling import IdentityCodeFound, TextTooLong, TextUnprintable
from enrol_service.refusals.web import NotFound
from enrol_service.web.api.completion_told import CompletionTold, completion_told
from enrol_service.web.api.operation import Call, Given, Number, Text, Told, operation
from enrol_service.web.api.own import Page, number_of, own_student, page_of
from enrol_service.web.page import here


class CompletedStudies(Told):
    """One student's studies with their published versions, newest first. `standing`: what was last said of the newest."""

    enrolment: int
    number: str
    student: str
    group: str
    course: str
    offering: str
    standing: Standing
    versions: list[CompletionTold]


class AllCompletions(Told):
    completions: list[CompletedStudies]
    next: int | None = Field(description="`after` of the next part; null at the end")


class CompletionDone(Told):
    """`changed`: this call did it. False: it had been done before."""

    changed: bool
    completion: CompletedStudies


class Acknowledged(Given):
    """`completion`: the id of the version that you have seen."""

    completion: Number


class Queried(Acknowledged):
    text: Text


@operation("GET", "/completions", "see_students", "Published completions of own students", query=Page, answer=AllCompletions)
def listed(call: Call, query: Page) -> AllCompletions:
    published = (tables.completion.c.enrolment_id == tables.enrolment.c.id) & (tables.completion.c.state == "published")
    found, after = page_of(call, query, tables.enrolment.c.home_school_id == call.school_id, exists().where(published))
    return AllCompletions(completions=_told(call, [enrolment for enrolment, _ in found]), next=after)


@operation("GET", "/completions/{enrolment_id:number}", "see_students", "One student's, with every version", answer=CompletedStudies)
def one(call: Call, enrolment_id: int) -> CompletedStudies:
    return _one(call, enrolment_id)


@operation(
    "POST",
    "/completions/{enrolment_id:number}/acknowledge",
    "answer_completions",
    "Say that the school has seen the completion",
    body=Acknowledged,
    answer=CompletionDone,
    refusals=(CompletionSuperseded,),
)
def acknowledged(call: Call, enrolment_id: int, body: Acknowledged) -> CompletionDone:
    _refuse_foreign(call, enrolment_id, body.completion)
    changed = acknowledge(call.connection, body.completion, call.actor(), here().now)
    return CompletionDone(changed=changed, completion=_one(call, enrolment_id))


@operation(
    "POST",
    "/completions/{enrolment_id:number}/query",
    "answer_completions",
    "Ask the offering school about the completion",
    body=Queried,
    answer=CompletionDone,
    refusals=(CompletionSuperseded, QueryEmpty, TextTooLong, TextUnprintable, IdentityCodeFound),
)
def queried(call: Call, enrolment_id: int, body: Queried) -> CompletionDone:
    _refuse_foreign(call, enrolment_id, body.completion)
    changed = query(call.connection, here().catalogue, body.completion, body.text, call.actor(), here().now)
    return CompletionDone(changed=changed, completion=_one(call, enrolment_id))


def _refuse_foreign(call: Call, enrolment_id: int, completion_id: int) -> None:
    found = read_completion(call.connection, completion_id)
    if found is None or found.enrolment_id != own_student(call, enrolment_id)[0].id:
        raise NotFound


def _one(call: Call, enrolment_id: int) -> CompletedStudies:
    found = _told(call, [own_student(call, enrolment_id)[0]])
    if not found:
        raise NotFound
    return found[0]


def _told(call: Call, enrolments: list[Enrolment]) -> list[CompletedStudies]:
    every = versions(call.connection, [one.id for one in enrolments])
    said = answers(call.connection, [version.id for all_of_one in every.values() for version in all_of_one])
    return [
        CompletedStudies(
            enrolment=one.id,
            number=number_of(one),
            student=one.name,
            group=one.group_name,
            course=one.course_id,
            offering=one.offering_id,
            standing=standing(said.get(every[one.id][-1].id, ())),
            versions=[completion_told(version, said) for version in reversed(every[one.id])],
        )
        for one in enrolments
        if one.id in every
    ]
