"""What a WSGI server starts: `granian --interface wsgi enrol_service.wsgi:app`. It migrates, serves and, unless told not to, mails."""

from __future__ import annotations

import sys
import threading

from enrol_service import create_app
from enrol_service.database import migrate, open_database
from enrol_service.settings import BadSettings, Settings, from_environment
from enrol_service.web.request_log import log_to
from enrol_service.worker import refresh, run


def _settings() -> Settings:
    try:
        return from_environment()
    except BadSettings as bad:
        sys.exit(str(bad))


log_to()
settings = _settings()
database = open_database(settings.database_url)
migrate(database)
database.close()
app = create_app(settings)
work = run if settings.worker else refresh
threading.Thread(target=work, args=(app.extensions["tarjotin"], threading.Event()), name="worker", daemon=True).start()
