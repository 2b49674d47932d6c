"""Mail over an encrypted connection with a name and a password, to a real server with a certificate of the test's own."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from enrol_service.mail.sender import SmtpSender, Temporary
from tests.enrol_service.mail.test_mail import free_port

NAME, PASSWORD = "tarjotin", "s p@ss/word"


class Taker:
    """Takes every mail; counts those that came by TLS from somebody who had signed in."""

    def __init__(self) -> None:
        self.got: list[tuple[bool, bool]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.got.append((session.ssl is not None, bool(session.authenticated)))
        return "250 OK"


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (NAME.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that this machine trusts for the length of the test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    (tmp_path / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    (tmp_path / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    return context


@pytest.fixture(params=["smtps", "smtp+starttls"])
def server(request: pytest.FixtureRequest, certificate: ssl.SSLContext) -> Iterator[tuple[Taker, str]]:
    taker = Taker()
    tls = {"ssl_context": certificate} if request.param == "smtps" else {"tls_context": certificate, "require_starttls": True}
    # The library knows only of STARTTLS: of a connection that is encrypted from the start it thinks that it is not.
    options = {"authenticator": authenticate, "auth_require_tls": request.param != "smtps"}
    controller = Controller(taker, hostname="127.0.0.1", port=free_port(), **tls, **options)
    controller.start()
    yield taker, f"{request.param}://{{}}@127.0.0.1:{controller.port}"
    controller.stop()


def mail() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "tarjotin@pikku.example", "camilla@strand.example", "Päätöstä pyydetään"
    made.set_content("Hei")
    return made


def test_a_mail_goes_encrypted_and_signed_in(server: tuple[Taker, str]) -> None:
    taker, url = server
    sender = SmtpSender(url.format("tarjotin:s%20p%40ss%2Fword"))
    sender.send(1, mail())
    sender.send(2, mail())
    sender.close()
    assert [signed_in for _, signed_in in taker.got] == [True, True]


def test_a_wrong_password_keeps_the_mail_for_later(server: tuple[Taker, str]) -> None:
    """It is our own setting: mend it, and the mails go out."""
    taker, url = server
    with pytest.raises(Temporary, match="SMTP 535"):
        SmtpSender(url.format("tarjotin:wrong")).send(1, mail())
    assert taker.got == []


def test_a_certificate_that_nobody_trusts_gets_no_mail(server: tuple[Taker, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    taker, url = server
    (tmp_path / "nobody.pem").write_text("", encoding="ascii")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nobody.pem"))
    with pytest.raises(Temporary, match="SSL"):
        SmtpSender(url.format("tarjotin:s%20p%40ss%2Fword")).send(1, mail())
    assert taker.got == []
