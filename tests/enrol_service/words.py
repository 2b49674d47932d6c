"""The messages that the service's templates and code say, found as gettext tools find them."""

from __future__ import annotations

from pathlib import Path

from babel.messages.extract import extract_from_dir

PACKAGE = Path(__file__).resolve().parent.parent.parent / "enrol_service"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "sentence": None}
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract"), ("**.txt", "jinja2.ext:babel_extract")]
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}, "**.txt": {"trimmed": "true", "silent": "false"}}


def messages() -> dict[str | tuple[str, ...], str]:
    """Each message, or pair of singular and plural, and the file that says it."""
    found = extract_from_dir(str(PACKAGE), METHODS, OPTIONS, KEYWORDS)
    return {message: file for file, _, message, _, _ in found if message}
