"""/healthz: whether the service can do its work, for a machine that watches."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from enrol_service.database import Database
from enrol_service.mail import outbox
from enrol_service.web.access import public
from enrol_service.web.page import here, service

log = logging.getLogger(__name__)

pages = Blueprint("health", __name__)
PROBE_EVERY = 5.0  # seconds: anybody may ask, and a probe takes the write lock
LATE = timedelta(minutes=20)  # longer than the longest wait between two attempts


class Probe:
    """Whether the database can be written: tried at most every PROBE_EVERY, by one request; the others are told what it found."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tried_at: float | None = None
        self._found = True
        self._turn = threading.Lock()

    def can_write(self, database: Database) -> bool:
        """What the newest try found. Waits for the first one alone."""
        if self._turn.acquire(blocking=self._tried_at is None):
            try:
                if self._tried_at is None or self._clock() - self._tried_at >= PROBE_EVERY:
                    self._found = _try_to_write(database)
                    self._tried_at = self._clock()
            finally:
                self._turn.release()
        return self._found


def _try_to_write(database: Database) -> bool:
    try:
        with database.write() as connection:
            connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, TimeoutError):
        log.exception("the database cannot be written")
        return False
    return True


@pages.get("/healthz")
@public("tells numbers about the service and nothing about people")
def show() -> ResponseReturnValue:
    """503 when nothing can be written. Mail that is late is told, and is no reason to stop sending readers here."""
    at = here()
    told: dict[str, object] = {"status": "ok", "courses": len(at.catalogue.courses), "commit": at.catalogue.commit}
    try:
        writable = current_app.extensions["probe"].can_write(service().database)
        with service().database.read() as connection:
            waiting, oldest = outbox.lag(connection, at.now)
    except SQLAlchemyError:
        log.exception("the database cannot be read")
        writable = False
    if not writable:
        response = jsonify(told | {"status": "the database cannot be written"})
        response.status_code = 503
        return response
    mail = {"waiting": waiting, "oldest_seconds": round(oldest.total_seconds()), "late": oldest > LATE}
    response = jsonify(told | {"mail": mail})
    response.headers["Cache-Control"] = "no-store"
    return response
