"""Refusals of completions: what a teacher enters, publishes and corrects, and what the home school answers."""

from __future__ import annotations

from enrol_service.refusals.base import Refusal, sentence
from enrol_service.refusals.enrolling import FormRefused


class EntryRefused(FormRefused):
    """Cells of one student's row that must be mended. `fields`: (a subject's id, mark, missing or assessed_on; Refusal)."""

    @property
    def only_open(self) -> bool:
        """Whether nothing is wrong, only not all there yet."""
        return all(isinstance(one, (GradeMissing, MissingUnsaid, NothingEntered)) for _, one in self.fields)


class GradeUnknown(Refusal):
    """`scale`: what may be entered."""

    text = sentence("Enter %(scale)s, T or K")


class NumberNeeded(Refusal):
    text = sentence("Enter 4–10: S and H are only for guidance, physical education and short studies")


class PassedOrFailed(Refusal):
    text = sentence("Enter S or H: guidance is not given a number")


class TookPartOnlyInLocal(Refusal):
    text = sentence("Enter a grade: O is only for a school's own studies, not for national modules")


class GradeMissing(Refusal):
    text = sentence("Enter the grade")


class MarkUnknown(Refusal):
    text = sentence("Choose one of the marks")


class MarkWithGrades(Refusal):
    text = sentence("Remove the mark or the grades: whoever has grades is neither in progress nor interrupted")


class MissingWithoutMark(Refusal):
    text = sentence("Choose T, or remove what is missing")


class MissingUnsaid(Refusal):
    text = sentence("Write what is missing")


class EntryStale(Refusal):
    """Somebody else has written since the page was opened."""

    status = 409
    text = sentence("Somebody has changed this row since you opened the page. Compare, and save or publish again if yours is right.")


class AlreadyPublished(Refusal):
    status = 409
    text = sentence("This has been published already. Correct it with a reason.")


class NothingEntered(Refusal):
    text = sentence("Enter a grade or a mark first")


class NotAssessable(Refusal):
    """No seat, or marked as a no show."""

    status = 409
    text = sentence("Only a student who is on the course can be assessed. If a no show was marked by mistake, undo it first.")


class MarkedInterrupted(Refusal):
    """`day`: for which the interruption was marked."""

    status = 409
    text = sentence(
        "The student is marked as dropped out on %(day)s, and a grade would change the price. Undo the mark first on the participants page."
    )


class NothingPublished(Refusal):
    status = 409
    text = sentence("Nothing has been published yet, so there is nothing to correct. Enter the grade in the diary.")


class CorrectionReasonMissing(Refusal):
    text = sentence("Choose why you correct")


class CorrectionTextMissing(Refusal):
    text = sentence("Write the reason in your own words")


class RetakeNotBetter(Refusal):
    """LOPS: both passed and failed grades may be raised; the best counts."""

    text = sentence("The earlier grade is better, so it stays: a retake never lowers a grade")


class CompletionSuperseded(Refusal):
    status = 409
    text = sentence("The teacher has corrected this since. Look at the new entry.")


class QueryEmpty(Refusal):
    text = sentence("Write what you want to ask")


class ReplyEmpty(Refusal):
    text = sentence("Write your answer")


class NothingQueried(Refusal):
    status = 409
    text = sentence("The home school has not asked anything, so there is nothing to answer.")


class ListEmpty(Refusal):
    text = sentence("Paste the list first: a student and a grade on each line")
