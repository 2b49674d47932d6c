"""The steps on a student's page: what has happened with its date, what happens now, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from enrol_service.events import Event
from enrol_service.refusals.base import sentence
from enrol_service.speech import Speech
from enrol_service.web.student.enrolment_view import EnrolmentView, RunView

ICONS = {"done": "ring-tick", "now": "half", "next": "ring", "ended": "ring-cross"}
ENDED = {
    "refused": sentence("Your school did not approve"),
    "expired": sentence("The request expired"),
    "withdrawn": sentence("The enrolment was cancelled"),
    "cancelled": sentence("The course was cancelled by the school"),
    "interrupted": sentence("You dropped out"),
    "no_show": sentence("You did not start"),
    "failed": sentence("The course was not completed"),
}
BEFORE_PLACE = ("requested", "queued", "offered")
STUDYING = ("placed", "active", "completed")

# The step of an enrolment or commitment → when it was last taken.
Moments = Mapping[tuple[str, str], datetime]


@dataclass(frozen=True, slots=True)
class ProgressStep:
    kind: Literal["done", "now", "next", "ended"]
    title: str
    more: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.kind]


def progress(view: EnrolmentView, run: RunView, events: Sequence[Event], speech: Speech, today: date) -> tuple[ProgressStep, ...]:
    """The steps in order of time; of an enrolment that has ended, those that were taken and the end."""
    moments: Moments = {(one.noun, one.step): one.at for one in events}
    teller = _Teller(view, run, moments, speech, today)
    if view.enrolment.state in ENDED:
        return (*teller.taken(), teller.end())
    return teller.all()


@dataclass(frozen=True, slots=True)
class _Teller:
    view: EnrolmentView
    run: RunView
    moments: Moments
    speech: Speech
    today: date

    @property
    def state(self) -> str:
        return self.view.enrolment.state

    def all(self) -> tuple[ProgressStep, ...]:
        queue, decision = self.queue(), self.decision()
        waits_approved = self.state == "queued" and decision.kind == "done"
        first = (decision, queue) if waits_approved else (queue, self.admission(), decision)
        steps = (self.sent(), *first, self.offer(), self.place(), self.condition(), self.start(), self.finish())
        return tuple(step for step in steps if step is not None)

    def taken(self) -> tuple[ProgressStep, ...]:
        """What came before the end."""
        steps = [self.sent()]
        if ("enrolment", "promote") in self.moments or ("enrolment", "offer") in self.moments:
            steps.append(self.done(sentence("A place became free for you"), self.taken_at("promote") or self.taken_at("offer")))
        if ("commitment", "give") in self.moments:
            steps.append(self.decided())
        if self.taken_at("place") or self.taken_at("accept"):
            steps.append(self.done(sentence("The place is confirmed"), self.taken_at("accept") or self.taken_at("place")))
        if self.view.enrolment.first_contact_on and self.state != "no_show":
            steps.append(self.begun(self.view.enrolment.first_contact_on))
        return tuple(steps)

    def end(self) -> ProgressStep:
        ending = ENDED[self.state]
        if self.state == "cancelled" and self.run.state == "lapsed":
            ending = sentence("Too few enrolments were confirmed")
        elif self.state == "expired" and self.view.came_from == "offered":
            ending = sentence("The place went to the next in line")
        elif self.view.guest_reason:
            ending = sentence("The network did not admit your school")
        return ProgressStep("ended", self.speech.gettext(ending), self.moment(self.view.enrolment.state_at))

    def sent(self) -> ProgressStep:
        by_school = self.view.enrolled_by_school
        title = self.speech.gettext("%(school)s enrolled you", school=self.view.home_school) if by_school else None
        return ProgressStep("done", title or self.speech.gettext("Enrolment sent"), self.moment(self.view.enrolment.created_at))

    def queue(self) -> ProgressStep | None:
        if self.view.enrolment.queue_number is None:
            return None
        if self.state != "queued":
            return self.done(sentence("A place became free for you"), self.taken_at("promote") or self.taken_at("offer"))
        more = self.speech.gettext("You are number %(rank)s in line. We write to you when a place becomes free.", rank=self.view.rank)
        return ProgressStep("now", self.speech.gettext("In the queue"), more)

    def admission(self) -> ProgressStep | None:
        """A school that the network does not know is checked first."""
        if not self.view.awaits_network:
            return None
        return ProgressStep("now", self.speech.gettext("The network checks your school first"))

    def decision(self) -> ProgressStep:
        commitment = self.view.commitment
        if commitment.state != "asked":
            return self.decided()
        title = self.speech.gettext("%(school)s decides", school=self.view.home_school)
        if self.state == "queued" or self.view.awaits_network:
            return ProgressStep("next", title)
        deadline = self.speech.wording.moment(commitment.answer_by_at, self.today)
        return ProgressStep("now", title, self.speech.gettext("An answer comes by %(deadline)s.", deadline=deadline))

    def decided(self) -> ProgressStep:
        decided_at = self.view.commitment.decided_at
        title = self.speech.gettext("%(school)s approved", school=self.view.home_school)
        return ProgressStep("done", title, self.moment(decided_at) if decided_at else "")

    def offer(self) -> ProgressStep | None:
        """One whose school has approved in advance answers for themselves."""
        if self.state == "offered":
            until = self.view.enrolment.offer_until_at
            more = self.speech.gettext("Answer by %(deadline)s.", deadline=self.moment(until)) if until else ""
            return ProgressStep("now", self.speech.gettext("You say whether you take the place"), more)
        if taken := self.taken_at("accept"):
            return self.done(sentence("You took the place"), taken)
        if self.state == "queued" and self.view.commitment.state == "given":
            return ProgressStep("next", self.speech.gettext("You say whether you take the place"))
        return None

    def place(self) -> ProgressStep | None:
        if self.taken_at("accept") and self.state not in BEFORE_PLACE:
            return None
        if self.state in BEFORE_PLACE:
            return ProgressStep("next", self.speech.gettext("The place is confirmed"), self.speech.gettext("You get an email."))
        return self.done(sentence("The place is confirmed"), self.taken_at("place"))

    def condition(self) -> ProgressStep | None:
        """Whether the run is held at all."""
        if self.run.state == "confirmed" and self.run.at and self.run.decided_on:
            return self.done(sentence("It is certain that the course is held"), self.run.at)
        if self.run.missing is None or self.run.decided_on is None:
            return None
        title = self.speech.gettext("It is decided whether the course is held")
        return ProgressStep("next", title, self.speech.wording.day(self.run.decided_on, self.today))

    def start(self) -> ProgressStep:
        if self.view.enrolment.first_contact_on:
            return self.begun(self.view.enrolment.first_contact_on)
        if self.view.starts_on is None:
            more = self.speech.gettext("Your time to study starts from there.")
            return ProgressStep("done" if self.state == "completed" else "next", self.speech.gettext("The teacher contacts you"), more)
        title = self.speech.gettext("The course starts %(day)s", day=self.speech.wording.day(self.view.starts_on, self.today))
        if self.view.starts_on <= self.today and self.state in STUDYING:
            return ProgressStep("done", title)
        return ProgressStep("next", title, self.speech.gettext("The teacher emails you instructions by then."))

    def begun(self, day: date) -> ProgressStep:
        return ProgressStep("done", self.speech.gettext("The teacher was in touch"), self.speech.wording.day(day, self.today))

    def finish(self) -> ProgressStep | None:
        if self.state == "completed":
            return self.done(sentence("Completed"), self.view.enrolment.state_at)
        if self.view.last_day is None or self.state in BEFORE_PLACE:
            return None
        day = self.speech.wording.day(self.view.last_day, self.today)
        title = sentence("The course ends %(day)s") if self.view.ends_on else sentence("Your time to study ends %(day)s")
        return ProgressStep("now" if self.state == "active" else "next", self.speech.gettext(title, day=day))

    def taken_at(self, step: str) -> datetime | None:
        return self.moments.get(("enrolment", step))

    def done(self, title: str, moment: datetime | None) -> ProgressStep:
        return ProgressStep("done", self.speech.gettext(title), self.moment(moment) if moment else "")

    def moment(self, moment: datetime) -> str:
        return self.speech.wording.moment(moment, self.today)
