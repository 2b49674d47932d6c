"""Settings: read, checked, documented."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from enrol_service.database import open_database
from enrol_service.settings import NAMES, BadSettings, Settings, from_environment, origin_of
from enrol_service.settings_document import settings_document
from tests.enrol_service.cast import SMALL

ROOT = Path(__file__).resolve().parent.parent.parent
REAL = {
    "TARJOTIN_CONTENT": str(SMALL),
    "TARJOTIN_SERVICE_URL": "https://tarjotin.example",
    "SMTP_URL": "smtp://127.0.0.1:25",
    "SECRET_KEY": "s" * 32,
}


def read(tmp_path: Path, **changed: str) -> Settings:
    return from_environment({**REAL, "TARJOTIN_DATA": str(tmp_path), **changed})


def test_every_setting_is_documented_and_the_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == settings_document(), "stale; run: python -m enrol_service settings > docs/settings.md"
    assert all(f"`{name}`" in page for name in NAMES)


def test_no_module_reads_the_environment_but_settings() -> None:
    readers = {
        path.name
        for path in (ROOT / "enrol_service").rglob("*.py")
        if "environ" in path.read_text(encoding="utf-8").replace("environment", "")
    }
    assert readers == {"settings.py"}


def test_settings_for_real_use(tmp_path: Path) -> None:
    settings = read(
        tmp_path, TARJOTIN_ORIGINS="https://www.tarjotin.example/ https://x.example:8443", TARJOTIN_PROXIES="1", TARJOTIN_WORKER="no"
    )
    assert (settings.development, settings.secure, settings.worker, settings.proxies) == (False, True, False, 1)
    assert settings.origins == ("https://www.tarjotin.example", "https://x.example:8443")
    assert settings.database_url == f"sqlite:///{tmp_path / 'tarjotin.db'}"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"TARJOTIN_ENVIRONMENT": "test"}, "set it to development or production"),
        ({"TARJOTIN_CONTENT": "/nowhere"}, "there is no such folder"),
        ({"TARJOTIN_SERVICE_URL": ""}, "TARJOTIN_SERVICE_URL is missing"),
        ({"TARJOTIN_SERVICE_URL": "tarjotin.example"}, "is no address"),
        ({"TARJOTIN_SERVICE_URL": "https://a.example/below"}, "is no address"),
        ({"TARJOTIN_ORIGINS": "tarjotin.example"}, "which is no address"),
        ({"TARJOTIN_TODAY": "23.11.2026"}, "write it as 2026-11-23"),
        ({"TARJOTIN_WORKER": "1"}, "set it to yes or no"),
        ({"TARJOTIN_PROXIES": "-1"}, "set it to a whole number"),
        ({"SMTP_URL": ""}, "SMTP_URL is missing"),
        ({"SMTP_URL": "http://mail.example"}, "SMTP_URL is missing or is no address"),
        ({"MAIL_FROM": "nobody"}, "which is no e-mail address"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "shorter than 32"),
        ({"SECRET_KEY_FILE": "/nowhere/key"}, "cannot be read"),
    ],
)
def test_a_bad_setting_stops_the_start_with_a_sentence(tmp_path: Path, changed: dict[str, str], words: str) -> None:
    with pytest.raises(BadSettings, match=words):
        read(tmp_path, **changed)


def test_development_needs_nothing_and_makes_a_secret_that_only_its_owner_reads(tmp_path: Path) -> None:
    environment = {"TARJOTIN_ENVIRONMENT": "development", "TARJOTIN_CONTENT": str(SMALL), "TARJOTIN_DATA": str(tmp_path / "new")}
    first, second = from_environment(environment), from_environment(environment)
    assert first.secret == second.secret
    assert len(first.secret) >= 32
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("f" * 40 + "\n", encoding="utf-8")
    assert read(tmp_path, SECRET_KEY="", SECRET_KEY_FILE=str(tmp_path / "key")).secret == b"f" * 40


@pytest.mark.parametrize(
    ("address", "origin"),
    [("https://A.example/x?y", "https://a.example"), ("http://127.0.0.1:8000", "http://127.0.0.1:8000")],
)
def test_an_origin_is_scheme_host_and_port(address: str, origin: str) -> None:
    assert origin_of(address) == origin


def test_a_database_whose_driver_is_missing_is_said_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(BadSettings, match=r'Install it: pip install "psycopg\[binary\]"'):
        open_database("postgresql+psycopg://tarjotin@127.0.0.1/tarjotin")


PROVIDER = """
- id: mpassid
  label: {fi: Kirjaudu MPASSid-tunnuksella, sv: Logga in med MPASSid, en: Sign in with MPASSid}
  issuer: https://mpass-proxy.csc.fi/
  client_id: tarjotin
  client_secret_file: secret
  claims: {roles: urn:mpass.id:role, schools: urn:mpass.id:schoolInfo}
  require: {urn:mpass.id:role: [opettaja, no]}
"""


def providers(tmp_path: Path, text: str = PROVIDER) -> Settings:
    (tmp_path / "secret").write_text("s3cret\n", encoding="utf-8")
    (tmp_path / "openid.yaml").write_text(text, encoding="utf-8")
    return read(tmp_path, TARJOTIN_OPENID_FILE=str(tmp_path / "openid.yaml"))


def test_providers_to_sign_in_with_are_read_from_a_file(tmp_path: Path) -> None:
    (mpassid,) = providers(tmp_path).openid
    assert (mpassid.issuer, mpassid.client_secret, mpassid.scope) == ("https://mpass-proxy.csc.fi", "s3cret", "openid profile")
    assert (mpassid.claims.subject, mpassid.claims.roles) == ("sub", "urn:mpass.id:role")
    assert mpassid.require == {"urn:mpass.id:role": frozenset({"opettaja", "no"})}, "no is a text"


def test_the_example_for_the_operator_can_be_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
    example = page.partition("## Sign-in with MPASSid, Entra or Google")[2].partition("```yaml\n")[2].partition("```")[0]
    for name in ("mpassid.secret", "entra.secret", "google.secret"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [one.id for one in providers(tmp_path, example).openid] == ["mpassid", "entra", "google"]


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("- id: mpassid", "- id: MPASSid", "a to z"),
        ("- id: mpassid", "- name: mpassid", "unknown"),
        ("  client_id: tarjotin\n", "", "has no client_id"),
        ("issuer: https://", "issuer: http://", "with https://"),
        ("client_secret_file: secret", "client_secret_file: nowhere", "cannot be read"),
        ("label: {fi: Kirjaudu MPASSid-tunnuksella, sv: Logga in med MPASSid, en: Sign in with MPASSid}", "label: MPASSid", "is no map"),
        ("claims: {roles:", "claims: {mail:", "which is unknown"),
        ("claims: {roles: urn:mpass.id:role", "claims: {subject: ''", "never changes"),
        ("[opettaja, no]", "[]", "nobody could sign in"),
        (PROVIDER, PROVIDER + PROVIDER, "twice"),
        (PROVIDER, "id: mpassid", "no list"),
        (PROVIDER, "[", "neither YAML nor JSON"),
        (PROVIDER, "- mpassid", "no map of fields"),
    ],
)
def test_a_bad_file_of_providers_stops_the_start_with_a_sentence(tmp_path: Path, wrong: str, right: str, words: str) -> None:
    with pytest.raises(BadSettings, match=words):
        providers(tmp_path, PROVIDER.replace(wrong, right))


def test_a_missing_file_of_providers_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="cannot be read"):
        read(tmp_path, TARJOTIN_OPENID_FILE=str(tmp_path / "nowhere.yaml"))
