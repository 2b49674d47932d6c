"""What the home school says of a published completion, and what the offering school replies. Neither ever changes a grade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from course_catalogue.model import Catalogue
from enrol_service.completion.completion import Completion, latest, read_completion
from enrol_service.enrolment.enrolments import Enrolment, read_enrolment
from enrol_service.enrolment.free_text import free_text
from enrol_service.events import Actor
from enrol_service.mail.notices import tell_of_query, tell_of_reply
from enrol_service.refusals.completion import CompletionSuperseded, NothingQueried, QueryEmpty, ReplyEmpty
from enrol_service.refusals.web import NotFound
from enrol_service.school.acting import record_act
from enrol_service.tables import account, completion_answer

Kind = Literal["acknowledged", "queried", "replied"]
Standing = Literal["new", "acknowledged", "queried", "replied"]

LONGEST_TEXT = 1000  # characters


@dataclass(frozen=True, slots=True)
class Answer:
    """A row of `completion_answer`, with the name of who wrote it."""

    id: int
    completion_id: int
    kind: Kind
    text: str
    at: datetime
    by_id: int
    by: str


def answers(connection: Connection, completion_ids: Iterable[int]) -> Mapping[int, tuple[Answer, ...]]:
    """The conversation about each version, oldest first."""
    one = completion_answer.c
    wanted = select(one.id, one.completion_id, one.kind, one.text, one.at, one.by_id, account.c.name).join_from(completion_answer, account)
    found: dict[int, tuple[Answer, ...]] = {}
    for row in connection.execute(wanted.where(one.completion_id.in_(sorted(set(completion_ids)))).order_by(one.id)):
        found[row.completion_id] = (*found.get(row.completion_id, ()), Answer(*row))
    return found


def standing(said: Iterable[Answer]) -> Standing:
    """Where a version stands with the home school: its last word, or the offering school's reply to it."""
    last: Standing = "new"
    for one in said:
        last = one.kind
    return last


def acknowledge(connection: Connection, completion_id: int, actor: Actor, now: datetime) -> bool:
    """Say for the home school that it has seen the completion; False when it had. Call inside a write transaction.

    Refuses with NotFound and with CompletionSuperseded when a correction has come since.
    """
    completion, enrolment = _newest(connection, completion_id)
    if _standing_of(connection, completion_id) == "acknowledged":
        return False
    _write(connection, completion, "acknowledged", "", actor, now)
    record_act(connection, "answer_completions", enrolment.home_school_id, actor, now, acknowledged=completion_id)
    return True


def query(connection: Connection, catalogue: Catalogue, completion_id: int, text: str, actor: Actor, now: datetime) -> bool:
    """Ask the offering school about the completion; False when the same has just been asked. Call inside a write transaction.

    Coordinators and the course's teachers are written to. Refuses with NotFound, CompletionSuperseded and QueryEmpty.
    """
    completion, enrolment = _newest(connection, completion_id)
    tidy = free_text(text, LONGEST_TEXT)
    if not tidy:
        raise QueryEmpty
    if _was_just_said(connection, completion_id, "queried", tidy):
        return False
    _write(connection, completion, "queried", tidy, actor, now)
    record_act(connection, "answer_completions", enrolment.home_school_id, actor, now, queried=completion_id)
    tell_of_query(connection, catalogue, completion_id, enrolment, now)
    return True


def reply(connection: Connection, catalogue: Catalogue, completion_id: int, text: str, actor: Actor, now: datetime) -> bool:
    """Answer the home school's query for the offering school; False when the same has just been said. Call inside a write transaction.

    The home school's people are written to. Refuses with NotFound, CompletionSuperseded, NothingQueried and ReplyEmpty.
    """
    completion, enrolment = _newest(connection, completion_id)
    tidy = free_text(text, LONGEST_TEXT)
    if not tidy:
        raise ReplyEmpty
    if _was_just_said(connection, completion_id, "replied", tidy):
        return False
    if not any(one.kind == "queried" for one in answers(connection, [completion_id]).get(completion_id, ())):
        raise NothingQueried
    _write(connection, completion, "replied", tidy, actor, now)
    record_act(connection, "grade", enrolment.offering_school_id, actor, now, replied=completion_id)
    tell_of_reply(connection, catalogue, completion_id, enrolment, now)
    return True


def _newest(connection: Connection, completion_id: int) -> tuple[Completion, Enrolment]:
    """A published version that nothing has superseded, and its enrolment."""
    completion = read_completion(connection, completion_id)
    if completion is None:
        raise NotFound
    if latest(connection, [completion.enrolment_id])[completion.enrolment_id].id != completion_id:
        raise CompletionSuperseded
    return completion, read_enrolment(connection, completion.enrolment_id)


def _standing_of(connection: Connection, completion_id: int) -> Standing:
    return standing(answers(connection, [completion_id]).get(completion_id, ()))


def _was_just_said(connection: Connection, completion_id: int, kind: Kind, text: str) -> bool:
    said = answers(connection, [completion_id]).get(completion_id, ())
    return bool(said) and (said[-1].kind, said[-1].text) == (kind, text)


def _write(connection: Connection, completion: Completion, kind: Kind, text: str, actor: Actor, now: datetime) -> None:
    connection.execute(completion_answer.insert().values(completion_id=completion.id, kind=kind, text=text, at=now, by_id=actor.account_id))
