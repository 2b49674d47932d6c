"""What the mail to a student whom the school has enrolled says beside the enrolment: who did it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from enrol_service.mail.outbox import Message
from enrol_service.speech import Speech
from enrol_service.tables import account, enrolment


def who_enrolled(connection: Connection, speech: Speech, message: Message, now: datetime) -> Mapping[str, object]:
    """The name of the person of the home school, and the moment."""
    joined = select(account.c.name, enrolment.c.created_at).join_from(enrolment, account, enrolment.c.enrolled_by_id == account.c.id)
    row = connection.execute(joined.where(enrolment.c.id == message.enrolment_id)).one()
    return {"person": row.name, "enrolled_at": row.created_at}
