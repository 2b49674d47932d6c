"""Refusals: a rule says no. One class each, one sentence for the person with what to do next, one table to HTTP status.

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

    def __init__(self, **facts: object) -> None:
        super().__init__(self.text, facts)
        self.facts = facts


class IllegalStep(Refusal):
    """The table of steps does not allow this step from this state by this actor."""

    text = sentence("The situation has changed, so this cannot be done any more. Open the page again.")

    def __str__(self) -> str:
        return "{actor} cannot {step} an {noun} that is {state}".format(**self.facts).replace("an commitment", "a commitment")


# --- enrolling ---------------------------------------------------------------------------------------------------------


class CourseUnknown(Refusal):
    text = sentence("This course is not in the tray any more. Choose another course.")


class OfferingUnknown(Refusal):
    text = sentence("Choose when you want to study the course.")


class OfferingNotOpen(Refusal):
    """`opens_at`: when enrolment opens."""

    text = sentence("Enrolment opens %(opens_at)s. Come back then.")


class OfferingClosed(Refusal):
    """`closed_at`: when enrolment closed."""

    text = sentence("Enrolment closed %(closed_at)s. See the next run.")


class OfferingCancelled(Refusal):
    text = sentence("The school has cancelled this run. Choose another run or another course.")


class AlreadyEnrolled(Refusal):
    text = sentence("This email address already has an enrolment on this run. We sent the link to the enrolment there again.")


class PriceChanged(Refusal):
    """`old`, `new`: money; `old_number`, `new_number`: the same without the currency."""

    text = sentence("The price changed from %(old)s to %(new)s. Check and send again.")


class PriceNotShown(Refusal):
    """The form did not say which price was shown. `new`: money."""

    text = sentence("The price is %(new)s. Check it and send again.")


class KeyReused(Refusal):
    text = sentence("This form has already been sent once with other details. Check them and send again.")


class FormRefused(Refusal):
    """Fields that must be mended. `fields`: (field name, Refusal) in the order of the form."""

    text = sentence("Some details need fixing.")

    def __init__(self, fields: tuple[tuple[str, Refusal], ...]) -> None:
        super().__init__()
        self.fields = fields


class NameMissing(Refusal):
    text = sentence("Enter your first and last name")


class EmailIncomplete(Refusal):
    text = sentence("Enter the whole email address, for example firstname.lastname@edu.kuusikko.fi")


class SchoolMissing(Refusal):
    text = sentence("Choose your school")


class GroupMissing(Refusal):
    text = sentence("Enter your group, for example 24B")


class SyllabusMissing(Refusal):
    text = sentence("Choose your syllabus")


class TextTooLong(Refusal):
    """`most`: characters."""

    text = sentence("Shorten the text to at most %(most)s characters")


class TextUnprintable(Refusal):
    text = sentence("Write the text again: it holds characters that cannot be shown")


class IdentityCodeFound(Refusal):
    text = sentence("Remove the personal identity code. We do not store them.")


# --- deciding and leaving ----------------------------------------------------------------------------------------------


class DeadlinePassed(Refusal):
    """`answer_by_at`: when the time to answer ended."""

    text = sentence("The time to answer ended %(answer_by_at)s, so the request has expired. The student can enrol again.")


class ReasonMissing(Refusal):
    text = sentence("Choose why you refuse")


# --- links, sign-in and traffic ----------------------------------------------------------------------------------------


class LinkUnknown(Refusal):
    """Altered, foreign, cut in two or never ours: the answer is the same."""

    text = sentence("This link does not work. Open it again from the mail, or ask for a new one by email.")


class LinkExpired(Refusal):
    text = sentence("This link has expired. Ask for a new one by email.")


class LinkUsed(Refusal):
    text = sentence("This sign-in link has already been used. Ask for a new one by email.")


class NotYours(Refusal):
    text = sentence("This page belongs to another school or to another role. Sign in with the address that has the right to it.")


class ForeignOrigin(Refusal):
    text = sentence("The request came from another site, so nothing was done. Open the page here and press the button again.")


class TooManyRequests(Refusal):
    text = sentence("Too many requests came from your network in a short time. Nothing was sent. Try again in a minute.")


class BodyTooLarge(Refusal):
    text = sentence("The form was too large to be read. Shorten the message and send again.")


class NotFound(Refusal):
    text = sentence("Page not found. The course may have ended.")


class FormFailed(Refusal):
    """Not a rule: what is said when something broke on our side."""

    text = sentence("Something went wrong at our end. Nothing was sent. Try again in a moment.")


STATUS: dict[type[Refusal], int] = {
    IllegalStep: 409,
    CourseUnknown: 404,
    OfferingUnknown: 422,
    OfferingNotOpen: 422,
    OfferingClosed: 422,
    OfferingCancelled: 422,
    AlreadyEnrolled: 422,
    PriceChanged: 422,
    PriceNotShown: 422,
    KeyReused: 422,
    FormRefused: 422,
    NameMissing: 422,
    EmailIncomplete: 422,
    SchoolMissing: 422,
    GroupMissing: 422,
    SyllabusMissing: 422,
    TextTooLong: 422,
    TextUnprintable: 422,
    IdentityCodeFound: 422,
    DeadlinePassed: 410,
    ReasonMissing: 422,
    LinkUnknown: 404,
    LinkExpired: 410,
    LinkUsed: 410,
    NotYours: 403,
    ForeignOrigin: 403,
    TooManyRequests: 429,
    BodyTooLarge: 413,
    NotFound: 404,
    FormFailed: 500,
}
