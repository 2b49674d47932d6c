"""The run of one enrolment in time: its days as the catalogue has them now, and whether it is held at all."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from course_catalogue.model import Catalogue
from enrol_service.enrolment.cancel import is_cancelled
from enrol_service.enrolment.enrolments import Enrolment
from enrol_service.enrolment.run import run_of
from enrol_service.refusals.run import RunNotBegun, RunOff


def starts_on(enrolment: Enrolment, catalogue: Catalogue) -> date | None:
    """The first day; the one the student enrolled on when the catalogue no longer has the offering. None = at one's own pace."""
    offering = catalogue.offering(enrolment.course_id, enrolment.offering_id)
    return offering.starts_on if offering else enrolment.starts_on


def is_over(enrolment: Enrolment, catalogue: Catalogue, now: datetime) -> bool:
    """Whether the last day has passed: the catalogue's, or the one the student enrolled on."""
    offering = catalogue.offering(enrolment.course_id, enrolment.offering_id)
    ends_on = offering.ends_on if offering else enrolment.ends_on
    return ends_on is not None and catalogue.network.day_of(now) > ends_on


def refuse_not_begun(enrolment: Enrolment, catalogue: Catalogue, now: datetime) -> None:
    """Refuse with RunNotBegun before the first day."""
    first = starts_on(enrolment, catalogue)
    if first is not None and catalogue.network.day_of(now) < first:
        raise RunNotBegun(day=first)


def refuse_off(connection: Connection, enrolment: Enrolment, catalogue: Catalogue, now: datetime) -> None:
    """Refuse with RunOff on a run that has lapsed or is cancelled, here or in the content. One that has been held cannot be any more."""
    decided = run_of(connection, enrolment.course_id, enrolment.offering_id)
    in_content = is_cancelled(enrolment, catalogue) and not is_over(enrolment, catalogue, now)
    if in_content or (decided is not None and decided.is_off):
        raise RunOff
