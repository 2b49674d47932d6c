"""An act of a school's journal as a sentence: who did what, to whom."""

from __future__ import annotations

from collections.abc import Mapping

from enrol_service.refusals.base import sentence
from enrol_service.school.acts import DoneAct
from enrol_service.school.role_words import said_roles
from enrol_service.speech import Speech
from enrol_service.web.entry_view import ACT_WORDS

# What was done to people → its sentence.
PEOPLE_WORDS: Mapping[object, str] = {
    "invited": sentence("%(by)s invited %(about)s: %(roles)s."),
    "roles": sentence("%(by)s changed the roles of a person: %(about)s."),
    "removed": sentence("%(by)s removed a person: %(about)s."),
    "deputy_named": sentence("%(by)s named a deputy: %(about)s for %(principal)s, %(days)s."),
    "deputy_ended": sentence("%(by)s ended a deputy's days: %(about)s for %(principal)s."),
}
GIVEN = sentence("Given: %(roles)s.")
TAKEN = sentence("Taken away: %(roles)s.")


def said_act(done: DoneAct, speech: Speech) -> str:
    """The sentence, and for a change of roles what was given and taken."""
    by = done.by or speech.gettext(sentence("The service"))
    text = PEOPLE_WORDS.get(done.facts.get("did")) if done.name == "manage_people" else None
    if text is None:
        what = speech.gettext(ACT_WORDS[done.name]) if done.name in ACT_WORDS else done.name
        return f"{by}: {what}."
    days = speech.wording.period(*done.days) if done.days else ""
    told = {"by": by, "about": done.about or "", "principal": done.stood_in_for or "", "days": days, "roles": _roles(done, "roles", speech)}
    said = [speech.gettext(text, **told)]
    for key, words in (("given", GIVEN), ("taken", TAKEN)):
        if done.facts.get(key):
            said.append(speech.gettext(words, roles=_roles(done, key, speech)))
    return " ".join(said)


def _roles(done: DoneAct, key: str, speech: Speech) -> str:
    roles = done.facts.get(key)
    return said_roles(speech, roles) if isinstance(roles, list) else ""
