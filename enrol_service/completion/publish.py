"""Publishing and correcting completions: the home school sees them at once, the enrolment ends by them, the commitment is charged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from course_catalogue.model import Catalogue
from enrol_service.completion.completion import (
    ASSESSABLE,
    Completion,
    delete_draft,
    latest,
    refuse_stale,
    store,
    units_for,
)
from enrol_service.completion.entry import Entry, refuse_entry
from enrol_service.completion.grade import IN_PROGRESS, INTERRUPTED, is_worse, outcome
from enrol_service.enrolment.charge import Ending, charge_ending, price_of_ending
from enrol_service.enrolment.enrolments import Enrolment, read_commitment, read_enrolment
from enrol_service.enrolment.free_text import free_text
from enrol_service.enrolment.held_run import refuse_not_begun, refuse_off
from enrol_service.enrolment.participation import GRADED, bring_back, last_mark, refuse_left, start
from enrol_service.enrolment.waiting_list import promote
from enrol_service.events import Actor, advance_enrolment
from enrol_service.mail.notices import tell_of_completions, tell_of_correction, tell_student
from enrol_service.refusals.base import Refusal, sentence
from enrol_service.refusals.completion import (
    CorrectionReasonMissing,
    CorrectionTextMissing,
    MarkedInterrupted,
    NotAssessable,
    NothingEntered,
    NothingPublished,
    RetakeNotBetter,
)
from enrol_service.refusals.run import BeforeFirstContact
from enrol_service.school.acting import record_act
from enrol_service.tables import completion as rows

RETAKE, OTHER = "retake", "other"
# Why something published is corrected.
CORRECTION_REASONS: Mapping[str, str] = {
    RETAKE: sentence("The student took a retake"),
    "mistake": sentence("The entry was a mistake"),
    "missing_done": sentence("The missing work has been done"),
    OTHER: sentence("Another reason"),
}
LONGEST_REASON = 400  # characters; with the reason's own name they fill the column
STEPS: Mapping[Ending, str] = {"completed": "complete", "failed": "fail", "interrupted": "interrupt"}


def publish(connection: Connection, catalogue: Catalogue, enrolment_ids: Iterable[int], actor: Actor, now: datetime) -> int:
    """Publish drafts, all or none; how many. What is published already is left as it is. Call inside a write transaction.

    Refuses as `publish_each` tells for one of them.
    """
    results = publish_each(connection, catalogue, {one: None for one in enrolment_ids}, actor, now)
    for result in results.values():
        if isinstance(result, Refusal):
            raise result
    return sum(result is True for result in results.values())


def publish_each(
    connection: Connection, catalogue: Catalogue, seen: Mapping[int, str | None], actor: Actor, now: datetime
) -> Mapping[int, bool | Refusal]:
    """Publish the drafts that can be: enrolment → True, False when it was published already, or why it was not.

    `seen`: enrolment → the stamp of the version that the publisher saw; None = none is asked for.

    1. The draft is judged whole, and becomes a published version.
    2. The studies begin if they have not, and end by what was entered: completed, failed, interrupted. A T keeps them going.
    3. The commitment is charged as promised for that ending.
    4. Each student is written to; each home school's people once for all of its students.
    5. On a non-stop course a seat that is free goes to the first in line.

    Refuses a student with NotAssessable, NothingEntered, EntryRefused, EntryStale, RunOff, RunNotBegun, BeforeFirstContact,
    LeftByThemselves, MarkedInterrupted and CommitmentSettled. Call inside a write transaction.
    """
    results: dict[int, bool | Refusal] = {}
    published: list[Enrolment] = []
    newest = latest(connection, seen, published=False)
    for enrolment_id, stamp in seen.items():
        enrolment = read_enrolment(connection, enrolment_id)
        part = connection.begin_nested()  # a student who is refused leaves nothing behind
        try:
            results[enrolment_id] = _publish_one(connection, catalogue, enrolment, newest.get(enrolment_id), stamp, actor, now)
            part.commit()
        except Refusal as refusal:
            part.rollback()
            results[enrolment_id] = refusal
        if results[enrolment_id] is True:
            published.append(enrolment)
    if published:
        _tell_and_record(connection, catalogue, published, newest, actor, now)
    return results


def _publish_one(
    connection: Connection,
    catalogue: Catalogue,
    enrolment: Enrolment,
    draft: Completion | None,
    seen: str | None,
    actor: Actor,
    now: datetime,
) -> bool:
    if draft is not None and draft.state == "published":
        return False
    if enrolment.state not in ASSESSABLE:
        raise NotAssessable
    if draft is None:
        raise NothingEntered
    today = catalogue.network.day_of(now)
    marked_on = _marked_interrupted_on(connection, catalogue, enrolment)
    assessed_on = draft.assessed_on or (marked_on if draft.mark == INTERRUPTED else None) or today
    entry = replace(draft.entry(), assessed_on=assessed_on, seen=seen)
    refuse_stale(entry, draft)
    refuse_entry(entry, units_for(catalogue, enrolment), today, whole=True)
    _bring_to(connection, catalogue, enrolment, entry, actor, now, marked_on)
    _mark_published(connection, draft.id, entry, actor, now)
    return True


def _tell_and_record(
    connection: Connection, catalogue: Catalogue, published: list[Enrolment], drafts: Mapping[int, Completion], actor: Actor, now: datetime
) -> None:
    for enrolment in published:
        tell_student(connection, "grade_published", enrolment, now)
    tell_of_completions(connection, catalogue, published, now)
    for school_id in sorted({one.offering_school_id for one in published}):
        numbers = [drafts[one.id].id for one in published if one.offering_school_id == school_id]
        record_act(connection, "grade", school_id, actor, now, published=numbers)
    for course_id, offering_id in sorted({(one.course_id, one.offering_id) for one in published}):
        promote(connection, catalogue, course_id, offering_id, now)


def correct(
    connection: Connection, catalogue: Catalogue, enrolment_id: int, entry: Entry, reason: str, actor: Actor, now: datetime, text: str = ""
) -> bool:
    """Correct what was published, by a new version with a reason of CORRECTION_REASONS; False when it says the same already.

    1. The new version is published at once; a draft is dropped. All versions stay readable.
    2. The enrolment and the charge are put right by it.
    3. Student and home school are written to.

    On a run that is off only a grade is corrected to another grade. Refuses with NothingPublished, NotAssessable, EntryStale,
    CorrectionReasonMissing, CorrectionTextMissing, EntryRefused, RetakeNotBetter, RunOff, BeforeFirstContact, LeftByThemselves,
    MarkedInterrupted and CommitmentSettled. Call inside a write transaction.
    """
    enrolment = read_enrolment(connection, enrolment_id)
    newest = latest(connection, [enrolment_id], published=False).get(enrolment_id)
    before = latest(connection, [enrolment_id]).get(enrolment_id)
    if newest is None or before is None:
        raise NothingPublished
    if before.says(entry) and enrolment.state == _state_by(before.entry()):
        return False
    if enrolment.state not in ASSESSABLE:
        raise NotAssessable
    refuse_stale(entry, newest)
    why = _reason_as_stored(reason, text)
    today = catalogue.network.day_of(now)
    entry = replace(entry, assessed_on=entry.assessed_on or today)
    units = units_for(catalogue, enrolment)
    refuse_entry(entry, units, today, whole=True)
    if reason == RETAKE:
        _refuse_worse(before, entry)
    if newest.state == "draft":
        delete_draft(connection, newest.id)
    marked_on = None if before.mark == INTERRUPTED else _marked_interrupted_on(connection, catalogue, enrolment)
    _bring_to(connection, catalogue, enrolment, entry, actor, now, marked_on)
    completion_id = store(connection, enrolment_id, before.version + 1, entry, units, actor, now, reason=why)
    _mark_published(connection, completion_id, entry, actor, now)
    record_act(connection, "grade", enrolment.offering_school_id, actor, now, corrected=completion_id, reason=reason)
    tell_student(connection, "grade_published", enrolment, now)
    tell_of_correction(connection, catalogue, completion_id, enrolment, now)
    promote(connection, catalogue, enrolment.course_id, enrolment.offering_id, now)
    return True


def reason_of(completion: Completion) -> tuple[str, str]:
    """The reason of a correction, of CORRECTION_REASONS, and what was written beside it; empty of a first version."""
    reason, _, text = completion.reason.partition(": ")
    return reason, text


def _reason_as_stored(reason: str, text: str) -> str:
    if reason not in CORRECTION_REASONS:
        raise CorrectionReasonMissing
    tidy = free_text(text, LONGEST_REASON)
    if reason == OTHER and not tidy:
        raise CorrectionTextMissing
    return f"{reason}: {tidy}" if tidy else reason


def _refuse_worse(before: Completion, entry: Entry) -> None:
    """A retake never lowers a grade, and never turns one into a mark."""
    if before.grades and (entry.mark or is_worse(entry.grades, before.entry().grades)):
        raise RetakeNotBetter


def _mark_published(connection: Connection, completion_id: int, entry: Entry, actor: Actor, now: datetime) -> None:
    values = {"state": "published", "assessed_on": entry.assessed_on, "published_at": now, "published_by_id": actor.account_id}
    connection.execute(rows.update().where(rows.c.id == completion_id).values(**values))


def _marked_interrupted_on(connection: Connection, catalogue: Catalogue, enrolment: Enrolment) -> date | None:
    """The day for which it stands that the studies broke off; None when they did not."""
    if enrolment.state != "interrupted":
        return None
    mark = last_mark(connection, enrolment)
    return date.fromisoformat(mark.facts["on"]) if "on" in mark.facts else catalogue.network.day_of(mark.at)


def _bring_to(
    connection: Connection,
    catalogue: Catalogue,
    enrolment: Enrolment,
    entry: Entry,
    actor: Actor,
    now: datetime,
    marked_on: date | None,
) -> None:
    """Take the enrolment, and its commitment, to where the entry says it is.

    `marked_on`: the day of an interruption that was marked beside the grades; no grade takes its place before it is undone.
    """
    on = entry.assessed_on or catalogue.network.day_of(now)
    state, ending = enrolment.state, _state_by(entry)
    if not {state, ending} <= GRADED:
        refuse_off(connection, enrolment, catalogue, now)
    if ending != "active":
        refuse_not_begun(enrolment, catalogue, now)
    if state == "placed":
        start(connection, catalogue, enrolment.id, on, actor, now)
        state = "active"
    elif enrolment.first_contact_on is not None and on < enrolment.first_contact_on:
        raise BeforeFirstContact(day=enrolment.first_contact_on)
    if marked_on is not None and ending != "interrupted":
        refuse_left(last_mark(connection, enrolment))
        raise MarkedInterrupted(day=marked_on)
    if ending == "active":
        if state != "active":
            bring_back(connection, catalogue, enrolment, actor, now)
        return
    if state == ending:
        _bring_to_day(connection, enrolment, ending, on, actor, now)
        return
    if state == "interrupted":
        refuse_left(last_mark(connection, enrolment))
    _charge(connection, enrolment.id, ending, on, actor, now)
    advance_enrolment(connection, enrolment.id, state, STEPS[ending], actor, now, on=on.isoformat())


def _bring_to_day(connection: Connection, enrolment: Enrolment, ending: Ending, on: date, actor: Actor, now: datetime) -> None:
    """Bring an ending that stands to another day, and the charge with it. Whoever left by themselves owes by the day they left."""
    mark = last_mark(connection, enrolment)
    if mark.actor_kind == "offering_school" and mark.facts.get("on") != on.isoformat():
        _charge(connection, enrolment.id, ending, on, actor, now)
        advance_enrolment(connection, enrolment.id, ending, "correct", actor, now, on=on.isoformat())


def _state_by(entry: Entry) -> Ending | Literal["active"]:
    """The state of an enrolment of which this has been published."""
    if entry.mark == IN_PROGRESS:
        return "active"
    return "interrupted" if entry.mark == INTERRUPTED else outcome(entry.grades.values())


def _charge(connection: Connection, enrolment_id: int, ending: Ending, on: date, actor: Actor, now: datetime) -> None:
    """Bring the charge to the ending. What has been invoiced stands in no correction's way while the sum stays the same."""
    commitment = read_commitment(connection, enrolment_id)
    if commitment.state in ("settled", "credited") and price_of_ending(connection, commitment, ending, on)[0] == commitment.charged_cents:
        return
    charge_ending(connection, enrolment_id, ending, on, actor, now)
