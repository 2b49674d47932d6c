"""Signing in with another service by OpenID Connect: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636).

What comes back is believed only when the provider's own key has signed it for us, now, for this sign-in. The mail address in a
token is never read: a provider's word on it is no proof. See identity.py for whose account it is.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from authlib.common.security import generate_token  # type: ignore[import-untyped]
from authlib.integrations.requests_client import OAuth2Session, OAuthError  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from enrol_service.refusals.openid import ClaimNotMet, ProviderAway, SignInStale, TokenUntrusted
from enrol_service.school.provider import TENANT, Provider

log = logging.getLogger(__name__)

PATIENCE = 6  # seconds for one answer of a provider
KEPT = 3600.0  # seconds that a provider's addresses and keys are remembered
KEYS_AGAIN_AFTER = 60.0  # seconds between asking for keys because a token names an unknown one
LEEWAY = 60  # seconds by which clocks may differ
# Signed by a private key. Not HS*: then anybody who knows the client's secret could make a token; never `none`.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
SUBJECT_LENGTH = 300  # characters of identity.subject


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that has begun: where the browser goes, and what must come back or be proved."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider has told about who signed in."""

    issuer: str
    subject: str
    name: str
    schools: tuple[str, ...]
    roles: tuple[str, ...]


class Client:
    """One provider and what is remembered of it. Safe to share between threads."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._lock = threading.Lock()
        self._document: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def begin(self, redirect_uri: str) -> Begun:
        """Make the secrets of a sign-in. Refuses with ProviderAway."""
        document = self._discovered()
        state, nonce, verifier = (generate_token(48) for _ in range(3))
        with self._session(redirect_uri) as session:
            address, _ = session.create_authorization_url(
                document["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return Begun(address, state, nonce, verifier)

    def finish(self, code: str, nonce: str, verifier: str, redirect_uri: str, now: datetime) -> Told:
        """Exchange the code and judge what comes. Refuses with ProviderAway, SignInStale, TokenUntrusted, ClaimNotMet."""
        claims = self._judged(self._id_token(code, verifier, redirect_uri), nonce, now)
        self._require(claims)
        names = self.provider.claims
        subject = claims.get(names.subject)
        if not isinstance(subject, str) or not subject or len(subject) > SUBJECT_LENGTH:
            raise TokenUntrusted
        name = claims.get(names.name) or f"{claims.get(names.given_name, '')} {claims.get(names.family_name, '')}"
        return Told(
            issuer=str(claims["iss"]),
            subject=subject,
            name=str(name).strip()[:100],
            schools=values_of(claims.get(names.schools))[:10],
            roles=values_of(claims.get(names.roles))[:10],
        )

    def may_answer_as(self, issuer: str) -> bool:
        """Whether an answer that names this issuer can be the provider's; the token itself is judged later."""
        if TENANT in self.provider.tokens_from:
            before, _, after = self.provider.tokens_from.partition(TENANT)
            return issuer.startswith(before) and issuer.endswith(after)
        return issuer.rstrip("/") == (self.provider.tokens_from or self.provider.issuer)

    def _session(self, redirect_uri: str) -> Any:  # Authlib has no types
        return OAuth2Session(
            self.provider.client_id,
            self.provider.client_secret or None,
            token_endpoint_auth_method=self._authentication(),
            scope=self.provider.scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            default_timeout=PATIENCE,
        )

    def _authentication(self) -> str:
        if not self.provider.client_secret:
            return "none"
        offered = self._discovered().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"

    def _id_token(self, code: str, verifier: str, redirect_uri: str) -> str:
        try:
            with self._session(redirect_uri) as session:
                answer = session.fetch_token(self._discovered()["token_endpoint"], code=code, code_verifier=verifier)
        except OAuthError as error:  # the code is foreign, too old or used up
            log.info("the OpenID provider %s refused a code: %s", self.provider.id, str(error.error)[:60])
            raise SignInStale from None
        except (requests.RequestException, ValueError):
            raise self._away() from None
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise TokenUntrusted
        return token

    def _judged(self, token: str, nonce: str, now: datetime) -> Mapping[str, Any]:
        """The claims of a token, once its signature, issuer, audience, days and nonce are right."""
        try:
            claims: Mapping[str, Any] = self._decoded(token).claims
            rules = JWTClaimsRegistry(
                now=int(now.timestamp()),
                leeway=LEEWAY,
                iss={"essential": True, "value": self.provider.issuer_of(claims)},
                aud={"essential": True, "value": self.provider.client_id},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            )
            rules.validate(dict(claims))
        except (JoseError, ValueError, TypeError) as error:
            log.warning("a token of the OpenID provider %s was not trusted: %s", self.provider.id, type(error).__name__)
            raise TokenUntrusted from None
        # OpenID Connect Core 3.1.3.7: a token for several readers says to whom it was given.
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != self.provider.client_id:
            raise TokenUntrusted
        return claims

    def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except (InvalidKeyIdError, ValueError):
            return jwt.decode(token, self._key_set(newer=True), algorithms=ALGORITHMS)  # the provider has a new key

    def _require(self, claims: Mapping[str, Any]) -> None:
        for claim, allowed in self.provider.require.items():
            if not allowed & set(values_of(claims.get(claim))):
                raise ClaimNotMet

    def _discovered(self) -> Mapping[str, Any]:
        with self._lock:
            known = self._document
        if known is not None and time.monotonic() - known[0] < KEPT:
            return known[1]
        document = self._got(f"{self.provider.issuer}/.well-known/openid-configuration")
        # OpenID Connect Discovery 4.3; Entra's document for all organisations names a template.
        named = str(document.get("issuer", "")).replace("{tenantid}", "{tid}").rstrip("/")
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if named not in (self.provider.issuer, self.provider.tokens_from) or not all(isinstance(document.get(one), str) for one in needed):
            log.error("the OpenID provider %s tells of another issuer, or not of its addresses", self.provider.id)
            raise ProviderAway
        with self._lock:
            self._document = (time.monotonic(), document)
        return document

    def _key_set(self, *, newer: bool = False) -> KeySet:
        with self._lock:
            known = self._keys
        if known is not None and time.monotonic() - known[0] < (KEYS_AGAIN_AFTER if newer else KEPT):
            return known[1]
        try:
            found = KeySet.import_key_set(self._got(self._discovered()["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError):
            raise self._away() from None
        with self._lock:
            self._keys = (time.monotonic(), found)
        return found

    def _got(self, address: str) -> Mapping[str, Any]:
        try:
            answer = requests.get(address, timeout=PATIENCE, allow_redirects=False)
            answer.raise_for_status()
            told = answer.json()
        except (requests.RequestException, ValueError):
            raise self._away() from None
        if not isinstance(told, dict):
            raise self._away()
        return told

    def _away(self) -> ProviderAway:
        log.warning("the OpenID provider %s does not answer as it should", self.provider.id)
        return ProviderAway()


def values_of(told: object) -> tuple[str, ...]:
    """The values of a claim: one text, several with ; between, or a list of such."""
    if isinstance(told, list):
        return tuple(value for one in told for value in values_of(one))
    return tuple(part for one in str(told).split(";") if (part := one.strip())) if isinstance(told, str | int) else ()
