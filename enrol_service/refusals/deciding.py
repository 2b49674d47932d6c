"""Refusals of deciding and leaving."""

from __future__ import annotations

from enrol_service.refusals.base import Refusal, sentence


class DeadlinePassed(Refusal):
    """`answer_by_at`: when the time to answer ended."""

    status = 410
    text = sentence("The time to answer ended %(answer_by_at)s, so the request has expired. The student can enrol again.")


class RunCancelled(Refusal):
    status = 410
    text = sentence("The course was cancelled by the school, so there is nothing to decide. Nobody pays.")


class LeavingPriceChanged(Refusal):
    """`old`, `new`: money, as the page showed it and as it is now."""

    status = 409
    text = sentence(
        "Nothing was cancelled yet: your page showed that the school pays %(old)s, and now it pays %(new)s. Look and confirm again."
    )


class ReasonMissing(Refusal):
    text = sentence("Choose why you refuse")


class CommitmentSettled(Refusal):
    """What has been invoiced is put right by a credit note alone."""

    status = 409
    text = sentence("This course has already been invoiced, so the entry cannot be changed here any more. Write to the other school.")
