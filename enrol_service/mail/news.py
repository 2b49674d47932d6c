"""What a digest says has happened meanwhile to the students of its reader's schools: by number and course, without a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from course_catalogue.model import CourseId, OfferingId, SchoolId
from enrol_service import tables
from enrol_service.enrolment.change import KIND_WORDS
from enrol_service.enrolment.enrolments import Enrolment, pairs
from enrol_service.enrolment.run import Run, all_runs
from enrol_service.enrolment.words import course_title
from enrol_service.events import came_from
from enrol_service.mail.outbox import Message
from enrol_service.speech import Speech
from enrol_service.state_words import STATE_WORDS
from enrol_service.states import HAS_PLACE

LEFT = frozenset({"withdrawn", "interrupted", "no_show"})
UNDONE = frozenset({"interrupted", "no_show"})  # marks of a teacher that may have been a mistake


def news(connection: Connection, speech: Speech, message: Message, school_ids: tuple[SchoolId, ...]) -> tuple[str, ...]:
    """Sentences about what has happened since the digest was made: runs first, then each student, then answers."""
    one, since = tables.enrolment.c, message.created_at
    mine = one.home_school_id.in_(school_ids)
    runs = all_runs(connection)
    held = pairs(connection, mine, one.state.in_(sorted(HAS_PLACE)), tables.commitment.c.state == "given", _confirmed_since(since))
    changed = [pair[0] for pair in pairs(connection, mine, one.state_at >= since)]
    back = [student for student in changed if student.state in HAS_PLACE and came_from(connection, student.id) in UNDONE]
    return (
        *_of_runs(speech, [student for student, _ in held], runs),
        *_of_runs(speech, [student for student in changed if student.state == "cancelled"], runs),
        *(_of_one(speech, student, speech.gettext(STATE_WORDS[student.state])) for student in changed if student.state in LEFT),
        *(_of_one(speech, student, speech.gettext("The mark was taken back; the place is in force")) for student in back),
        *_answers(connection, speech, mine, since),
    )


def _confirmed_since(since: datetime) -> ColumnElement[bool]:
    """The condition that an enrolment is on a run that has been confirmed since."""
    run, one = tables.run.c, tables.enrolment.c
    same = (run.course_id == one.course_id) & (run.offering_id == one.offering_id)
    return select(run.course_id).where(same, run.state == "confirmed", run.at >= since).exists()


def _of_runs(speech: Speech, concerned: Iterable[Enrolment], runs: Mapping[tuple[CourseId, OfferingId], Run]) -> list[str]:
    """One sentence for each run: what became of it, why, and which students it concerns."""
    by_run: dict[tuple[CourseId, OfferingId], list[Enrolment]] = {}
    for one in concerned:
        by_run.setdefault((one.course_id, one.offering_id), []).append(one)
    return [_of_run(speech, students, runs.get(key)) for key, students in by_run.items()]


def _of_run(speech: Speech, students: list[Enrolment], run: Run | None) -> str:
    if run is None or run.state == "cancelled":
        what = speech.gettext("Cancelled by the school; nobody pays")
        if run is not None and run.reason:
            what = f"{what}. {speech.gettext('Reason: %(reason)s', reason=run.reason.rstrip('.'))}"
    elif run.state == "lapsed":
        what = speech.gettext("Not held, too few students; nobody pays")
    else:
        what = speech.gettext("Will be held")
    zone = speech.catalogue.network.time_zone
    return f"{course_title(speech, students[0])}: {what}. {', '.join(one.number(zone) for one in students)}"


def _of_one(speech: Speech, one: Enrolment, what: str) -> str:
    return f"{one.number(speech.catalogue.network.time_zone)}, {course_title(speech, one)}: {what}"


def _answers(connection: Connection, speech: Speech, mine: ColumnElement[bool], since: datetime) -> list[str]:
    """The answers to late changes for which the home school has asked."""
    change = tables.change.c
    answered = (change.answered_at >= since) & change.state.in_(("accepted", "refused")) & (change.asked_by_kind == "home_school")
    found = select(change.enrolment_id, change.kind, change.state).join_from(tables.change, tables.enrolment)
    rows = connection.execute(found.where(mine, answered).order_by(change.id)).all()
    told = {one.id: one for one, _ in pairs(connection, tables.enrolment.c.id.in_([row.enrolment_id for row in rows]))}
    words = {"accepted": speech.gettext("Accepted"), "refused": speech.gettext("Not accepted")}
    return [f"{_of_one(speech, told[row.enrolment_id], speech.gettext(KIND_WORDS[row.kind]))}: {words[row.state]}" for row in rows]
