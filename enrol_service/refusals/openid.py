"""Refusals of signing in with another service."""

from __future__ import annotations

from enrol_service.refusals.base import Refusal, sentence


class ProviderAway(Refusal):
    """The other service does not answer, or not as it should."""

    status = 503
    text = sentence("The other sign-in service does not answer now. Try again in a moment, or sign in with a link in your email.")


class SignInStale(Refusal):
    """Begun in another browser, too long ago, or opened a second time."""

    status = 400
    text = sentence("This sign-in has been used or has become too old. Begin again from the sign-in page.")


class SignInStopped(Refusal):
    """The other service says no, or the person has pressed Cancel there."""

    status = 403
    text = sentence("The other service did not sign you in. Begin again, or sign in with a link in your email.")


class TokenUntrusted(Refusal):
    """Not signed by the provider for us, now, for this sign-in."""

    status = 403
    text = sentence("The answer of the other service cannot be trusted, so nobody was signed in. Sign in with a link in your email.")


class ClaimNotMet(Refusal):
    """The operator has said whose sign-ins are taken; this is not one."""

    status = 403
    text = sentence("This sign-in does not belong to the staff of a school. Sign in with a link in your school email.")


class LinkElsewhere(Refusal):
    """Whoever opens the mailed link must be who signed in at the other service."""

    status = 403
    text = sentence("Open this link in the browser where you began to sign in. Nothing was linked.")


class IdentityTaken(Refusal):
    status = 409
    text = sentence("This sign-in is already linked to an address. Unlink it on your own page before you link it to another.")


class NoRights(Refusal):
    status = 403
    text = sentence("No school has named your address any more, so there is nothing to open. Ask your school to invite you.")
