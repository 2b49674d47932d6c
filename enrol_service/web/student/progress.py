"""The steps on a student's page: what has happened with its date, what happens now, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from enrol_service.refusals.base import sentence
from enrol_service.speech import Speech
from enrol_service.web.student.enrolment_view import EnrolmentView

ICONS = {"done": "ring-tick", "now": "half", "next": "ring", "ended": "ring-cross"}
ENDED = {
    "refused": sentence("Your school did not approve"),
    "expired": sentence("The request expired"),
    "withdrawn": sentence("The enrolment was cancelled"),
    "cancelled": sentence("The course was cancelled by the school"),
    "interrupted": sentence("You dropped out"),
    "no_show": sentence("You did not start"),
}


@dataclass(frozen=True, slots=True)
class ProgressStep:
    kind: Literal["done", "now", "next", "ended"]
    title: str
    more: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.kind]


def progress(view: EnrolmentView, speech: Speech, today: date) -> tuple[ProgressStep, ...]:
    """The steps in order of time."""
    enrolment = view.enrolment
    moment = speech.wording.moment
    steps = [ProgressStep("done", speech.gettext("Enrolment sent"), moment(enrolment.created_at, today))]
    if enrolment.state in ENDED:
        return (*steps, ProgressStep("ended", speech.gettext(ENDED[enrolment.state]), moment(enrolment.state_at, today)))
    if enrolment.queue_number is not None:
        steps.append(_queue(view, speech))
    steps.append(_decision(view, speech, today))
    steps.append(_place(view, speech, today))
    steps.append(_start(view, speech, today))
    return tuple(steps)


def _queue(view: EnrolmentView, speech: Speech) -> ProgressStep:
    if view.enrolment.state != "queued":
        return ProgressStep("done", speech.gettext("A place became free for you"))
    more = speech.gettext("You are number %(rank)s in line. We write to you when a place becomes free.", rank=view.rank)
    return ProgressStep("now", speech.gettext("In the queue"), more)


def _decision(view: EnrolmentView, speech: Speech, today: date) -> ProgressStep:
    commitment = view.commitment
    if commitment.state == "asked":
        title = speech.gettext("%(school)s decides", school=view.home_school)
        deadline = speech.wording.moment(commitment.answer_by_at, today)
        if view.enrolment.state == "queued":
            return ProgressStep("next", title)
        return ProgressStep("now", title, speech.gettext("An answer comes by %(deadline)s.", deadline=deadline))
    title = speech.gettext("%(school)s approved", school=view.home_school)
    return ProgressStep("done", title, speech.wording.moment(commitment.decided_at, today) if commitment.decided_at else "")


def _place(view: EnrolmentView, speech: Speech, today: date) -> ProgressStep:
    title = speech.gettext("The place is confirmed")
    if view.enrolment.state in ("requested", "queued", "offered"):
        return ProgressStep("next", title, speech.gettext("You get an email."))
    return ProgressStep("done", title, speech.wording.moment(view.enrolment.state_at, today) if view.enrolment.state == "placed" else "")


def _start(view: EnrolmentView, speech: Speech, today: date) -> ProgressStep:
    if view.starts_on is None:
        started = view.enrolment.state not in ("requested", "queued", "offered", "placed")
        more = speech.gettext("Your time to study starts from there.")
        return ProgressStep("done" if started else "next", speech.gettext("The teacher contacts you"), more)
    title = speech.gettext("The course starts %(day)s", day=speech.wording.day(view.starts_on, today))
    if view.starts_on <= today and view.enrolment.state not in ("requested", "queued", "offered"):
        return ProgressStep("done", title)
    return ProgressStep("next", title, speech.gettext("The teacher emails you instructions by then."))
