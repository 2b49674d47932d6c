"""Who is written to about what: one function per occasion. Each puts rows into the outbox of the caller's transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from course_catalogue.model import Catalogue
from enrol_service.enrolment.enrolments import Enrolment
from enrol_service.links import make_link, student_link_id
from enrol_service.mail import outbox
from enrol_service.school.accounts import Staff, people_with
from enrol_service.school.role import DECIDERS
from enrol_service.tables import outbox as outbox_table

DECISION_LINK_LIVES = timedelta(days=30)  # after the deadline: a late reader is told what happened
SIGN_IN_LINK_LIVES = timedelta(minutes=30)
AGAIN_AFTER = timedelta(hours=1)
SIGN_INS_AN_HOUR = 4


def tell_student(connection: Connection, kind: str, enrolment: Enrolment, now: datetime) -> None:
    """Write to the student, with the link to the student's own page."""
    link_id = student_link_id(connection, enrolment.id)
    outbox.post(connection, kind, enrolment.email, enrolment.language, now, enrolment_id=enrolment.id, link_id=link_id)


def ask_home_school(connection: Connection, catalogue: Catalogue, enrolment: Enrolment, answer_by_at: datetime, now: datetime) -> None:
    """Ask everybody who may answer for the home school, each with a link of their own."""
    for person in people_with(connection, catalogue, DECIDERS, enrolment.home_school_id, now):
        link_id = make_link(connection, "decide", person.email, now, answer_by_at + DECISION_LINK_LIVES, enrolment.id)
        outbox.post(connection, "decide", person.email, person.language, now, enrolment_id=enrolment.id, link_id=link_id)


def tell_home_school(connection: Connection, catalogue: Catalogue, kind: str, enrolment: Enrolment, now: datetime) -> None:
    """Write to everybody who may answer for the home school; no link is needed, nothing is asked."""
    for person in people_with(connection, catalogue, DECIDERS, enrolment.home_school_id, now):
        outbox.post(connection, kind, person.email, person.language, now, enrolment_id=enrolment.id)


def send_link_again(connection: Connection, enrolment: Enrolment, now: datetime) -> None:
    """Send the student's link once more, at most once an hour, so that nobody can flood another's mailbox."""
    mine = (outbox_table.c.enrolment_id == enrolment.id) & (outbox_table.c.to_email == enrolment.email)
    recent = mine & (outbox_table.c.kind == "link_again") & (outbox_table.c.created_at > now - AGAIN_AFTER)
    if not connection.execute(select(func.count()).select_from(outbox_table).where(recent)).scalar_one():
        tell_student(connection, "link_again", enrolment, now)


def send_sign_in(connection: Connection, staff: Staff, now: datetime) -> None:
    """Send a link that signs in once; a few times an hour at most, so that nobody can flood another's mailbox."""
    mine = (outbox_table.c.to_email == staff.email) & (outbox_table.c.kind == "sign_in")
    recent = mine & (outbox_table.c.created_at > now - AGAIN_AFTER)
    if connection.execute(select(func.count()).select_from(outbox_table).where(recent)).scalar_one() >= SIGN_INS_AN_HOUR:
        return
    link_id = make_link(connection, "sign_in", staff.email, now, now + SIGN_IN_LINK_LIVES)
    outbox.post(connection, "sign_in", staff.email, staff.language, now, link_id=link_id)
