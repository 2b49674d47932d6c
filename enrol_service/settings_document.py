"""docs/settings.md, printed from the settings themselves; a test fails when the file is stale."""

from __future__ import annotations

from enrol_service.settings import SETTINGS

HEAD = """# Settings

Environment variables of the enrolment service. `build.py serve` sets what it needs by itself. A missing or wrong setting stops the
start with a sentence that says how to mend it. Made by `python -m enrol_service settings > docs/settings.md`.

| variable | meaning | without it |
|---|---|---|
"""

FOOT = """
A service for real use needs `TARJOTIN_SERVICE_URL`, `SMTP_URL` and `SECRET_KEY` (or `SECRET_KEY_FILE`), and the folders:

```sh
python -m enrol_service migrate
python -m granian --interface wsgi --host 127.0.0.1 --port 8000 --workers 1 --blocking-threads 8 --no-ws enrol_service.wsgi:app
```
"""


def settings_document() -> str:
    """The page's text."""
    rows = "".join(f"| `{one.name}` | {one.meaning} | {one.default} |\n" for one in SETTINGS)
    return HEAD + rows + FOOT
