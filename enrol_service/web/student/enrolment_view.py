"""An enrolment as a page shows it: with the course of today's catalogue, or, where that is gone, with what was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import request
from sqlalchemy import Connection

from course_catalogue.leaving import LeavingRow
from course_catalogue.model import Course, Offering
from enrol_service.enrolment.enrolments import Commitment, Enrolment
from enrol_service.enrolment.run import decision_at, run_of, to_go
from enrol_service.enrolment.withdraw import leaving_step, price_of_leaving
from enrol_service.enrolment.words import (
    awaits_network,
    guest_reason,
    home_school_name,
    place_in_line,
    price_words,
    refusal_reason,
    school_name,
)
from enrol_service.events import came_from
from enrol_service.school.accounts import name_of
from enrol_service.speech import Money
from enrol_service.web.page import here


@dataclass(frozen=True, slots=True)
class EnrolmentView:
    """What pages say about one enrolment. `cost_now` is the row of the price of leaving that holds today, when something is promised."""

    enrolment: Enrolment
    commitment: Commitment
    course: Course | None
    offering: Offering | None
    home_school: str
    offering_school: str
    rank: int
    decided_by: str | None
    reason: str
    awaits_network: bool  # the network has not admitted the home school yet
    guest_reason: str  # why the network did not; empty for all others
    number: str
    is_late: bool
    came_from: str  # the state of the enrolment before its present one
    can_leave: bool
    cost_now: LeavingRow | None

    @property
    def starts_on(self) -> date | None:
        return self.offering.starts_on if self.offering else self.enrolment.starts_on

    @property
    def ends_on(self) -> date | None:
        return self.offering.ends_on if self.offering else self.enrolment.ends_on

    @property
    def ended_in_queue(self) -> bool:
        return self.came_from == "queued"

    @property
    def last_day(self) -> date | None:
        """The last day to study: the run's own, or, of a non-stop one, that of the student's time from first contact."""
        if self.ends_on is not None:
            return self.ends_on
        begun, days = self.enrolment.first_contact_on, self.offering.days if self.offering else None
        return begun + timedelta(days=days) if begun and days else None

    @property
    def can_take(self) -> bool:
        """Whether the offered place may still be taken."""
        until = self.enrolment.offer_until_at
        return self.enrolment.state == "offered" and until is not None and here().now < until

    @property
    def enrolled_by_school(self) -> bool:
        """Whether a person of the home school enrolled the student."""
        return self.enrolment.enrolled_by_id is not None

    @property
    def price_sentence(self) -> str:
        """The promised price in the reader's language; `text_shown` keeps the words that the student has sent the form with."""
        return price_words(here().speech, self.home_school, Money(self.commitment.price_cents, self.commitment.currency))

    @property
    def price_shown(self) -> int:
        """What leaving costs now, in cents: the form sends it back."""
        return self.cost_now.cents if self.cost_now else 0

    @property
    def awaits_answer(self) -> bool:
        """Whether the home school may still answer."""
        return self.commitment.state == "asked" and not self.is_late


def enrolment_view(connection: Connection, pair: tuple[Enrolment, Commitment]) -> EnrolmentView:
    """The view of a stored enrolment and its commitment, at this request's moment."""
    at = here()
    enrolment, commitment = pair
    course = at.catalogue.courses.get(enrolment.course_id)
    return EnrolmentView(
        enrolment=enrolment,
        commitment=commitment,
        course=course,
        offering=course.offering(enrolment.offering_id) if course else None,
        home_school=home_school_name(connection, at.speech, enrolment),
        offering_school=school_name(at.speech, enrolment.offering_school_id),
        rank=place_in_line(connection, enrolment),
        decided_by=name_of(connection, commitment.decided_by_id),
        reason=refusal_reason(connection, at.speech, commitment),
        awaits_network=awaits_network(at.speech, enrolment),
        guest_reason=guest_reason(connection, enrolment),
        number=enrolment.number(at.catalogue.network.time_zone),
        is_late=at.now >= commitment.answer_by_at,
        came_from=came_from(connection, enrolment.id),
        can_leave=leaving_step(enrolment, at.catalogue, at.now) is not None,
        cost_now=price_of_leaving(enrolment, commitment, at.catalogue, at.now),
    )


@dataclass(frozen=True, slots=True)
class RunView:
    """What is decided about the run of an enrolment. `missing`: commitments that a conditional run still lacks; None once it is decided."""

    state: str  # of tables.RUN_STATES; empty = nothing decided
    at: datetime | None
    reason: str  # of a cancellation
    minimum: int
    decided_on: date | None
    missing: int | None

    @property
    def committed(self) -> int:
        """How many commitments a conditional run has towards its minimum."""
        return self.minimum - (self.missing or 0)


def run_view(connection: Connection, view: EnrolmentView) -> RunView:
    """The run of an enrolment, at this request's moment."""
    at, offering = here(), view.offering
    decided = run_of(connection, view.enrolment.course_id, view.enrolment.offering_id)
    moment = decision_at(offering, at.catalogue) if offering else None
    conditional = offering is not None and decided is None and moment is not None and at.now < moment
    return RunView(
        state=decided.state if decided else "",
        at=decided.at if decided else None,
        reason=decided.reason if decided else "",
        minimum=(offering.minimum or 0) if offering else 0,
        decided_on=offering.decided_on if offering else None,
        missing=to_go(connection, view.enrolment.course_id, offering) if conditional and offering else None,
    )


def typed_price() -> int:
    """The price of leaving, in cents, that the form says its page has shown; nothing when it does not say."""
    typed = request.form.get("price_shown", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0
