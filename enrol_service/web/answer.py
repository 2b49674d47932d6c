"""How a refusal or an error is answered: one page with one sentence and a way on; JSON for those who asked for JSON."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from enrol_service.refusals.api import MethodWrong
from enrol_service.refusals.base import Refusal
from enrol_service.refusals.web import BodyTooLarge, FormFailed, NotFound, RequestUnreadable
from enrol_service.web.api.problem import problem
from enrol_service.web.page import here, is_for_programs, page
from enrol_service.web.request_log import request_id

log = logging.getLogger(__name__)

# HTTP's own errors under /api/ → what is said; any other could not be read.
PROBLEMS: dict[int, type[Refusal]] = {404: NotFound, 405: MethodWrong}


def answer_refusals(app: Flask) -> None:
    app.register_error_handler(Refusal, answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_error)


def answer(refusal: Refusal, **values: object) -> Response:
    """The page of a refusal."""
    status = refusal.status
    g.refused = type(refusal).__name__
    if is_for_programs(request.path):
        return problem(refusal)
    sentence = here().speech.say(refusal)
    home = {language: address.rsplit("/", 1)[0] + "/" for language, address in _homes().items()}
    made = page("refusal.html", status, refusal=type(refusal).__name__, sentence=sentence, number=request_id(), alternates=home, **values)
    if status == 429:
        made.headers["Retry-After"] = "60"
    return made


def _homes() -> dict[str, str]:
    languages = here().loaded.environments
    return {language: "/" if language == here().catalogue.network.languages[0] else f"/{language}/" for language in languages}


def _answer_http(error: HTTPException) -> Response | HTTPException:
    if isinstance(error, RequestEntityTooLarge):
        return answer(BodyTooLarge())
    if error.code is None or error.code < 400:
        return error  # a redirect
    if is_for_programs(request.path):
        return _with_methods(problem(PROBLEMS.get(error.code, RequestUnreadable)(), error.code), error)
    made = answer(NotFound() if error.code in (404, 405) else RequestUnreadable())
    made.status_code = error.code
    return _with_methods(made, error)


def _with_methods(made: Response, error: HTTPException) -> Response:
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        made.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return made


def _answer_error(error: Exception) -> Response:
    """A bug: logged with the request's number, never swallowed, never shown."""
    log.exception("request %s failed", request_id(), exc_info=error)
    return answer(FormFailed())
