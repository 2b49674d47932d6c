"""One line of JSON per request. The rule of the address is told, never the address: it may hold a token."""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time

from flask import Request, Response, g

log = logging.getLogger("enrol_service.request")


class JsonLines(logging.Formatter):
    """Each record as one JSON object: time, level, what, and what was given as `extra={"facts": …}`."""

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        told = {"at": at, "level": record.levelname.lower(), "what": record.getMessage()}
        told.update(getattr(record, "facts", {}))
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def log_to(stream: object = None) -> None:
    """Send the service's log as JSON lines to standard error, or to `stream`."""
    handler = logging.StreamHandler(sys.stderr if stream is None else stream)  # type: ignore[arg-type]
    handler.setFormatter(JsonLines())
    root = logging.getLogger("enrol_service")
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    root.propagate = False


def request_id() -> str:
    """A number for this request, shown on an error page and found in the log."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    found: str = g.request_id
    return found


def log_request(request: Request, response: Response) -> None:
    """Log what matters: changes, refusals and errors. Looking at a page is not logged."""
    if request.method in ("GET", "HEAD", "OPTIONS") and response.status_code < 400:
        return
    rule = request.url_rule.rule if request.url_rule else "none"
    level = logging.ERROR if response.status_code >= 500 else logging.INFO
    facts = {"request": request_id(), "method": request.method, "rule": rule, "status": response.status_code}
    refused = g.get("refused")
    log.log(level, "request", extra={"facts": {**facts, **({"refused": refused} if refused else {})}})
