"""What a browser keeps for some minutes while somebody signs in elsewhere: readable by it, and not to be changed by anybody but us."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta

from flask import Response, request

from enrol_service.web.page import here, service


def cookie_name(purpose: str) -> str:
    """By https the name itself binds the cookie to this host."""
    return f"__Host-tarjotin-{purpose}" if service().settings.secure else f"tarjotin-{purpose}"


def keep(response: Response, purpose: str, told: dict[str, object], lasts: timedelta) -> None:
    """Give the browser what is told, for so long. Lax: it must come back with the reader from the other service."""
    text = json.dumps({**told, "until": (here().now + lasts).timestamp()}, separators=(",", ":")).encode()
    value = base64.urlsafe_b64encode(text).rstrip(b"=").decode()
    sealed = f"{value}.{_signature(purpose, value)}"
    secure = service().settings.secure
    response.set_cookie(cookie_name(purpose), sealed, max_age=lasts, path="/", secure=secure, httponly=True, samesite="Lax")


def kept(purpose: str) -> dict[str, object] | None:
    """What the browser was given for this purpose, if it is ours and not too old."""
    value, _, signature = request.cookies.get(cookie_name(purpose), "").partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(purpose, value).encode()):
        return None
    told: dict[str, object] = json.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
    until = told.pop("until")
    return told if isinstance(until, float) and here().now.timestamp() < until else None


def forget(response: Response, purpose: str) -> None:
    response.delete_cookie(cookie_name(purpose), path="/", secure=service().settings.secure, httponly=True, samesite="Lax")


def _signature(purpose: str, value: str) -> str:
    return hmac.digest(service().settings.secret, f"tarjotin sealed 1 {purpose} {value}".encode(), hashlib.sha256).hex()
