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


class OfferingFull(Refusal):
    """No place is left, and so late that the queue gives none."""

    text = sentence("All places are taken and the course has begun, so there is no queue any more. Choose another run or another course.")


class OwnSchool(Refusal):
    """A school cannot owe itself: its own students enrol as it has arranged."""

    text = sentence("Your own school teaches this course. Enrol there.")


class AlreadyEnrolled(Refusal):
    """Told to the address itself alone: whoever typed it need not be its owner."""

    text = sentence("Look in your email: the link to your enrolment is there.")


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


class RunCancelled(Refusal):
    text = sentence("The course was cancelled by the school, so there is nothing to decide. Nobody pays.")


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


class HostUnknown(Refusal):
    """The request was sent to a name that is not ours."""

    text = sentence("This is not the tray's own address. Open the tray at the address you got from your school.")


class RequestUnreadable(Refusal):
    """Not a rule: the browser or something between sent what cannot be read."""

    text = sentence("The request could not be read. Open the page again.")


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
    OfferingFull: 422,
    OwnSchool: 422,
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
    RunCancelled: 410,
    ReasonMissing: 422,
    LinkUnknown: 404,
    LinkExpired: 410,
    LinkUsed: 410,
    NotYours: 403,
    ForeignOrigin: 403,
    TooManyRequests: 429,
    BodyTooLarge: 413,
    NotFound: 404,
    HostUnknown: 400,
    RequestUnreadable: 400,
    FormFailed: 500,
}
