"""Two OpenID providers for tests, each on a loopback port of its own: a real one in a process, and one that forges what it is told to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "tarjotin"
OWN, FOREIGN = (RSAKey.generate_key(2048, {"kid": "own"}) for _ in range(2))


def _base64(some: bytes) -> str:
    return base64.urlsafe_b64encode(some).rstrip(b"=").decode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def real_provider(*people: dict[str, object]) -> Iterator[str]:
    """A running oidc-provider-mock that knows these people by their claims; its issuer."""
    port = free_port()
    users = [part for one in people for part in ("--user-claims", json.dumps(one))]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true", *users],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    issuer = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                requests.get(f"{issuer}/.well-known/openid-configuration", timeout=1)
                break
            except requests.RequestException:
                assert process.poll() is None, "the provider has ended"
                time.sleep(0.05)
        yield issuer
    finally:
        process.terminate()
        process.wait(10)


def allow(address: str, subject: str, *, deny: bool = False) -> str:
    """What a person does at the real provider: choose who to be, or refuse. Where the browser is sent then."""
    data = {"action": "deny"} if deny else {"sub": subject}
    answer = requests.post(address, data=data, timeout=5, allow_redirects=False)
    assert answer.status_code in (302, 303), answer.text
    return answer.headers["Location"]


@dataclass
class Forger:
    """A provider that signs what it is told to. `change` overrides claims; None takes one away."""

    issuer: str
    own: RSAKey = field(default_factory=lambda: OWN)
    now: int = 0
    change: dict[str, object] = field(default_factory=dict)
    signed_by: str = "own"  # own, foreign, nobody, secret
    status: int = 200  # of every answer
    told_issuer: str = ""  # in the discovery document, when it is another than the true one
    answers: list[str] = field(default_factory=list)  # paths asked for
    nonces: dict[str, str] = field(default_factory=dict)  # code → nonce
    challenges: dict[str, str] = field(default_factory=dict)  # code → hash of the verifier that must come with it

    def code_for(self, address: str, code: str = "code") -> tuple[str, str]:
        """Begin as a browser would; the code and the state that come back."""
        assert address.startswith(f"{self.issuer}/authorize?")
        asked = parse_qs(urlsplit(address).query)
        assert asked["code_challenge_method"] == ["S256"]
        self.nonces[code], self.challenges[code] = asked["nonce"][0], asked["code_challenge"][0]
        return code, asked["state"][0]

    def token(self, code: str) -> str:
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "subject-1",
            "nonce": self.nonces.get(code, ""),
            "iat": self.now,
            "exp": self.now + 300,
        }
        claims = {name: value for name, value in {**claims, **self.change}.items() if value is not None}
        if self.signed_by == "nobody":
            return ".".join(_base64(json.dumps(one).encode()) for one in ({"alg": "none", "kid": "own"}, claims)) + "."
        if self.signed_by == "secret":  # HS256 with the public key as the secret, which is no secret
            parts = [_base64(json.dumps(one).encode()) for one in ({"alg": "HS256", "kid": "own"}, claims)]
            digest = hmac.digest(self.own.as_pem(private=False), ".".join(parts).encode(), "sha256")
            return ".".join((*parts, _base64(digest)))
        return jwt.encode({"alg": "RS256", "kid": "own"}, claims, self.own if self.signed_by == "own" else FOREIGN)

    def answer(self, path: str, sent: dict[str, list[str]]) -> object:
        self.answers.append(path)
        code = sent.get("code", [""])[0]
        if path.endswith("openid-configuration"):
            return {
                "issuer": self.told_issuer or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        if path == "/keys":
            return {"keys": [self.own.as_dict(private=False)]}
        digest = hashlib.sha256(sent["code_verifier"][0].encode()).digest()
        if _base64(digest) != self.challenges.get(code):
            return {"error": "invalid_grant"}
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": self.token(code)}


@contextmanager
def forging_provider(now: int) -> Iterator[Forger]:
    """A running Forger whose tokens are of this moment, in seconds since 1970."""
    forger = Forger("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(parse_qs(body))

        def _send(self, sent: dict[str, list[str]]) -> None:
            body = json.dumps(forger.answer(self.path, sent)).encode()
            self.send_response(forger.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forger.issuer, forger.now = f"http://127.0.0.1:{server.server_port}", now
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)  # seconds between looks for its end
    thread.start()
    try:
        yield forger
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
