"""Refusals: a rule says no. One class each, one sentence for the person with what to do next, and its HTTP status.

A sentence is an English msgid; fi and sv are in theme/locale. Facts are attributes and are printed by `Speech.say`.
"""

from __future__ import annotations

from typing import ClassVar


def sentence(msgid: str) -> str:
    """Mark a text for translation where it is written; it is translated where it is said."""
    return msgid


class Refusal(Exception):
    """A rule says no. `facts` are the values that the sentence names."""

    text: ClassVar[str]
    status: ClassVar[int] = 422  # HTTP

    def __init__(self, **facts: object) -> None:
        super().__init__(self.text, facts)
        self.facts = facts


class IllegalStep(Refusal):
    """The table of steps does not allow this step from this state by this actor."""

    status = 409
    text = sentence("The situation has changed, so this cannot be done any more. Open the page again.")

    def __str__(self) -> str:
        return "{actor} cannot {step} an {noun} that is {state}".format(**self.facts).replace("an commitment", "a commitment")
