"""Refusals of giving and ending rights in a school."""

from __future__ import annotations

from enrol_service.refusals.base import Refusal, sentence


class PersonNameMissing(Refusal):
    text = sentence("Enter the person's name")


class RolesMissing(Refusal):
    text = sentence("Choose at least one role")


class LanguageMissing(Refusal):
    text = sentence("Choose the language of the emails")


class PayerByPayer(Refusal):
    """A promise to pay binds the school's money, so nobody can make themselves a payer."""

    status = 403
    text = sentence("Only a payer of the school or the network can make somebody a payer. Ask one of them.")


class DeciderByDecider(Refusal):
    """A contact person commits the school to paying, so nobody can make themselves one."""

    status = 403
    text = sentence("Only a contact person or payer of the school or the network can make somebody a contact person. Ask one of them.")


class LastPayer(Refusal):
    status = 409
    text = sentence("The school would have no payer after this. First make somebody else a payer, or ask the network to do it.")


class LastKeeper(Refusal):
    status = 409
    text = sentence(
        "Nobody could invite or remove the school's people after this. First make somebody else a contact person or coordinator."
    )


class PersonGone(Refusal):
    """Not, or no longer, one of the school's people."""

    status = 404
    text = sentence("This person has no rights in the school any more. Open the list of people again.")


class DeputyDaysBackwards(Refusal):
    text = sentence("The last day must not be before the first one")


class DeputyDaysOver(Refusal):
    text = sentence("The last day is over. Choose today or a later day.")


class DeputyTooLong(Refusal):
    text = sentence("A deputy is named for a year at most. Choose an earlier day.")


class OwnDeputy(Refusal):
    text = sentence("Nobody can be their own deputy. Enter somebody else's address.")


class DeputyAlready(Refusal):
    text = sentence("This person is already a deputy for some of these days. End that first.")
