"""What an operator can set, read from the environment. A missing or bad setting stops the start with a sentence on how to mend it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from enrol_service.school.provider import BadProviders, Provider, read_providers

SHORTEST_SECRET = 32  # characters
SMTP_SCHEMES = ("smtp", "smtps", "smtp+starttls")


class BadSettings(Exception):
    """A setting is missing or wrong. The message is for the operator."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: what it means and what holds without it."""

    name: str
    meaning: str
    default: str


SETTINGS = (
    Setting(
        "TARJOTIN_ENVIRONMENT",
        "`development` opens `/mailbox`, makes a secret by itself and needs no SMTP_URL; otherwise `production`.",
        "production",
    ),
    Setting("TARJOTIN_CONTENT", "The folder with the network's content.", "content"),
    Setting(
        "TARJOTIN_SITE",
        "The folder with the built site, served at `/`. A new `build.json` in it makes the service load the content again.",
        "output",
    ),
    Setting("TARJOTIN_DATA", "The folder for the embedded database and, in development, the secret and the mailbox.", ".data"),
    Setting(
        "TARJOTIN_SERVICE_URL",
        "The service's own address, for links in mails: `https://tarjotin.example`. Asked by another host name than this one and the "
        "network's `site_url`, the service answers 400.",
        "required in production",
    ),
    Setting(
        "TARJOTIN_ORIGINS",
        "Further addresses whose pages may send the enrolment form, with spaces between. The network's `site_url` always may.",
        "none",
    ),
    Setting("TARJOTIN_TODAY", "A day, `2026-11-23`, from which the clock goes on. For showing a sample network.", "the real clock"),
    Setting(
        "TARJOTIN_WORKER",
        "`yes`: this process also sends the mails and lets deadlines act; `no`: `python -m enrol_service worker` does.",
        "yes",
    ),
    Setting(
        "TARJOTIN_OPENID_FILE",
        "A YAML file that names the services, beside links in mails, with which staff sign in: MPASSid, Entra, Google. See "
        "[operation](operation.md#sign-in-with-mpassid-entra-or-google).",
        "links in mails alone",
    ),
    Setting("TARJOTIN_PROXIES", "How many proxies stand in front and set X-Forwarded-For and X-Forwarded-Proto.", "0"),
    Setting("DATABASE_URL", "An SQLAlchemy address of the database.", "SQLite in the data folder"),
    Setting(
        "SMTP_URL",
        "Where mail is handed over: `smtp://host:25`, `smtps://user:password@host:465`, `smtp+starttls://user:password@host:587`.",
        "required in production; in development the page `/mailbox`",
    ),
    Setting("MAIL_FROM", "The sender's address of all mails.", "the network's `contact_email`"),
    Setting(
        "SECRET_KEY",
        "At least 32 random characters that sign the links in mails. A new one makes every old link void.",
        "required in production",
    ),
    Setting("SECRET_KEY_FILE", "A file that holds SECRET_KEY.", "none"),
)
NAMES = frozenset(setting.name for setting in SETTINGS)


@dataclass(frozen=True, slots=True)
class Settings:
    development: bool
    content: Path
    site: Path
    data: Path
    service_url: str  # absolute, no slash at the end
    secret: bytes
    origins: tuple[str, ...] = ()
    today: date | None = None
    worker: bool = True
    proxies: int = 0
    database_url: str = ""
    smtp_url: str = ""  # empty = the mailbox page
    mail_from: str = ""  # empty = the network's contact address
    openid: tuple[Provider, ...] = ()

    @property
    def secure(self) -> bool:
        """Whether readers come by https, so that cookies can be bound to it."""
        return self.service_url.startswith("https://")


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check every setting. Raises BadSettings with one sentence."""
    given = {name: environment[name].strip() for name in NAMES if environment.get(name, "").strip()}
    kind = given.get("TARJOTIN_ENVIRONMENT", "production")
    if kind not in ("development", "production"):
        raise BadSettings(f'TARJOTIN_ENVIRONMENT is "{kind}"; set it to development or production.')
    development = kind == "development"
    data = Path(given.get("TARJOTIN_DATA", ".data")).resolve()
    smtp_url = _smtp_url(given.get("SMTP_URL", ""), development)
    return Settings(
        development=development,
        content=_folder("TARJOTIN_CONTENT", given.get("TARJOTIN_CONTENT", "content")),
        site=Path(given.get("TARJOTIN_SITE", "output")).resolve(),
        data=data,
        service_url=_address(given.get("TARJOTIN_SERVICE_URL", ""), development),
        secret=_secret(given, development, data),
        origins=tuple(_origin(one) for one in given.get("TARJOTIN_ORIGINS", "").split()),
        today=_day(given.get("TARJOTIN_TODAY", "")),
        worker=_yes_or_no("TARJOTIN_WORKER", given.get("TARJOTIN_WORKER", "yes")),
        proxies=_whole_number("TARJOTIN_PROXIES", given.get("TARJOTIN_PROXIES", "0")),
        database_url=given.get("DATABASE_URL") or f"sqlite:///{data / 'tarjotin.db'}",
        smtp_url=smtp_url,
        mail_from=_mail_address(given.get("MAIL_FROM", "")),
        openid=_providers(given.get("TARJOTIN_OPENID_FILE", "")),
    )


def origin_of(address: str) -> str:
    """The origin of an address as browsers send it: scheme, host and, where it is not the usual one, port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _folder(name: str, text: str) -> Path:
    folder = Path(text).resolve()
    if not folder.is_dir():
        raise BadSettings(f"{name} is {text}, and there is no such folder. Set {name} to the folder with the network's content.")
    return folder


def _address(text: str, development: bool) -> str:
    if not text and development:
        return "http://127.0.0.1:8000"
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise BadSettings(
            "TARJOTIN_SERVICE_URL is missing or is no address. Set it to the service's own address, https://tarjotin.example."
        )
    return text.rstrip("/")


def _origin(text: str) -> str:
    if urlsplit(text).scheme not in ("http", "https"):
        raise BadSettings(f'TARJOTIN_ORIGINS holds "{text}", which is no address. Write it as https://tarjotin.example.')
    return origin_of(text)


def _smtp_url(text: str, development: bool) -> str:
    if not text and development:
        return ""
    if urlsplit(text).scheme not in SMTP_SCHEMES or not urlsplit(text).hostname:
        raise BadSettings(
            "SMTP_URL is missing or is no address. Set it to smtp://host:25, smtps://… or smtp+starttls://user:password@host:587."
        )
    return text


def _mail_address(text: str) -> str:
    if text and ("@" not in text or any(letter.isspace() for letter in text)):
        raise BadSettings(f'MAIL_FROM is "{text}", which is no e-mail address.')
    return text


def _providers(text: str) -> tuple[Provider, ...]:
    try:
        return read_providers(Path(text)) if text else ()
    except BadProviders as bad:
        raise BadSettings(f"TARJOTIN_OPENID_FILE: {bad}") from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadSettings(f'TARJOTIN_TODAY is "{text}"; write it as 2026-11-23.') from None


def _yes_or_no(name: str, text: str) -> bool:
    if text not in ("yes", "no"):
        raise BadSettings(f'{name} is "{text}"; set it to yes or no.')
    return text == "yes"


def _whole_number(name: str, text: str) -> int:
    if not text.isdecimal():
        raise BadSettings(f'{name} is "{text}"; set it to a whole number.')
    return int(text)


def _secret(given: Mapping[str, str], development: bool, data: Path) -> bytes:
    text = given.get("SECRET_KEY", "")
    if path := given.get("SECRET_KEY_FILE"):
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSettings(f"SECRET_KEY_FILE is {path}, which cannot be read: {error.strerror}.") from None
    if not text and development:
        text = _own_secret(data / "secret.key")
    if len(text) < SHORTEST_SECRET:
        raise BadSettings(
            "SECRET_KEY is missing or shorter than 32 characters. Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return text.encode()


def _own_secret(path: Path) -> str:
    """The development secret, made at the first start and readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        text = secrets.token_urlsafe(SHORTEST_SECRET)
        file.write(text)
    return text
