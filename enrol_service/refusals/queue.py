"""Refusals of the waiting list, of offered places and of runs that are cancelled."""

from __future__ import annotations

from enrol_service.refusals.base import Refusal, sentence


class OfferExpired(Refusal):
    """`offer_until_at`: until when the place was kept."""

    status = 410
    text = sentence("The place was kept for you until %(offer_until_at)s, and it has gone on to the next in line.")


class NotInLine(Refusal):
    status = 409
    text = sentence("This student is not in the queue any more, so nothing was moved. Open the page again.")


class RankUnknown(Refusal):
    """`last`: the last place in line."""

    text = sentence("Choose a place in the queue between 1 and %(last)s")


class MoveReasonMissing(Refusal):
    text = sentence("Choose why the order changes")


class RunOver(Refusal):
    """`ended_on`: the last day of the run."""

    status = 409
    text = sentence("The run ended %(ended_on)s, so it cannot be cancelled any more.")
