"""The scopes of keys in people's words, in the order of the table of acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from enrol_service.permissions import ACTS, ActName
from enrol_service.refusals.base import sentence
from enrol_service.speech import Speech

SCOPE_WORDS: Mapping[ActName, str] = {
    "decide": sentence("See requests, give or refuse the payment commitment"),
    "enrol_students": sentence("Enrol students and commit in the same act"),
    "see_students": sentence("See the school's own students, their courses and grades"),
    "ask_changes": sentence("Withdraw students, accept places, ask for late changes"),
    "answer_completions": sentence("Acknowledge and query completions"),
    "authorise": sentence("Give and end standing authorisations"),
    "see_home_reports": sentence("Reports on the school's own students"),
    "see_offerings": sentence("See runs, the queue and participants"),
    "see_payments": sentence("See sums and national learner IDs of participants"),
    "mark_participation": sentence("Mark first contact, no show and interruption"),
    "grade": sentence("Write, publish and correct completions"),
    "write_messages": sentence("Write to the participants of a run"),
    "order_queue": sentence("Move somebody in the queue"),
    "cancel_run": sentence("Cancel a run for everybody"),
    "answer_changes": sentence("Answer late changes"),
    "assign_teachers": sentence("Say who teaches a course"),
    "see_offering_reports": sentence("Reports on the school's own courses"),
    "see_school": sentence("See the school's people and authorisations"),
    "manage_people": sentence("Invite and remove people, change roles, name deputies"),
}


def said_scopes(speech: Speech, scopes: Iterable[ActName]) -> list[str]:
    """Each scope as words, in the order of the table; one that is no act any more is said by its name."""
    order = list(ACTS)
    known = sorted(scopes, key=lambda one: order.index(one) if one in order else len(order))
    return [speech.gettext(SCOPE_WORDS.get(one, one)) for one in known]
