"""The offering school's completions: the diary of a run with its drafts, publishing, correcting, and answering the home school."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from enrol_service.completion.answer import answers, reply
from enrol_service.completion.completion import latest, versions
from enrol_service.completion.diary import DiaryRow, Written, write_diary
from enrol_service.completion.entry import Entry, tidy_entry
from enrol_service.completion.publish import correct
from enrol_service.enrolment.enrolments import Enrolment
from enrol_service.enrolment.participant import has_had_seat, participant_of
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.completion import (
    CompletionSuperseded,
    CorrectionReasonMissing,
    CorrectionTextMissing,
    EntryRefused,
    EntryStale,
    NotAssessable,
    NothingPublished,
    NothingQueried,
    ReplyEmpty,
    RetakeNotBetter,
)
from enrol_service.refusals.deciding import CommitmentSettled
from enrol_service.refusals.enrolling import CourseUnknown, IdentityCodeFound, TextTooLong, TextUnprintable
from enrol_service.refusals.run import BeforeFirstContact, LeftByThemselves, NoSeatLeft, RunNotBegun, RunOff
from enrol_service.refusals.web import NotFound
from enrol_service.web.api.completion_told import CompletionTold, GradeTold, Mark, completion_told, grades_told
from enrol_service.web.api.operation import MOST_AT_ONCE, Call, Given, Number, Text, Told, Word, operation
from enrol_service.web.api.own import Changed, Page, number_of, page_of, participants_of, run_for, run_to_act_on
from enrol_service.web.api.students_api import State
from enrol_service.web.page import here

TEXT = (TextTooLong, TextUnprintable, IdentityCodeFound)
OF_ENTRY = (
    *(NotAssessable, EntryStale, EntryRefused, RunOff, RunNotBegun, BeforeFirstContact),
    *(LeftByThemselves, NoSeatLeft, CommitmentSettled, CourseUnknown),
)
Grades = Annotated[dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=10)]], Field(max_length=20)]


class DraftTold(Told):
    grades: list[GradeTold]
    mark: Mark
    missing: str
    assessed_on: date | None


class DiaryLine(Told):
    """One student. `seen` stands for what is stored now: send it back, and nobody's entry is overwritten unseen."""

    enrolment: int
    number: str
    student: str
    state: State
    seen: str
    draft: DraftTold | None
    published: list[CompletionTold] = Field(description="newest first")


class Diary(Told):
    students: list[DiaryLine]
    next: int | None = Field(description="`after` of the next part; null at the end")


class EntryGiven(Given):
    """`grades`: subject → grade. `mark`: T in progress, with what is missing, or K interrupted. No day is today."""

    grades: Grades = Field(default_factory=dict)
    mark: Mark = ""
    missing: Text = ""
    assessed_on: date | None = None
    seen: Word | None = None


class DiaryEntry(EntryGiven):
    """An empty entry removes the draft."""

    enrolment: Number
    publish: bool = False


class DiaryEntries(Given):
    entries: list[DiaryEntry] = Field(min_length=1, max_length=MOST_AT_ONCE)


class ToPublish(Given):
    enrolment: Number
    seen: Word


class AllToPublish(Given):
    entries: list[ToPublish] = Field(min_length=1, max_length=MOST_AT_ONCE)


class Correction(EntryGiven):
    """`text`: the reason in own words, needed when it is `other`."""

    reason: Literal["retake", "mistake", "missing_done", "other"]
    text: Text = ""


class Reply(Given):
    text: Text


class EntryError(Told):
    at: str
    what: str
    refusal: str


class EntryResult(Told):
    """What became of one. `same`: it was so already."""

    enrolment: int
    result: Literal["saved", "published", "same", "refused"]
    refusal: str | None
    what: str
    errors: list[EntryError]
    seen: str


class EntryResults(Told):
    results: list[EntryResult]


@operation("GET", "/offerings/{course_name}/{offering_id}/diary", "grade", "Drafts and published completions", query=Page, answer=Diary)
def diary(call: Call, course_name: str, offering_id: str, query: Page) -> Diary:
    run = run_for(call, course_name, offering_id)
    found, after = page_of(call, query, *run.condition, has_had_seat())
    return Diary(students=_lines(call, [one for one, _ in found]), next=after)


@operation(
    "POST",
    "/offerings/{course_name}/{offering_id}/diary",
    "grade",
    "Save drafts, and publish those that say so; each student by itself",
    body=DiaryEntries,
    answer=EntryResults,
    refusals=(RunOff,),
)
def entered(call: Call, course_name: str, offering_id: str, body: DiaryEntries) -> EntryResults:
    rows = [DiaryRow(one.enrolment, _entry(one)) for one in body.entries]
    return _written(call, course_name, offering_id, rows, frozenset(one.enrolment for one in body.entries if one.publish))


@operation(
    "POST",
    "/offerings/{course_name}/{offering_id}/diary/publish",
    "grade",
    "Publish drafts as they were seen; each student by itself",
    body=AllToPublish,
    answer=EntryResults,
    refusals=(RunOff,),
)
def published(call: Call, course_name: str, offering_id: str, body: AllToPublish) -> EntryResults:
    rows = [DiaryRow(one.enrolment, Entry({}, seen=one.seen), touched=False) for one in body.entries]
    return _written(call, course_name, offering_id, rows, frozenset(one.enrolment for one in body.entries))


@operation(
    "POST",
    "/offerings/{course_name}/{offering_id}/diary/{enrolment_id:number}/correct",
    "grade",
    "Correct what was published, by a new version with a reason",
    body=Correction,
    answer=Changed,
    refusals=(NothingPublished, CorrectionReasonMissing, CorrectionTextMissing, RetakeNotBetter, *OF_ENTRY, *TEXT),
)
def corrected(call: Call, course_name: str, offering_id: str, enrolment_id: int, body: Correction) -> Changed:
    at = here()
    participants_of(call, run_for(call, course_name, offering_id), [enrolment_id])
    entry, actor = _entry(body), call.actor()
    return Changed(changed=correct(call.connection, at.catalogue, enrolment_id, entry, body.reason, actor, at.now, body.text))


@operation(
    "POST",
    "/offerings/{course_name}/{offering_id}/diary/{enrolment_id:number}/reply",
    "grade",
    "Answer what the home school has asked about the newest version",
    body=Reply,
    answer=Changed,
    refusals=(CompletionSuperseded, NothingQueried, ReplyEmpty, *TEXT),
)
def replied(call: Call, course_name: str, offering_id: str, enrolment_id: int, body: Reply) -> Changed:
    at = here()
    participants_of(call, run_for(call, course_name, offering_id), [enrolment_id])
    newest = latest(call.connection, [enrolment_id]).get(enrolment_id)
    if newest is None:
        raise NotFound
    return Changed(changed=reply(call.connection, at.catalogue, newest.id, body.text, call.actor(), at.now))


def _entry(one: EntryGiven) -> Entry:
    return tidy_entry(one.grades, one.mark, one.missing, one.assessed_on, one.seen)


def _written(call: Call, course_name: str, offering_id: str, rows: list[DiaryRow], chosen: frozenset[int]) -> EntryResults:
    at = here()
    participants_of(call, run_to_act_on(call, course_name, offering_id), [one.enrolment_id for one in rows])
    written = write_diary(call.connection, at.catalogue, rows, chosen, call.actor(), at.now)
    ids = list(dict.fromkeys(one.enrolment_id for one in rows))
    stored = latest(call.connection, ids, published=False)
    return EntryResults(results=[_result(one, written, stored[one].stamp if one in stored else "") for one in ids])


def _result(enrolment_id: int, written: Written, seen: str) -> EntryResult:
    refusal = dict(written.refused).get(enrolment_id)
    done: Literal["saved", "published", "same"] = (
        "published" if enrolment_id in written.published else "saved" if enrolment_id in written.saved else "same"
    )
    return EntryResult(
        enrolment=enrolment_id,
        result="refused" if refusal else done,
        refusal=type(refusal).__name__ if refusal else None,
        what=here().speech.say(refusal) if refusal else "",
        errors=_errors(refusal),
        seen=seen,
    )


def _errors(refusal: Refusal | None) -> list[EntryError]:
    if not isinstance(refusal, EntryRefused):
        return []
    say = here().speech.say
    return [EntryError(at=field, what=say(one), refusal=type(one).__name__) for field, one in refusal.fields]


def _lines(call: Call, enrolments: list[Enrolment]) -> list[DiaryLine]:
    at = here()
    every = versions(call.connection, [one.id for one in enrolments], published=False)
    said = answers(call.connection, [version.id for all_of_one in every.values() for version in all_of_one])
    lines = []
    for one in enrolments:
        mine = every.get(one.id, ())
        newest = mine[-1] if mine else None
        draft = newest if newest is not None and newest.state == "draft" else None
        lines.append(
            DiaryLine(
                enrolment=one.id,
                number=number_of(one),
                student=participant_of(one, at.catalogue, at.language).name,
                state=one.state,
                seen=newest.stamp if newest else "",
                draft=DraftTold(grades=grades_told(draft), mark=draft.mark, missing=draft.missing, assessed_on=draft.assessed_on)
                if draft
                else None,
                published=[completion_told(version, said) for version in reversed(mine) if version.state == "published"],
            )
        )
    return lines
