"""Offers: a free seat kept for a student whose home school has committed in advance, until a stated hour."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection

from course_catalogue.model import Catalogue
from enrol_service.enrolment.cancel import is_cancelled
from enrol_service.enrolment.enrolments import pairs, read_enrolment
from enrol_service.enrolment.waiting_list import promote
from enrol_service.events import THE_SERVICE, Actor, advance_commitment, advance_enrolment
from enrol_service.mail.notices import tell_student
from enrol_service.refusals.deciding import RunCancelled
from enrol_service.refusals.queue import OfferExpired
from enrol_service.tables import enrolment


def accept(connection: Connection, catalogue: Catalogue, enrolment_id: int, actor: Actor, now: datetime) -> bool:
    """Take the offered seat; False when there is no offer any more, or it was taken before. Call inside a write transaction.

    Refuses with RunCancelled, and with OfferExpired once the hour has passed. Whoever declines withdraws: that costs nothing.
    """
    one = read_enrolment(connection, enrolment_id)
    if one.state != "offered":
        return False
    if is_cancelled(one, catalogue):
        raise RunCancelled
    if one.offer_until_at is not None and now >= one.offer_until_at:
        raise OfferExpired(offer_until_at=one.offer_until_at)
    advance_enrolment(connection, enrolment_id, "offered", "accept", actor, now)
    tell_student(connection, "placed", one, now)
    return True


def expire_offers(connection: Connection, catalogue: Catalogue, now: datetime) -> int:
    """End the offers whose hour has passed; how many. Call inside a write transaction.

    1. The enrolment expires and the commitment is released: nobody pays.
    2. The student is told.
    3. The seat goes to the next in line.
    """
    lapsed = pairs(connection, lapsed_offers(now))
    for one, promised in lapsed:
        advance_enrolment(connection, one.id, "offered", "expire", THE_SERVICE, now)
        advance_commitment(connection, one.id, promised.state, "release", THE_SERVICE, now)
        tell_student(connection, "offer_lapsed", one, now)
    for course_id, offering_id in sorted({(one.course_id, one.offering_id) for one, _ in lapsed}):
        promote(connection, catalogue, course_id, offering_id, now)
    return len(lapsed)


def lapsed_offers(now: datetime) -> ColumnElement[bool]:
    """The enrolments that have been offered a seat and not answered in time."""
    return (enrolment.c.state == "offered") & (enrolment.c.offer_until_at <= now)
