"""What the mail about a student who has left says beside the enrolment: who ended it, when it was not the student."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from enrol_service.events import history
from enrol_service.mail.outbox import Message
from enrol_service.school.accounts import name_of
from enrol_service.speech import Speech


def who_left(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object]:
    """The name of the person of the home school who did it; empty when the student did."""
    last = [one for one in history(connection, message.enrolment_id or 0) if one.noun == "enrolment"][-1:]
    by_school = [one.actor_id for one in last if one.actor_kind == "home_school"]
    return {"left_by": (name_of(connection, by_school[0]) if by_school else None) or ""}
