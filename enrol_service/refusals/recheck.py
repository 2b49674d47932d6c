"""Refusals of deciding about a course that is no longer what the student enrolled on."""

from __future__ import annotations

from enrol_service.refusals.base import Refusal, sentence


class RunChanged(Refusal):
    """The course was changed after the page that the decision was made on."""

    status = 409
    text = sentence("The course has changed, and the page you decided on did not show it. Nothing was done. Look at it again and decide.")


class RunGone(Refusal):
    """The course or the run is not in the tray any more."""

    status = 410
    text = sentence(
        "The course is not in the tray any more, so the request cannot be approved. Refuse it, or ask the school that offered the course."
    )
