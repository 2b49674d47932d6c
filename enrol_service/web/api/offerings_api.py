"""The offering school's runs: seats, queue and minimum; cancelling one, writing to its participants, and who teaches a course."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from course_catalogue.model import Course, Offering
from course_catalogue.offering import offering_state
from enrol_service import tables
from enrol_service.enrolment.run import RunState, all_runs, cancel_run, to_go
from enrol_service.enrolment.seats import Seats, all_seats
from enrol_service.mail.message import ON_THE_COURSE, send_message, sent_messages
from enrol_service.refusals.enrolling import IdentityCodeFound, TextTooLong, TextUnprintable
from enrol_service.refusals.queue import RunOver
from enrol_service.refusals.run import CancelReasonMissing, MessageRefused, NobodyChosen, NotTeacher, RunOff
from enrol_service.refusals.web import NotFound
from enrol_service.school.teaching import assign_teachers, hidden_courses, teachers_by_course
from enrol_service.web.api.operation import MOST_AT_ONCE, Call, Given, Number, Text, Told, Word, operation
from enrol_service.web.api.own import Changed, participants_of, run_for, run_to_act_on
from enrol_service.web.page import here

# A run as the content has it. What has been decided beside it is `decided`.
ContentState = Literal["open", "not_open", "closed", "ended", "cancelled"]


class OfferingTold(Told):
    """A run. Paths name it by `course_name` and `offering`."""

    course: str = Field(description="school/course_name")
    course_name: str
    offering: str
    title: str
    starts_on: date | None = Field(description="null at one's own pace")
    ends_on: date | None
    state: ContentState
    decided: RunState | None = Field(description="null = nothing yet")
    seats: int | None = Field(description="null = no limit")
    taken: int
    queued: int
    minimum: int | None
    to_go: int | None = Field(description="commitments missing to the minimum; null without one, or once it is decided")


class Offerings(Told):
    offerings: list[OfferingTold]


class Cancelled(Told):
    """How many were let go; none when it had been cancelled before."""

    let_go: int


class Reason(Given):
    """Everybody on the run reads it."""

    reason: Text


class Message(Given):
    """`students`: enrolments; left out, everybody who is on the course."""

    subject: Text
    body: Text
    students: list[Number] | None = Field(None, min_length=1, max_length=MOST_AT_ONCE)


class MessageTold(Told):
    id: int
    subject: str
    body: str
    sent_at: datetime
    receivers: int


class Messages(Told):
    messages: list[MessageTold]


class CourseTold(Told):
    """`teachers`: addresses; none = every teacher of the school."""

    course: str
    title: str
    teachers: list[str]


class Courses(Told):
    courses: list[CourseTold]


class Teachers(Given):
    teachers: list[Word] = Field(max_length=MOST_AT_ONCE)


@operation("GET", "/offerings", "see_offerings", "The school's runs", answer=Offerings)
def listed(call: Call) -> Offerings:
    at = here()
    seats, decided = all_seats(call.connection), all_runs(call.connection)
    found = []
    for course in _courses(call):
        for offering in course.offerings:
            run = decided.get((course.id, offering.id))
            told = _told(call, course, offering, run.state if run else None, seats.get((course.id, offering.id), Seats()))
            if told.state != "ended" or told.taken:
                found.append(told)
    return Offerings(offerings=sorted(found, key=lambda one: (one.starts_on or at.today, one.course)))


@operation("GET", "/offerings/{course_name}/{offering_id}", "see_offerings", "One run", answer=OfferingTold)
def one(call: Call, course_name: str, offering_id: str) -> OfferingTold:
    run = run_for(call, course_name, offering_id)
    if run.course is None or run.offering is None:
        raise NotFound
    seats = all_seats(call.connection).get((run.course_id, run.offering_id), Seats())
    return _told(call, run.course, run.offering, run.decided.state if run.decided else None, seats)


@operation(
    "POST",
    "/offerings/{course_name}/{offering_id}/cancel",
    "cancel_run",
    "Cancel the run for everybody; nothing brings it back",
    body=Reason,
    answer=Cancelled,
    refusals=(RunOver, CancelReasonMissing, TextTooLong, TextUnprintable, IdentityCodeFound),
)
def cancelled(call: Call, course_name: str, offering_id: str, body: Reason) -> Cancelled:
    run, at = run_for(call, course_name, offering_id), here()
    return Cancelled(let_go=cancel_run(call.connection, at.catalogue, run.course_id, run.offering_id, body.reason, call.actor(), at.now))


@operation("GET", "/offerings/{course_name}/{offering_id}/messages", "write_messages", "Messages sent, the newest first", answer=Messages)
def messages(call: Call, course_name: str, offering_id: str) -> Messages:
    return _messages(call, course_name, offering_id)


@operation(
    "POST",
    "/offerings/{course_name}/{offering_id}/messages",
    "write_messages",
    "Write to participants, one mail each; the same again within ten minutes sends nothing",
    body=Message,
    answer=MessageTold,
    refusals=(MessageRefused, NobodyChosen, RunOff),
)
def sent(call: Call, course_name: str, offering_id: str, body: Message) -> MessageTold:
    run, at = run_to_act_on(call, course_name, offering_id), here()
    if body.students is None:
        one = tables.enrolment.c
        receivers = list(call.connection.execute(select(one.id).where(*run.condition, one.state.in_(ON_THE_COURSE))).scalars())
    else:
        receivers = list(participants_of(call, run, body.students))
    subject, text, actor = body.subject, body.body, call.actor()
    number = send_message(call.connection, at.catalogue, run.course_id, run.offering_id, subject, text, receivers, actor, at.now)
    return next(one for one in _messages(call, course_name, offering_id).messages if one.id == number)


@operation("GET", "/teachers", "assign_teachers", "Who teaches each course", answer=Courses)
def teachers(call: Call) -> Courses:
    return Courses(courses=[_taught(call, course) for course in _courses(call)])


@operation(
    "POST",
    "/teachers/{course_name}",
    "assign_teachers",
    "Say who teaches a course; nobody = every teacher of the school",
    body=Teachers,
    answer=Changed,
    refusals=(NotTeacher,),
)
def assigned(call: Call, course_name: str, body: Teachers) -> Changed:
    at = here()
    course = at.catalogue.courses.get(f"{call.school_id}/{course_name}")
    if course is None or course.status not in ("published", "cancelled"):
        raise NotFound
    return Changed(changed=assign_teachers(call.connection, at.catalogue, course.id, body.teachers, call.actor(), at.now))


def _courses(call: Call) -> list[Course]:
    """The school's courses that the maker of the key sees."""
    hidden = hidden_courses(call.connection, call.caller.person, call.school_id, here().today)
    return [one for one in here().catalogue.published() if one.school_id == call.school_id and one.id not in hidden]


def _messages(call: Call, course_name: str, offering_id: str) -> Messages:
    run = run_for(call, course_name, offering_id)
    found = sent_messages(call.connection, run.course_id, run.offering_id)
    told = [MessageTold(id=one.id, subject=one.subject, body=one.body, sent_at=one.sent_at, receivers=one.receivers) for one in found]
    return Messages(messages=told)


def _taught(call: Call, course: Course) -> CourseTold:
    given = teachers_by_course(call.connection, call.school_id).get(course.id, frozenset())
    return CourseTold(course=course.id, title=course.title.to(here().language), teachers=sorted(given))


def _told(call: Call, course: Course, offering: Offering, decided: RunState | None, seats: Seats) -> OfferingTold:
    at = here()
    return OfferingTold(
        course=course.id,
        course_name=course.id.split("/")[1],
        offering=offering.id,
        title=course.title.to(at.language),
        starts_on=offering.starts_on,
        ends_on=offering.ends_on,
        state=offering_state(course, offering, at.now),
        decided=decided,
        seats=offering.seats,
        taken=seats.taken,
        queued=seats.queued,
        minimum=offering.minimum,
        to_go=to_go(call.connection, course.id, offering),
    )
