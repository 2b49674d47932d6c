"""/healthz: whether the service can do its work, for a machine that watches."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from enrol_service import outbox
from enrol_service.web.access import public
from enrol_service.web.page import here, service

log = logging.getLogger(__name__)

pages = Blueprint("health", __name__)
LATE = timedelta(minutes=20)  # longer than the longest wait between two attempts


@pages.get("/healthz")
@public("tells numbers about the service and nothing about people")
def show() -> ResponseReturnValue:
    """503 when nothing can be written. Mail that is late is told, and is no reason to stop sending readers here."""
    at = here()
    told: dict[str, object] = {"status": "ok", "courses": len(at.catalogue.courses), "commit": at.catalogue.commit}
    try:
        with service().database.write() as connection:
            connection.execute(text("SELECT 1"))
            waiting, oldest = outbox.lag(connection, at.now)
    except SQLAlchemyError:
        log.exception("the database cannot be written")
        response = jsonify(told | {"status": "the database cannot be written"})
        response.status_code = 503
        return response
    mail = {"waiting": waiting, "oldest_seconds": round(oldest.total_seconds()), "late": oldest > LATE}
    response = jsonify(told | {"mail": mail})
    response.headers["Cache-Control"] = "no-store"
    return response
