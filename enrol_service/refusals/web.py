"""Refusals of links, sign-in and traffic."""

from __future__ import annotations

from enrol_service.refusals.base import Refusal, sentence


class LinkUnknown(Refusal):
    """Altered, foreign, cut in two or never ours: the answer is the same."""

    status = 404
    text = sentence("This link does not work. Open it again from the mail, or ask for a new one by email.")


class LinkExpired(Refusal):
    status = 410
    text = sentence("This link has expired. Ask for a new one by email.")


class LinkUsed(Refusal):
    status = 410
    text = sentence("This sign-in link has already been used. Ask for a new one by email.")


class NotYours(Refusal):
    status = 403
    text = sentence("This page belongs to another school or to another role. Sign in with the address that has the right to it.")


class SessionEnded(Refusal):
    """A form came from somebody who is not signed in any more; what was typed is given back."""

    status = 403
    text = sentence("Your sign-in had ended, so nothing was saved yet.")


class ForeignOrigin(Refusal):
    status = 403
    text = sentence("The request came from another site, so nothing was done. Open the page here and press the button again.")


class TooManyRequests(Refusal):
    status = 429
    text = sentence("Too many requests came from your network in a short time. Nothing was sent. Try again in a minute.")


class BodyTooLarge(Refusal):
    status = 413
    text = sentence("The form was too large to be read. Shorten the message and send again.")


class NotFound(Refusal):
    status = 404
    text = sentence("Page not found. The course may have ended.")


class HostUnknown(Refusal):
    """The request was sent to a name that is not ours."""

    status = 400
    text = sentence("This is not the tray's own address. Open the tray at the address you got from your school.")


class RequestUnreadable(Refusal):
    """Not a rule: the browser or something between sent what cannot be read."""

    status = 400
    text = sentence("The request could not be read. Open the page again.")


class FormFailed(Refusal):
    """Not a rule: what is said when something broke on our side."""

    status = 500
    text = sentence("Something went wrong at our end. Nothing was sent. Try again in a moment.")
