"""Refusals of enrolling."""

from __future__ import annotations

from enrol_service.refusals.base import Refusal, sentence


class CourseUnknown(Refusal):
    status = 404
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


class NoTimeToAnswer(Refusal):
    """The home school would be asked with less than the least time to answer."""

    status = 409
    text = sentence("Enrolment closes so soon that your school would have no time to answer. Ask your school to enrol you.")


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
