"""What has happened to an enrolment, as sentences with their moment and their person, from its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from enrol_service.events import Event
from enrol_service.refusals.base import sentence
from enrol_service.school.accounts import name_of
from enrol_service.speech import Speech


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `who` is a person's name, or what they are where the name is not known."""

    at: datetime
    text: str
    who: str


# (noun, step) → what happened. Steps that say nothing beside another one of the same moment are not told: asking a commitment.
HAPPENED: Mapping[tuple[str, str], str] = {
    ("enrolment", "enrol"): sentence("Enrolment; a place was kept"),
    ("enrolment", "queue"): sentence("Enrolment; a place in the queue"),
    ("enrolment", "promote"): sentence("A place became free for the student"),
    ("enrolment", "offer"): sentence("A place was offered to the student"),
    ("enrolment", "accept"): sentence("The offered place was accepted"),
    ("enrolment", "move"): sentence("The place in the queue was changed"),
    ("enrolment", "place"): sentence("The place was confirmed"),
    ("enrolment", "refuse"): sentence("The request was refused"),
    ("enrolment", "expire"): sentence("Nobody answered in time, and the enrolment expired"),
    ("enrolment", "withdraw"): sentence("The enrolment was cancelled"),
    ("enrolment", "cancel"): sentence("The course was cancelled by the school"),
    ("enrolment", "start"): sentence("The studies began"),
    ("enrolment", "unstart"): sentence("The beginning of the studies was marked by mistake"),
    ("enrolment", "miss"): sentence("The student did not start the course"),
    ("enrolment", "transfer"): sentence("The student was moved to another run of the course"),
    ("enrolment", "complete"): sentence("The course was completed"),
    ("enrolment", "fail"): sentence("The course was failed"),
    ("enrolment", "interrupt"): sentence("The student dropped out"),
    ("enrolment", "resume"): sentence("The mark was taken back: the studies go on"),
    ("commitment", "give"): sentence("The payment commitment was given"),
    ("commitment", "release"): sentence("The payment commitment ended: nobody pays"),
    ("commitment", "charge"): sentence("The payment commitment became due"),
    ("commitment", "correct"): sentence("The sum due was corrected"),
    ("commitment", "reopen"): sentence("The payment commitment is in force again"),
    ("commitment", "settle"): sentence("The sum was invoiced"),
    ("commitment", "credit"): sentence("The sum was credited"),
}
GIVEN_BY_AUTHORISATION = sentence("The payment commitment was given under a standing authorisation")
ACTORS: Mapping[str, str] = {
    "student": sentence("Student"),
    "home_school": sentence("Home school"),
    "offering_school": sentence("Offering school"),
    "service": sentence("The tray, by itself"),
}


def story(connection: Connection, events: Iterable[Event], speech: Speech) -> tuple[Line, ...]:
    """The events of an enrolment that a reader wants to know, newest first."""
    told = [(one, _told(one)) for one in events if (one.noun, one.step) in HAPPENED]
    lines = (
        Line(one.at, speech.gettext(text), name_of(connection, one.actor_id) or speech.gettext(ACTORS[one.actor_kind]))
        for one, text in told
    )
    return tuple(reversed(list(lines)))


def _told(one: Event) -> str:
    return GIVEN_BY_AUTHORISATION if one.step == "give" and one.facts.get("authorisation_id") else HAPPENED[one.noun, one.step]
