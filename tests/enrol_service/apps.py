"""The application of a test. Its addresses are put together once for all tests, which is most of the work; the rest is its own."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import cache

from flask import Flask

from course_catalogue.model import Language
from enrol_service.service import Service
from enrol_service.web.app import fitted, routed


def app_over(service: Service) -> Flask:
    """What `make_app` makes."""
    return fitted(_own(_routed(tuple(service.loaded.catalogue.network.languages), service.settings.development)), service)


@cache
def _routed(languages: Sequence[Language], development: bool) -> Flask:
    return routed(languages, development)


def _own(app: Flask) -> Flask:
    """A copy that may be changed without changing others."""
    made = copy.copy(app)
    made.config = copy.copy(app.config)
    made.extensions = {}
    made.before_request_funcs = copy.deepcopy(app.before_request_funcs)
    made.after_request_funcs = copy.deepcopy(app.after_request_funcs)
    made.json = made.json_provider_class(made)
    return made
