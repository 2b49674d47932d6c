"""Reminders: a home school that has not answered is reminded, then its payer is asked too; each once for every time it is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Column, Connection

from course_catalogue.model import Catalogue
from enrol_service.enrolment.deadline import LEAST_TIME_TO_ANSWER, act_at
from enrol_service.enrolment.enrolments import Commitment, Enrolment, pairs
from enrol_service.enrolment.promised import promised_agreement
from enrol_service.mail.notices import ask_payers, remind_home_school
from enrol_service.school.directory import APPLICANT
from enrol_service.tables import commitment, enrolment

Pair = tuple[Enrolment, Commitment]


def asked_since(enrolled: Enrolment, promised: Commitment) -> datetime:
    """Since when the home school has had to answer: from the promotion on for one who waited in line."""
    return max(promised.asked_at, enrolled.state_at)


def unreminded(connection: Connection, catalogue: Catalogue, now: datetime) -> tuple[Pair, ...]:
    """The requests of which the home school is to be reminded now."""
    return _due(connection, catalogue, commitment.c.reminded_at, "remind_after_days", now)


def unescalated(connection: Connection, catalogue: Catalogue, now: datetime) -> tuple[Pair, ...]:
    """The requests about which the home school's second address is to be asked now."""
    return _due(connection, catalogue, commitment.c.escalated_at, "escalate_after_days", now)


def remind(connection: Connection, catalogue: Catalogue, now: datetime) -> int:
    """Remind and escalate what is due; how many mails were decided upon. Call inside a write transaction.

    1. Whoever was asked is reminded, with a link of their own.
    2. The school's payers who were not asked are asked too.
    3. The row says so: the same again finds nothing.
    """
    reminded, escalated = unreminded(connection, catalogue, now), unescalated(connection, catalogue, now)
    for one, promised in reminded:
        remind_home_school(connection, catalogue, one, promised.answer_by_at, now)
    for one, promised in escalated:
        ask_payers(connection, catalogue, one, promised.answer_by_at, now)
    for column, found in (("reminded_at", reminded), ("escalated_at", escalated)):
        if not found:
            continue
        numbers = [one.id for one, _ in found]
        connection.execute(commitment.update().where(commitment.c.enrolment_id.in_(numbers)).values({column: now}))
    return len(reminded) + len(escalated)


def _due(
    connection: Connection,
    catalogue: Catalogue,
    done: Column[datetime],
    weekdays: Literal["remind_after_days", "escalate_after_days"],  # of an agreement
    now: datetime,
) -> tuple[Pair, ...]:
    """Requests that have waited so many weekdays; none that were asked, or must be answered, within the least time to answer.

    Nobody is reminded of a guest school that the network has not admitted: nobody has been asked.
    """
    waiting = (enrolment.c.state == "requested") & (commitment.c.state == "asked") & done.is_(None)
    in_time = (enrolment.c.state_at <= now - LEAST_TIME_TO_ANSWER) & (commitment.c.answer_by_at >= now + LEAST_TIME_TO_ANSWER)
    found = []
    for one, promised in pairs(connection, waiting, in_time):
        school = catalogue.schools.get(one.home_school_id)
        if school is not None and school.kind == APPLICANT:
            continue
        agreement = catalogue.agreements.get(promised.agreement_id)
        days: int | None = getattr(agreement, weekdays) if agreement else promised_agreement(connection, promised)[weekdays]
        if days is not None and act_at(asked_since(one, promised), days, catalogue.network.time_zone) <= now:
            found.append((one, promised))
    return tuple(found)
