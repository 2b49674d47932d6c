"""Refusals of the API and of its keys."""

from __future__ import annotations

from enrol_service.refusals.base import Refusal, sentence


class TokenUnknown(Refusal):
    """No key, or one that is unknown, ended or expired."""

    status = 401
    text = sentence("This key opens nothing. Send one that holds as Authorization: Bearer, or make a new one on the page School.")


class ScopeMissing(Refusal):
    """`scope`: the act that the key may not do."""

    status = 403
    text = sentence("This key may not do that. It needs the scope %(scope)s, and its maker the right to it.")


class ScopeNotYours(Refusal):
    text = sentence("Choose at least one right, and only rights that you have yourself")


class TokenNameMissing(Refusal):
    text = sentence("Say in a few words what the key is for")


class BodyWrong(Refusal):
    """A body that is not as the OpenAPI document says. `errors`: what is wrong and where, for the program's author."""

    text = sentence("The request is not as the API's description says.")

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__()
        self.errors = errors


class BodyNotJson(Refusal):
    status = 415
    text = sentence("Send the request's body as application/json.")


class IdempotencyKeyWrong(Refusal):
    status = 400
    text = sentence("An Idempotency-Key has 8 to 100 letters, digits, hyphens or underscores.")


class IdempotencyKeyReused(Refusal):
    status = 409
    text = sentence("This Idempotency-Key has been used for another request. Use a new key for each request.")


class TooManyCalls(Refusal):
    """Of one key."""

    status = 429
    text = sentence("Too many calls came with this key in a short time. Nothing was done. Wait a little and send this one again.")


class MethodWrong(Refusal):
    status = 405
    text = sentence("This address does not take that method. The API's description says which it takes.")


class LifeUnknown(Refusal):
    text = sentence("Choose how long the key works")
