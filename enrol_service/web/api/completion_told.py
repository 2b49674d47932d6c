"""A version of a completion as the API tells it, to the home school and to the offering school alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from enrol_service.completion.answer import Answer
from enrol_service.completion.completion import Completion
from enrol_service.completion.grade import MARKS
from enrol_service.completion.publish import reason_of
from enrol_service.web.api.operation import OneOf, Told

Mark = Annotated[str, OneOf(("", *MARKS))]


class GradeTold(Told):
    subject: str
    grade: str = Field(description="4 to 10, S, H or O")
    credits: int
    modules: list[str] = Field(description="national codes")


class AnswerTold(Told):
    kind: Literal["acknowledged", "queried", "replied"]
    text: str
    at: datetime


class CompletionTold(Told):
    """A published version. `mark`: T in progress, K interrupted, or empty; then there are grades."""

    id: int
    version: int
    grades: list[GradeTold]
    mark: Mark
    missing: str
    reason: str = Field(description="why it was corrected; empty of a first version")
    reason_text: str
    assessed_on: date | None
    published_at: datetime | None
    answers: list[AnswerTold]


def completion_told(one: Completion, said: Mapping[int, Iterable[Answer]]) -> CompletionTold:
    """`said`: what has been answered to each version."""
    reason, text = reason_of(one)
    return CompletionTold(
        id=one.id,
        version=one.version,
        grades=grades_told(one),
        mark=one.mark,
        missing=one.missing,
        reason=reason,
        reason_text=text,
        assessed_on=one.assessed_on,
        published_at=one.published_at,
        answers=[AnswerTold(kind=answer.kind, text=answer.text, at=answer.at) for answer in said.get(one.id, ())],
    )


def grades_told(one: Completion) -> list[GradeTold]:
    return [
        GradeTold(subject=grade.subject_id, grade=grade.grade, credits=grade.credits, modules=list(grade.modules)) for grade in one.grades
    ]
