"""What every view shares: the service, the reader's language, the catalogue of this request, and printing a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import Response, current_app, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from course_catalogue.model import Catalogue, Language
from enrol_service.holder import Loaded
from enrol_service.service import Service
from enrol_service.speech import Speech
from enrol_service.todo import requests_waiting
from enrol_service.web.menu import menu_of
from theme.address import Addresses, addresses

BY_LINK_PAGE = "link"  # the address itself is a secret: never stored, never told to another page
STAFF_PAGE = "staff"


@dataclass(frozen=True, slots=True)
class Here:
    """One request: a catalogue taken once, one moment, one language."""

    loaded: Loaded
    language: Language
    now: datetime
    url: Addresses

    @property
    def catalogue(self) -> Catalogue:
        return self.loaded.catalogue

    @property
    def speech(self) -> Speech:
        return self.loaded.speech[self.language]

    @property
    def today(self) -> date:
        return self.catalogue.network.day_of(self.now)


def service() -> Service:
    found: Service = current_app.extensions["tarjotin"]
    return found


def here() -> Here:
    """The present request's moment. The language is the first part of the path, or the network's first one; the API's is asked for."""
    if "here" not in g:
        loaded = service().loaded
        language = loaded.language(_asked_language(loaded) if is_for_programs(request.path) else request.path.split("/", 2)[1])
        g.here = Here(loaded, language, service().clock(), addresses(loaded.catalogue, language))
    found: Here = g.here
    return found


def is_for_programs(path: str) -> bool:
    """Whether the address is the API's: it is the same in every language, and refusals are told as JSON."""
    return path.startswith("/api/")


def _asked_language(loaded: Loaded) -> Language:
    return request.accept_languages.best_match(list(loaded.environments)) or ""


def private(kind: str) -> None:
    """Say that the answer is one person's: it is not stored, and the address is not told to other pages."""
    g.private = kind


def page(template: str, status: int = 200, *, alternates: dict[str, str] | None = None, **values: object) -> Response:
    """Print a template of the service or of the theme in the reader's language."""
    at = here()
    common = {
        "alternates": alternates or own_alternates(),
        "nav_current": "",
        "service": True,
        "now": at.now,
        "today": at.today,
        "staff": g.get("staff"),
        "staff_menu": menu_of(g.staff) if "staff" in g else (),
        "staff_waiting": _waiting(),
    }
    html = at.loaded.environments[at.language].get_template(template).render(**{**common, **values})
    return Response(html, status, content_type="text/html; charset=utf-8", headers={"Content-Language": at.language})


def _waiting() -> int:
    """How many requests the reader has to answer; the menu says so on every page of staff."""
    if "staff" not in g or not g.staff.can("decide"):
        return 0
    with service().database.read() as connection:
        return requests_waiting(connection, g.staff, here().now)


def own_alternates() -> dict[str, str]:
    """This page's address in each language. The answer to a sent form goes by the page that can be opened: its own, or the one above it."""
    at = here()
    bare = _page_to_open().removeprefix(at.url.prefix)
    return {language: addresses(at.catalogue, language).prefix + bare for language in at.loaded.environments}


def _page_to_open() -> str:
    if request.method in ("GET", "HEAD"):
        return request.full_path.removesuffix("?")
    parts = request.path.rstrip("/").split("/")
    above = ("/".join(parts[:length]) + end for length in range(len(parts), 1, -1) for end in ("", "/"))
    return next((path for path in above if _can_be_opened(path)), here().url.home())


def _can_be_opened(path: str) -> bool:
    """Whether a page of the service answers GET there; the site's files are no pages of the service."""
    router = current_app.create_url_adapter(request)
    try:
        return router is not None and not str(router.match(path, method="GET")[0]).startswith("site.")
    except (HTTPException, RoutingException):
        return False
