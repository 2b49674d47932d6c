"""Refusals of late changes, and of deciding many requests at once."""

from __future__ import annotations

from enrol_service.refusals.base import Refusal, sentence


class NothingToChange(Refusal):
    """The place is not confirmed, or the enrolment has ended."""

    status = 409
    text = sentence("A change can be asked only while the student has a confirmed place. Open the page again.")


class ChangeAlreadyAsked(Refusal):
    status = 409
    text = sentence("A change has already been asked for this student. Wait for the answer, or take the request back.")


class LeavingIsFree(Refusal):
    status = 409
    text = sentence("Leaving costs nothing now, so nobody needs to be asked. Cancel the enrolment.")


class ChangeKindMissing(Refusal):
    text = sentence("Choose what you ask for")


class ChangeReasonMissing(Refusal):
    text = sentence("Write why you ask for the change")


class AnswerMissing(Refusal):
    text = sentence("Choose whether you accept or refuse")


class AnswerReasonMissing(Refusal):
    text = sentence("Write why you refuse")


class OtherRunMissing(Refusal):
    text = sentence("Choose the run to move to")


class OtherRunBegun(Refusal):
    """The run to move to has begun, is over or has been cancelled."""

    text = sentence("The student cannot be moved to that run: it has begun or been cancelled. Choose another run.")


class OtherRunFull(Refusal):
    text = sentence("All places of that run are taken. Choose another run.")


class OtherRunQueued(Refusal):
    """Those in line come first."""

    text = sentence("Others are waiting in the queue for that run. Choose another run.")


class OtherRunTaken(Refusal):
    text = sentence("The student is already enrolled on that run. Choose another run.")


class NothingChosen(Refusal):
    text = sentence("Choose at least one request first")
