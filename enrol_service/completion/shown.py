"""A completion in a reader's words: what pages of teachers, home schools and students say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from enrol_service.completion.completion import Completion, latest
from enrol_service.completion.grade import FAILED, IN_PROGRESS, INTERRUPTED
from enrol_service.completion.publish import CORRECTION_REASONS, reason_of
from enrol_service.refusals.base import sentence
from enrol_service.speech import Speech
from enrol_service.tables import account

# What a letter means. Numbers speak for themselves.
GRADE_WORDS: Mapping[str, str] = {
    "4": sentence("failed"),
    "S": sentence("passed"),
    "H": sentence("failed"),
    "O": sentence("took part"),
}
MARK_WORDS: Mapping[str, str] = {IN_PROGRESS: sentence("In progress"), INTERRUPTED: sentence("Interrupted")}


@dataclass(frozen=True, slots=True)
class ShownGrade:
    """One subject. `words` say what a letter or a four means; `modules` are national codes."""

    subject: str
    grade: str
    words: str
    is_failed: bool
    credits: int
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownCompletion:
    """A published version. `by`: who wrote it; `reason`, `reason_text`: why it was corrected, empty of a first version."""

    id: int
    version: int
    grades: tuple[ShownGrade, ...]
    mark: str
    mark_words: str
    missing: str
    reason: str
    reason_text: str
    assessed_on: date
    published_at: datetime
    by: str


def grades_for_student(connection: Connection, speech: Speech, enrolment_id: int) -> ShownCompletion | None:
    """What the student's own page says: the newest published version, or None."""
    newest = latest(connection, [enrolment_id]).get(enrolment_id)
    return shown(speech, newest, {}) if newest else None


def shown(speech: Speech, completion: Completion, names: Mapping[int, str]) -> ShownCompletion:
    """A published version for a reader of the speech's language. `names`: as `names_of` gives them."""
    reason, text = reason_of(completion)
    grades = tuple(
        ShownGrade(
            subject=subject_name(speech, one.subject_id),
            grade=one.grade,
            words=speech.gettext(GRADE_WORDS[one.grade]) if one.grade in GRADE_WORDS else "",
            is_failed=one.grade in FAILED,
            credits=one.credits,
            modules=one.modules,
        )
        for one in completion.grades
    )
    published_at = completion.published_at or completion.written_at
    return ShownCompletion(
        id=completion.id,
        version=completion.version,
        grades=grades,
        mark=completion.mark,
        mark_words=speech.gettext(MARK_WORDS[completion.mark]) if completion.mark else "",
        missing=completion.missing,
        reason=speech.gettext(CORRECTION_REASONS[reason]) if reason in CORRECTION_REASONS else "",
        reason_text=text,
        assessed_on=completion.assessed_on or speech.catalogue.network.day_of(published_at),
        published_at=published_at,
        by=names.get(completion.written_by_id, ""),
    )


def subject_name(speech: Speech, subject_id: str) -> str:
    """A subject's name, or its code once it has left the vocabulary."""
    subject = speech.catalogue.subjects.get(subject_id)
    return subject.name.to(speech.language) if subject else subject_id


def names_of(connection: Connection, completions: Iterable[Completion]) -> Mapping[int, str]:
    """Who wrote the versions: account → name."""
    wanted = sorted({one.written_by_id for one in completions})
    rows = connection.execute(select(account.c.id, account.c.name).where(account.c.id.in_(wanted)))
    return {row.id: row.name for row in rows}
