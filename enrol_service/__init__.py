"""Who has a seat, who pays: the enrolment service. Web → rules → database and mail; rules never know Flask."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from enrol_service.settings import Settings


def create_app(settings: Settings) -> Flask:
    """The web application. Sends no mail by itself: `worker.run` does."""
    from enrol_service.service import open_service  # here, so that importing a rule imports no Flask
    from enrol_service.web.app import make_app

    return make_app(open_service(settings))
