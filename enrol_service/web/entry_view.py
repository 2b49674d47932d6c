"""An entry of the journal in words: what was done, by whom and for which school. No name of a student stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from enrol_service.enrolment.enrolments import numbers_of
from enrol_service.enrolment.words import school_name
from enrol_service.journal import Entry
from enrol_service.refusals.base import sentence
from enrol_service.school.accounts import NETWORK
from enrol_service.speech import Speech
from enrol_service.state_words import COMMITMENT_WORDS, STATE_WORDS

ACTOR_WORDS: Mapping[str, str] = {
    "student": sentence("Student"),
    "home_school": sentence("Home school"),
    "offering_school": sentence("Offering school"),
    "service": sentence("By itself"),
}
ACT_WORDS: Mapping[str, str] = {
    "admit_schools": sentence("Decided about a guest school"),
    "answer_changes": sentence("Answered a late change"),
    "answer_completions": sentence("Answered about a completion"),
    "ask_changes": sentence("Asked for a late change"),
    "authorise": sentence("Changed a standing authorisation"),
    "assign_teachers": sentence("Said who teaches a course"),
    "cancel_run": sentence("Cancelled a run"),
    "enrol_students": sentence("Enrolled students"),
    "grade": sentence("Wrote or published completions"),
    "manage_people": sentence("Changed people and their roles"),
    "manage_tokens": sentence("Changed the keys to the API"),
    "manage_network": sentence("Changed people of the network"),
    "order_queue": sentence("Moved somebody in a queue"),
    "write_messages": sentence("Wrote to participants"),
}


@dataclass(frozen=True, slots=True)
class EntryView:
    """One row of a table of events."""

    at: datetime
    what: str
    who: str
    school: str
    by_api: bool


def entry_views(connection: Connection, entries: Sequence[Entry], speech: Speech) -> list[EntryView]:
    """The entries for a reader of the speech's language."""
    numbers = numbers_of(connection, {one.enrolment_id or 0 for one in entries}, speech.catalogue.network.time_zone)
    return [_view(one, speech, numbers.get(one.enrolment_id or 0, "")) for one in entries]


def _view(entry: Entry, speech: Speech, number: str) -> EntryView:
    who = entry.who or speech.gettext(ACTOR_WORDS[entry.actor_kind])
    school = speech.gettext(sentence("The network")) if entry.school_id == NETWORK else school_name(speech, entry.school_id)
    return EntryView(entry.at, _what(entry, speech, number), who, school, entry.by_api)


def _what(entry: Entry, speech: Speech, number: str) -> str:
    if entry.noun == "act":
        return speech.gettext(ACT_WORDS[entry.step]) if entry.step in ACT_WORDS else entry.step
    if entry.noun == "commitment":
        state = speech.gettext(COMMITMENT_WORDS[entry.to_state])
        return speech.gettext(sentence("Payment commitment %(number)s: %(state)s"), number=number, state=state)
    state = speech.gettext(STATE_WORDS[entry.to_state])
    return speech.gettext(sentence("Enrolment %(number)s: %(state)s"), number=number, state=state)
