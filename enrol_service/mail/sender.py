"""How a mail leaves: to an SMTP server, or, in development, into the folder that the page /mailbox shows."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from enrol_service.settings import Settings

TIMEOUT = 30  # seconds for each answer of the server


class Temporary(Exception):
    """The server is away or has asked to come again. The text holds no address."""


class Permanent(Exception):
    """The server will never take this mail."""


class Sender(Protocol):
    def send(self, row: int, mail: EmailMessage) -> None:
        """Hand over one mail. Raises Temporary or Permanent."""

    def close(self) -> None: ...


def sender_for(settings: Settings) -> Sender:
    return SmtpSender(settings.smtp_url) if settings.smtp_url else MailboxSender(settings.data / "mailbox")


class MailboxSender:
    """Writes each mail to a file, for the page /mailbox. Development only: the files hold working links."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, row: int, mail: EmailMessage) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self._folder / f"{row:06}.half"
        half.write_bytes(mail.as_bytes())
        half.replace(self._folder / f"{row:06}.eml")

    def close(self) -> None:
        return


class SmtpSender:
    """Keeps one connection for as long as there are mails."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._server: smtplib.SMTP | None = None

    def send(self, row: int, mail: EmailMessage) -> None:
        kept = self._server is not None
        try:
            self._hand_over(mail)
        except smtplib.SMTPServerDisconnected:
            # A server may close a connection that was kept; only a new one tells whether it is away.
            self.close()
            if not kept:
                raise Temporary("SMTPServerDisconnected") from None
            self.send(row, mail)

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()

    def _hand_over(self, mail: EmailMessage) -> None:
        try:
            self._connected().send_message(mail)
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise _failure("the receiver was refused", code) from None
        except smtplib.SMTPDataError as refused:
            raise _failure("the mail was refused", refused.smtp_code) from None
        except smtplib.SMTPResponseException as refused:
            # A refused greeting, sign-in or sender is our own setting: mend it, and the mails go out.
            self.close()
            raise Temporary(f"SMTP {refused.smtp_code}") from None
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Temporary(type(error).__name__) from None

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = self._connect()
        return self._server

    def _connect(self) -> smtplib.SMTP:
        url, context = self._url, ssl.create_default_context()
        host = url.hostname or "localhost"
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, url.port or 25, timeout=TIMEOUT)
        try:
            if url.scheme == "smtp+starttls":
                server.starttls(context=context)
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server


def _failure(what: str, code: int) -> Exception:
    return Permanent(f"{what}: SMTP {code}") if 500 <= code < 600 else Temporary(f"{what}: SMTP {code}")
