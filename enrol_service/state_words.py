"""The states of an enrolment and of a commitment in words, for lists, files and mails; one word for each, wherever it is read."""

from __future__ import annotations

from collections.abc import Mapping

from enrol_service.refusals.base import sentence

STATE_WORDS: Mapping[str, str] = {
    "requested": sentence("Home school decides"),
    "queued": sentence("In the queue"),
    "offered": sentence("Place offered"),
    "placed": sentence("Place confirmed"),
    "active": sentence("Course running"),
    "completed": sentence("Completed"),
    "failed": sentence("Failed"),
    "interrupted": sentence("Dropped out"),
    "no_show": sentence("Did not start"),
    "refused": sentence("Refused"),
    "expired": sentence("Expired"),
    "withdrawn": sentence("Withdrawn"),
    "cancelled": sentence("Course cancelled"),
}

COMMITMENT_WORDS: Mapping[str, str] = {
    "asked": sentence("asked"),
    "given": sentence("given"),
    "refused": sentence("refused"),
    "expired": sentence("expired"),
    "released": sentence("released, nothing is owed"),
    "charged": sentence("to be paid"),
    "settled": sentence("invoiced"),
    "credited": sentence("credited"),
}
