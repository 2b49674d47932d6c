"""A kind of mail as it would be sent now, in each language."""

from __future__ import annotations

import re

from enrol_service.mail.mails import KINDS, render
from enrol_service.mail.outbox import Message
from enrol_service.service import Service
from tests.enrol_service.cast import Office


def texts(service: Service, office: Office, kind: str, enrolment_id: int) -> tuple[dict[str, str], dict[str, str]]:
    """Subjects and plain bodies by language; empty when the mail holds no more. Judges what every mail must keep."""
    subjects, bodies = {}, {}
    link = "AbCdEfGh01234567" if KINDS[kind].opens else None
    for language in ("fi", "sv", "en"):
        message = Message(1, kind, "a@b.fi", language, enrolment_id, link, {}, "m", office.now, 0)
        with service.database.read() as connection:
            mail = render(connection, service, message, office.now)
        if mail is None:
            continue
        both = [str(part.get_content()) for form in ("plain", "html") if (part := mail.get_body((form,)))]
        subjects[language] = str(mail["Subject"]).replace("\u00a0", " ")
        bodies[language] = both[0].replace("\u00a0", " ")
        assert not re.search(r"Korhonen|FY4|Voima", subjects[language])
        assert not re.search(r"%\(|\{\{|None|Korhonen", "".join(both))
        assert all(("http://localhost" in body) == bool(KINDS[kind].opens) for body in both)
    assert len(set(bodies.values())) == len(bodies)
    return subjects, bodies
