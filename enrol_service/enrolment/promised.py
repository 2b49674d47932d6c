"""What was promised when a commitment was asked, read from the agreement as it was then: a later edit of the content changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from course_catalogue.model import Catalogue, LeavingStep, RefusalReason, Text
from enrol_service.enrolment.enrolments import Commitment
from enrol_service.tables import promise


def promised_agreement(connection: Connection, commitment: Commitment) -> Mapping[str, Any]:
    """The canonical form of the agreement, read back: see course_catalogue/promise.py."""
    stored = select(promise.c.canonical).where(promise.c.digest == commitment.agreement_digest)
    form: Mapping[str, Any] = json.loads(connection.execute(stored).scalar_one())
    return form


def promised_steps(connection: Connection, catalogue: Catalogue, commitment: Commitment, *, nonstop: bool) -> tuple[LeavingStep, ...]:
    """The steps of the price of leaving, of an offering with dates or of a non-stop one."""
    steps = promised_agreement(connection, commitment)["leaving_nonstop" if nonstop else "leaving"]
    return tuple(LeavingStep(**{**one, "because": _text(catalogue, one["because"])}) for one in steps)


def promised_reasons(connection: Connection, catalogue: Catalogue, commitment: Commitment) -> tuple[RefusalReason, ...]:
    """The closed list of reasons for which the home school may refuse."""
    reasons = promised_agreement(connection, commitment)["refusal_reasons"]
    return tuple(RefusalReason(one["id"], _text(catalogue, one["text"])) for one in reasons)


def _text(catalogue: Catalogue, texts: Mapping[str, str]) -> Text:
    """A text read back. Its own language is not kept: the network's first one that it has stands for it."""
    own = next((one for one in catalogue.network.languages if one in texts), next(iter(texts)))
    return Text(own, texts)
