"""Headers of every answer: what a browser may load, tell and keep."""

from __future__ import annotations

from flask import Response, g, request

from enrol_service.web.page import BY_LINK_PAGE, STAFF_PAGE

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# The static pages must name their origin when they send the form, so not no-referrer; see the refusal of unknown origins.
REFERRER_POLICY = {"": "strict-origin-when-cross-origin", STAFF_PAGE: "same-origin", BY_LINK_PAGE: "no-referrer"}


def add_headers(response: Response, secure: bool) -> Response:
    """Add what the view has not set itself."""
    private = g.get("private", "")
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Referrer-Policy": REFERRER_POLICY[private],
        "X-Content-Type-Options": "nosniff",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if private or request.method not in ("GET", "HEAD"):
        headers["Cache-Control"] = "no-store"
        headers["X-Robots-Tag"] = "noindex"
    elif "Cache-Control" not in response.headers:
        headers["Cache-Control"] = "no-cache"
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
