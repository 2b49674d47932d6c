"""What a WSGI server starts: `granian --interface wsgi enrol_service.wsgi:app`. It migrates, serves and, unless told not to, mails."""

from __future__ import annotations

import sys
import threading

from flask import Flask

from course_catalogue.problem import ContentProblems
from enrol_service import create_app
from enrol_service.database import migrate, open_database
from enrol_service.service import why_not_started
from enrol_service.settings import BadSettings, from_environment
from enrol_service.web.request_log import log_to
from enrol_service.worker import refresh, run


def _start() -> Flask:
    settings = from_environment()
    database = open_database(settings.database_url)
    migrate(database)
    database.close()
    made = create_app(settings)
    work = run if settings.worker else refresh
    threading.Thread(target=work, args=(made.extensions["tarjotin"], threading.Event()), name="worker", daemon=True).start()
    return made


log_to()
try:
    app = _start()
except (BadSettings, ContentProblems) as stopped:
    sys.exit(why_not_started(stopped))
