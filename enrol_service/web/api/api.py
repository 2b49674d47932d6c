"""Puts the API together: importing a room defines its operations; the document and the Flask routes are drawn from them."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from enrol_service.web.access import public
from enrol_service.web.api import (
    authorisations_api,
    changes_api,
    completions_api,
    diary_api,
    enrol_api,
    offerings_api,
    participants_api,
    people_api,
    reports_api,
    requests_api,
    students_api,
)
from enrol_service.web.api.document import openapi
from enrol_service.web.api.operation import pages as operations
from enrol_service.web.page import here, service

# The order of the document.
ROOMS = (
    requests_api,
    students_api,
    enrol_api,
    changes_api,
    authorisations_api,
    completions_api,
    offerings_api,
    participants_api,
    diary_api,
    people_api,
    reports_api,
)

pages = Blueprint("openapi", __name__)


@pages.get("/api/openapi.json")
@public("describes the API and holds nothing of anybody")
def document() -> Response:
    answer = jsonify(openapi(service().settings.service_url, here().catalogue.commit or "0"))
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


__all__ = ["ROOMS", "operations", "pages"]
