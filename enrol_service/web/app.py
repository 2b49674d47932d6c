"""Puts the web application together: settings, then the service's parts, then the pages. Read it as the table of contents."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from course_catalogue.model import Language
from enrol_service.school.openid import Client
from enrol_service.service import Service
from enrol_service.web import api_page, health_page, mailbox_page, report_page, search_page, site_page
from enrol_service.web.answer import answer_refusals
from enrol_service.web.api import api
from enrol_service.web.headers import add_headers
from enrol_service.web.home import (
    authorisations_page,
    changes_page,
    completions_page,
    decide_page,
    enrol_students_page,
    requests_page,
    students_page,
)
from enrol_service.web.host import keep_redirect_here, refuse_unknown_host
from enrol_service.web.network import guests_page, network_page
from enrol_service.web.offering import (
    cancel_page,
    diary_page,
    entry_page,
    marks_page,
    messages_page,
    offerings_page,
    participants_page,
    queue_page,
    teachers_page,
)
from enrol_service.web.person import me_page, openid_page, sign_in_page
from enrol_service.web.request_log import log_request
from enrol_service.web.school import people_page, tokens_page
from enrol_service.web.student import enrol_page, new_link_page, student_page
from enrol_service.web.traffic import API, ENROL, NEW_LINK, SEARCH, SIGN_IN, Buckets, HiddenNetwork

BODY_LIMIT = 64 * 1024  # bytes; the longest honest form is a tenth of it

# Pages that speak the reader's language; each is there under every language's prefix.
PAGES = (
    enrol_page,
    new_link_page,
    student_page,
    decide_page,
    sign_in_page,
    requests_page,
    students_page,
    enrol_students_page,
    authorisations_page,
    changes_page,
    offerings_page,
    diary_page,
    entry_page,
    completions_page,
    participants_page,
    marks_page,
    queue_page,
    messages_page,
    cancel_page,
    teachers_page,
    network_page,
    guests_page,
    openid_page,
    me_page,
    people_page,
    tokens_page,
    report_page,
    search_page,
)
# Addresses that are the same in every language.
FIXED = (api_page, health_page, site_page)


class Number(IntegerConverter):
    """A row's number in an address, `<number:name>`. One that no row can have is no address at all, and reaches no database."""

    regex = "[0-9]{1,9}"


def make_app(service: Service) -> Flask:
    """The application over a service whose database is migrated."""
    return fitted(routed(service.loaded.catalogue.network.languages, service.settings.development), service)


def routed(languages: Sequence[Language], development: bool) -> Flask:
    """Every address with its view and every refusal with its answer, and no service yet."""
    app = Flask("enrol_service", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_LIMIT
    app.url_map.converters["number"] = Number
    for language in languages:
        prefix = "" if language == languages[0] else f"/{language}"
        for part in PAGES:
            app.register_blueprint(part.pages, url_prefix=prefix, name=f"{part.pages.name}-{language}")
    for part in (*FIXED, *((mailbox_page,) if development else ())):
        app.register_blueprint(part.pages)
    app.register_blueprint(api.pages)
    app.register_blueprint(api.operations)
    answer_refusals(app)
    return app


def fitted(app: Flask, service: Service) -> Flask:
    """The same application, with the service's parts and with what holds for every request."""
    settings = service.settings
    app.extensions["tarjotin"] = service
    app.extensions["probe"] = health_page.Probe()
    rates = {"enrol": ENROL, "sign_in": SIGN_IN, "new_link": NEW_LINK, "search": SEARCH, "api": API}
    app.extensions["buckets"] = {name: Buckets(rate) for name, rate in rates.items()}
    app.extensions["openid"] = {provider.id: Client(provider) for provider in settings.openid}
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    app.before_request(_begin)
    app.before_request(refuse_unknown_host)
    app.before_request(HiddenNetwork(settings.proxies))

    @app.after_request
    def finish(response: Response) -> Response:
        log_request(request, response)
        return add_headers(keep_redirect_here(response), settings.secure)

    return app


def _begin() -> None:
    g.private = ""
