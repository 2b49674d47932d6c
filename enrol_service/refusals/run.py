"""Refusals of what an offering school does on its runs: marks, messages, teachers."""

from __future__ import annotations

from enrol_service.refusals.base import Refusal, sentence


class DayUnreadable(Refusal):
    text = sentence("Enter the day, for example 30.11.2026")


class DayInFuture(Refusal):
    text = sentence("The day is still to come. Enter today or an earlier day.")


class BeforeEnrolment(Refusal):
    """`day`: when the student enrolled."""

    text = sentence("The student enrolled only on %(day)s. Enter that day or a later one.")


class BeforeFirstContact(Refusal):
    """`day`: of first contact."""

    text = sentence("First contact was on %(day)s. Enter that day or a later one.")


class AlreadyStarted(Refusal):
    """`day`: of first contact; `who`, `at`: of the mark."""

    status = 409
    text = sentence("First contact on %(day)s was marked by %(who)s %(at)s. Undo that mark first if the day is wrong.")


class AlreadyInterrupted(Refusal):
    """`who`, `at`: of the mark."""

    status = 409
    text = sentence("The interruption was already marked by %(who)s %(at)s. Undo that mark first if the day is wrong.")


class NotBegun(Refusal):
    """`day`: from when somebody can be marked as one who did not start."""

    text = sentence("It is too early to say who did not start. Mark it from %(day)s on.")


class RunNotBegun(Refusal):
    """`day`: on which the run starts."""

    text = sentence("The course starts only on %(day)s. Grades and interruptions can be marked from that day on.")


class RunOff(Refusal):
    """Cancelled, or lapsed for want of students."""

    status = 409
    text = sentence("This run is not held, so nothing can be done on it any more.")


class LeftByThemselves(Refusal):
    """`at`: when."""

    status = 409
    text = sentence("The student or the home school ended the studies themselves %(at)s. The student can enrol again.")


class NoSeatLeft(Refusal):
    status = 409
    text = sentence("The seat has been given to another student, so the mark cannot be undone.")


class NobodyChosen(Refusal):
    text = sentence("Choose at least one student")


class ReceiversMissing(Refusal):
    text = sentence("Choose to whom the message goes")


class ChosenOrAll(Refusal):
    """Students are ticked, and the message would go to everybody."""

    text = sentence("You chose students, but the message would go to everybody. Which do you mean?")


class SubjectMissing(Refusal):
    text = sentence("Write a subject")


class BodyMissing(Refusal):
    text = sentence("Write the message")


class CancelReasonMissing(Refusal):
    text = sentence("Write why the run is cancelled. Everybody on it reads this.")


class MessageRefused(Refusal):
    """Fields that must be mended. `fields`: (field name, Refusal) in the order of the form."""

    text = sentence("Some details need fixing.")

    def __init__(self, fields: tuple[tuple[str, Refusal], ...]) -> None:
        super().__init__()
        self.fields = fields


class NotTeacher(Refusal):
    text = sentence("Choose among the teachers and coordinators of the school. Others are invited on the page School.")
