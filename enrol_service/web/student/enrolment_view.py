"""An enrolment as a page shows it: with the course of today's catalogue, or, where that is gone, with what was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from course_catalogue.leaving import LeavingRow
from course_catalogue.model import Course, Offering, RefusalReason
from enrol_service.enrolment.enrolments import Commitment, Enrolment
from enrol_service.enrolment.withdraw import leaving_step, price_of_leaving
from enrol_service.events import came_from
from enrol_service.mail.mails import place_in_line, refusal_reason, school_name
from enrol_service.school.accounts import name_of
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
    number: str
    is_late: bool
    ended_in_queue: bool
    can_leave: bool
    cost_now: LeavingRow | None

    @property
    def starts_on(self) -> date | None:
        return self.offering.starts_on if self.offering else self.enrolment.starts_on

    @property
    def ends_on(self) -> date | None:
        return self.offering.ends_on if self.offering else self.enrolment.ends_on

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
        home_school=school_name(at.speech, enrolment.home_school_id),
        offering_school=school_name(at.speech, enrolment.offering_school_id),
        rank=place_in_line(connection, enrolment),
        decided_by=name_of(connection, commitment.decided_by_id),
        reason=refusal_reason(at.speech, commitment),
        number=enrolment.number(at.catalogue.network.time_zone),
        is_late=at.now >= commitment.answer_by_at,
        ended_in_queue=came_from(connection, enrolment.id) == "queued",
        can_leave=leaving_step(enrolment, at.catalogue, at.now) is not None,
        cost_now=price_of_leaving(enrolment, commitment, at.catalogue, at.now),
    )


def refusal_reasons(commitment: Commitment) -> tuple[RefusalReason, ...]:
    """The closed list of the agreement under which was asked."""
    agreement = here().catalogue.agreements.get(commitment.agreement_id)
    return agreement.refusal_reasons if agreement else ()
