"""What has changed in a course since a student enrolled on it: whoever decides is shown it first, and the promised price still holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from course_catalogue.model import Catalogue, Course, Offering
from course_catalogue.price import agreement_for, price_for
from course_catalogue.promise import canonical
from enrol_service.enrolment.enrolments import Commitment, Enrolment
from enrol_service.refusals.base import sentence
from enrol_service.refusals.recheck import RunChanged, RunGone
from enrol_service.speech import Money, Speech
from enrol_service.tables import promise

Form = Mapping[str, Any]  # a canonical form, read back


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that is not as it was when the student enrolled, in the reader's words."""

    label: str
    before: str
    after: str


def changes_since(
    connection: Connection, catalogue: Catalogue, enrolment: Enrolment, commitment: Commitment, speech: Speech
) -> tuple[Changed, ...]:
    """What a reader would see otherwise today than on the day of enrolling; nothing for a course that is gone."""
    found = _run(catalogue, enrolment)
    if found is None:
        return ()
    course, offering = found
    before, after = _promised(connection, commitment), _form(canonical((course, offering)))
    rows = [(speech.gettext(label), say(speech, before), say(speech, after)) for label, say in COMPARED]
    quote = price_for(agreement_for(catalogue, offering), course, enrolment.home_school_id)
    old, new = Money(commitment.price_cents, commitment.currency), Money(quote.cents, quote.currency)
    rows.append((speech.gettext("Price"), speech.write(old), speech.write(new)))
    return tuple(Changed(*row) for row in rows if row[1] != row[2])


def is_gone(catalogue: Catalogue, enrolment: Enrolment) -> bool:
    """Whether the course or the run is not published any more. One that is cancelled is not gone: its page says so."""
    return _run(catalogue, enrolment) is None


def is_changed(connection: Connection, catalogue: Catalogue, enrolment: Enrolment, commitment: Commitment) -> bool:
    """Whether a person, in whatever language they read, would have to be shown something before committing."""
    if is_gone(catalogue, enrolment):
        return True
    readers = (Speech(language, catalogue) for language in catalogue.network.languages)
    return any(changes_since(connection, catalogue, enrolment, commitment, one) for one in readers)


def digest_of(changes: tuple[Changed, ...]) -> str:
    """What a form carries to say which changes its page showed; empty for none."""
    if not changes:
        return ""
    shown = json.dumps([[one.label, one.before, one.after] for one in changes], ensure_ascii=False)
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def refuse_changed(
    connection: Connection, catalogue: Catalogue, enrolment: Enrolment, commitment: Commitment, speech: Speech, shown: str
) -> None:
    """Refuse with RunChanged when the page did not show what has changed. `shown` is the digest that its form carried.

    Nothing that has been decided is refused: a second answer is told who gave the first. Call in the decision's transaction.
    """
    if commitment.state == "asked" and digest_of(changes_since(connection, catalogue, enrolment, commitment, speech)) != shown:
        raise RunChanged


def refuse_gone(catalogue: Catalogue, enrolment: Enrolment, commitment: Commitment) -> None:
    """Refuse with RunGone to commit to a course that is not in the tray any more."""
    if commitment.state == "asked" and is_gone(catalogue, enrolment):
        raise RunGone


def _run(catalogue: Catalogue, enrolment: Enrolment) -> tuple[Course, Offering] | None:
    course = catalogue.courses.get(enrolment.course_id)
    offering = course.offering(enrolment.offering_id) if course and course.status in ("published", "cancelled") else None
    return (course, offering) if course and offering else None


def _promised(connection: Connection, commitment: Commitment) -> Form:
    stored = select(promise.c.canonical).where(promise.c.digest == commitment.offering_digest)
    return _form(connection.execute(stored).scalar_one())


def _form(canonical_json: str | bytes) -> Form:
    form: Form = json.loads(canonical_json)
    return form


def _title(speech: Speech, form: Form) -> str:
    course = form["course"]
    texts: Mapping[str, str] = course["title"]
    best = (texts[language] for language in (speech.language, course["language"]) if language in texts)
    return next(best, next(iter(texts.values())))


def _dates(speech: Speech, form: Form) -> str:
    run = form["offering"]
    if run["starts_on"] is None or run["ends_on"] is None:
        days = run["days"] or 0
        return speech.words.ngettext("Own pace, %(count)s day", "Own pace, %(count)s days", days) % {"count": days}
    return speech.wording.period_days(date.fromisoformat(run["starts_on"]), date.fromisoformat(run["ends_on"]))


def _word(noun: str) -> Callable[[Speech, Form], str]:
    def say(speech: Speech, form: Form) -> str:
        id_ = form["course"][noun]
        text = speech.catalogue.words.get(noun, {}).get(id_)
        return text.to(speech.language) if text else str(id_)

    return say


COMPARED: tuple[tuple[str, Callable[[Speech, Form], str]], ...] = (
    (sentence("Course"), _title),
    (sentence("Time"), _dates),
    (sentence("Teacher"), lambda speech, form: str(form["course"]["teacher"])),
    (sentence("Mode"), _word("mode")),
    (sentence("Size"), lambda speech, form: speech.wording.credits(int(form["course"]["credits"]))),
    (sentence("Exam"), _word("exam")),
    (sentence("Language of teaching"), _word("language")),
)
