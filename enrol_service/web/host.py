"""The host names the service answers to, and redirects that name none. Nobody else's name gets a page of ours, nor into one.

The Host header is whatever the asker writes: a cache or a link made from it would lead readers elsewhere.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Response, g, request

from enrol_service.refusals.web import HostUnknown
from enrol_service.web.page import here, service

HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::[0-9]{1,5})?")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
ANY_HOST = ("/healthz",)  # asked by machines, by whatever address they have; it names no address


def refuse_unknown_host() -> None:
    """Refuse with HostUnknown a request for a host that is neither the service's, the network's site nor, in development, this computer."""
    settings = service().settings
    known = {_name(urlsplit(address).netloc) for address in (settings.service_url, here().catalogue.network.site_url)}
    if settings.development:
        known |= LOOPBACK
    if _name(request.headers.get("Host", "")) not in known and request.path not in ANY_HOST:
        raise HostUnknown


def keep_redirect_here(response: Response) -> Response:
    """Make a redirect a path of this host: the router writes whole addresses from the Host header.

    `g.leads_to` is the one address elsewhere to which a view may lead: a sign-in provider's, from the operator's configuration.
    """
    location = response.headers.get("Location")
    if location is not None and location != g.get("leads_to"):
        parts = urlsplit(location)
        path = "/" + parts.path.lstrip("/\\")
        response.headers["Location"] = path + (f"?{parts.query}" if parts.query else "")
    return response


def _name(netloc: str) -> str | None:
    """The host without its port, in small letters; None when it is no host."""
    match = HOST.fullmatch(netloc.lower())
    return match[1] if match else None
