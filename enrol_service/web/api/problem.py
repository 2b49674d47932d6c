"""How the API says no: application/problem+json (RFC 9457), with a sentence in the language that was asked for."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, jsonify

from enrol_service.refusals.api import BodyWrong
from enrol_service.refusals.base import Refusal, sentence
from enrol_service.refusals.enrolling import FormRefused
from enrol_service.refusals.run import MessageRefused
from enrol_service.refusals.web import BodyTooLarge, FormFailed, NotFound, RequestUnreadable
from enrol_service.web.page import here
from enrol_service.web.request_log import request_id

RETRY_AFTER = "5"  # seconds; a bucket has filled a little by then

# What is said to a person about a page → what is said to a program's author.
SAID_TO_PROGRAMS: Mapping[type[Refusal], str] = {
    NotFound: sentence("There is nothing here that this key may see."),
    BodyTooLarge: sentence("The request is too large. Send it in parts."),
    FormFailed: sentence("Something went wrong at our end. Nothing was done. Try again in a moment."),
    RequestUnreadable: sentence("The request could not be read."),
}


def problem(refusal: Refusal, status: int | None = None) -> Response:
    """The answer. `errors` tell what must be mended, and where, never with the value: it may be a name."""
    status, speech = status or refusal.status, here().speech
    text = SAID_TO_PROGRAMS.get(type(refusal))
    title = speech.gettext(text) if text else speech.say(refusal)
    errors = _errors(refusal)
    more = {"errors": errors} if errors else {}
    made = jsonify(title=title, status=status, refusal=type(refusal).__name__, number=request_id(), **more)
    made.status_code, made.content_type = status, "application/problem+json"
    made.headers["Content-Language"] = here().language
    made.headers["Vary"] = "Accept-Language"
    if status == 401:
        made.headers["WWW-Authenticate"] = "Bearer"
    if status == 429:
        made.headers["Retry-After"] = RETRY_AFTER
    return made


def _errors(refusal: Refusal) -> list[dict[str, str]]:
    if isinstance(refusal, BodyWrong):
        return refusal.errors
    if isinstance(refusal, FormRefused | MessageRefused):
        return [{"at": field, "what": here().speech.say(one), "refusal": type(one).__name__} for field, one in refusal.fields]
    return []
