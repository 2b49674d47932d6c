"""The OpenID providers that an operator has configured: read from one file, checked whole, each fault a sentence on how to mend it.

The file is YAML or JSON; docs/operation.md shows one. Every scalar is read as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import yaml

ID = re.compile(r"[a-z0-9-]{1,30}")
TENANT = "{tid}"  # in `tokens_from`: Entra names each organisation's own issuer by the claim `tid`
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class BadProviders(Exception):
    """The file is missing or wrong. The message is for the operator."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Which claim of a token says what; an empty name means that none does."""

    subject: str = "sub"
    name: str = "name"
    given_name: str = "given_name"
    family_name: str = "family_name"
    schools: str = ""
    roles: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """One service that people may sign in with."""

    id: str
    label: Mapping[str, str]  # by language, what the button says
    issuer: str  # where the discovery document is, without /.well-known
    client_id: str
    client_secret: str  # empty for a client without one; PKCE is always used
    scope: str = "openid profile"
    tokens_from: str = ""  # the issuer that tokens name; empty = `issuer`
    claims: Claims = Claims()
    require: Mapping[str, frozenset[str]] = field(default_factory=dict)  # claim → values of which one is needed

    def issuer_of(self, told: Mapping[str, object]) -> str:
        """The issuer that a token must name."""
        return (self.tokens_from or self.issuer).replace(TENANT, str(told.get("tid", "")))


KEYS = {"id", "label", "issuer", "client_id", "client_secret_file", "scope", "tokens_from", "claims", "require"}
NEEDED = ("id", "label", "issuer", "client_id")


def read_providers(path: Path) -> tuple[Provider, ...]:
    """The providers of a file, in its order. Raises BadProviders with one sentence."""
    try:
        told = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - makes texts, lists and maps only
    except OSError as error:
        raise BadProviders(f"{path} cannot be read: {error.strerror}.") from None
    except yaml.YAMLError:
        raise BadProviders(f"{path} is neither YAML nor JSON.") from None
    if not isinstance(told, list) or not told:
        raise BadProviders(f"{path} holds no list of providers. Begin each with a line `- id: mpassid`.")
    providers = tuple(_provider(one, path.parent) for one in told)
    if len({one.id for one in providers}) < len(providers):
        raise BadProviders(f"{path} names a provider twice. Give each an id of its own.")
    return providers


def _provider(told: object, folder: Path) -> Provider:
    if not isinstance(told, dict):
        raise BadProviders("A provider is no map of fields. Begin each with a line `- id: mpassid`.")
    name = str(told.get("id", ""))
    if unknown := sorted(set(told) - KEYS):
        raise BadProviders(f'Provider "{name}" has a field {unknown[0]}, which is unknown. Fields: {", ".join(sorted(KEYS))}.')
    if missing := [key for key in NEEDED if not told.get(key)]:
        raise BadProviders(f'Provider "{name}" has no {missing[0]}.')
    if not ID.fullmatch(name):
        raise BadProviders(f'The id "{name}" of a provider may hold a to z, 0 to 9 and hyphens only.')
    return Provider(
        id=name,
        label=_texts(name, "label", told["label"]),
        issuer=_address(name, "issuer", told["issuer"]),
        client_id=str(told["client_id"]),
        client_secret=_secret(name, told.get("client_secret_file", ""), folder),
        scope=str(told.get("scope", "openid profile")),
        tokens_from=_address(name, "tokens_from", told["tokens_from"]) if told.get("tokens_from") else "",
        claims=_claims(name, told.get("claims", {})),
        require=_required(name, told.get("require", {})),
    )


def _texts(name: str, field: str, told: object) -> dict[str, str]:
    if isinstance(told, dict) and all(isinstance(one, str) for one in told.values()):
        return {str(key): value for key, value in told.items()}
    raise BadProviders(f'{field} of provider "{name}" is no map. Write it as {{fi: …, sv: …, en: …}}.')


def _address(name: str, field: str, told: object) -> str:
    text = str(told).rstrip("/")
    parts = urlsplit(text)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return text
    raise BadProviders(f'{field} of provider "{name}" is "{text}"; write its address with https://.')


def _secret(name: str, told: object, folder: Path) -> str:
    if not told:
        return ""
    try:
        return (folder / str(told)).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadProviders(f'client_secret_file of provider "{name}" cannot be read: {error.strerror}.') from None


def _claims(name: str, told: object) -> Claims:
    names = _texts(name, "claims", told)
    if unknown := sorted(set(names) - set(Claims.__slots__)):
        raise BadProviders(f'claims of provider "{name}" has {unknown[0]}, which is unknown. Known: {", ".join(Claims.__slots__)}.')
    if "subject" in names and not names["subject"]:
        raise BadProviders(f'claims of provider "{name}" has an empty subject. Name the claim that never changes.')
    return Claims(**names)


def _required(name: str, told: object) -> dict[str, frozenset[str]]:
    if not isinstance(told, dict):
        raise BadProviders(f'require of provider "{name}" is no map. Write it as {{claim: [value, …]}}.')
    found = {str(claim): frozenset([values] if isinstance(values, str) else map(str, values)) for claim, values in told.items()}
    if empty := [claim for claim, values in found.items() if not values]:
        raise BadProviders(f'require of provider "{name}" allows no value of {empty[0]}, so nobody could sign in.')
    return found
