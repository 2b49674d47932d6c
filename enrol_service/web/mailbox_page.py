"""/mailbox, in development only: the mails that would have been sent, as their receivers would see them, with working links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from flask import Blueprint, Response, make_response
from flask.typing import ResponseReturnValue

from enrol_service.refusals.web import NotFound
from enrol_service.web.access import public
from enrol_service.web.page import STAFF_PAGE, here, page, private, service

pages = Blueprint("mailbox", __name__)

DEVELOPMENT = "registered in development alone, where nobody's mail is real"
NEWEST = 200  # mails shown
LINK = re.compile(r"https?://\S+")
# The mail brings its own styles and may lead the reader away from the frame, and nothing else.
FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation; frame-ancestors 'self'"


@dataclass(frozen=True, slots=True)
class Mail:
    number: int
    to: str
    subject: str
    at: datetime
    text: str
    html: str

    @property
    def parts(self) -> tuple[tuple[str, bool], ...]:
        """The plain text cut at its links: (piece, is a link)."""
        found, last = [], 0
        for match in LINK.finditer(self.text):
            found += [(self.text[last : match.start()], False), (match[0], True)]
            last = match.end()
        return (*found, (self.text[last:], False))


@pages.get("/mailbox")
@public(DEVELOPMENT)
def show() -> ResponseReturnValue:
    private(STAFF_PAGE)
    files = sorted(_folder().glob("*.eml"), reverse=True)
    return page("mailbox.html", mails=[_read(file) for file in files[:NEWEST]], alternates={here().language: "/mailbox"})


@pages.get("/mailbox/<number:number>")
@public(DEVELOPMENT)
def show_one(number: int) -> ResponseReturnValue:
    private(STAFF_PAGE)
    return page("mail_shown.html", mail=_mail(number), alternates={here().language: f"/mailbox/{number}"})


@pages.get("/mailbox/<number:number>.html")
@public(DEVELOPMENT)
def show_html(number: int) -> ResponseReturnValue:
    private(STAFF_PAGE)
    html = _mail(number).html.replace("<head>", '<head><base target="_top">', 1)
    response: Response = make_response(html)
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    return response


def _folder() -> Path:
    return service().settings.data / "mailbox"


def _mail(number: int) -> Mail:
    file = _folder() / f"{number:06}.eml"
    if not file.is_file():
        raise NotFound
    return _read(file)


def _read(file: Path) -> Mail:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what policy.default makes
    bodies = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    text, html = ("" if body is None else str(body.get_content()) for body in bodies.values())
    at = parsedate_to_datetime(message["Date"])
    return Mail(int(file.stem), str(message["To"]), str(message["Subject"]), at, text, html)
