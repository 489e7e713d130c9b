"""A provider that answers what its test wants: forged tokens, garbage, nothing."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT = "local.apps.googleusercontent.com"
Reply = tuple[int, Any] | tuple[int, Any, dict[str, str]]
"""Status, a document or bytes, and headers."""


def new_key() -> rsa.RSAPrivateKey:
    """One that nobody knows yet."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(key: rsa.RSAPrivateKey, kid: str) -> dict[str, Any]:
    """Its public part."""
    return {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", "alg": "RS256"}


@dataclass
class Forger:
    """Google below /google and GitHub below /github. `replies` are those of paths; a function gets the form that was sent."""

    url: str
    key: rsa.RSAPrivateKey
    replies: dict[str, Reply | Callable[[dict[str, str]], Reply]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        issuer = f"{self.url}/google"
        self.replies |= {
            "/google/.well-known/openid-configuration": (200, self.discovery()),
            "/google/keys": (200, {"keys": [jwk(self.key, "known")]}),
            "/github/login/oauth/access_token": (200, {"access_token": "gho_x", "token_type": "bearer", "scope": ""}),
            "/github/api/user": (200, {"id": 7, "login": "ana", "name": "Ana"}),
            "/github/api/user/emails": (200, []),
        }
        self.issuer = issuer

    def discovery(self, **change: Any) -> dict[str, Any]:
        """The document, with a change."""
        issuer = f"{self.url}/google"
        names = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": issuer, **{name: f"{issuer}/{path}" for name, path in names.items()}} | change

    def claims(self, nonce: str, /, **change: Any) -> dict[str, Any]:
        """Of a good ID token, with a change; None leaves a claim out."""
        now = int(time.time())
        good = {"iss": self.issuer, "aud": CLIENT, "azp": CLIENT, "sub": "1042", "iat": now, "exp": now + 600}
        good |= {"nonce": nonce, "email": "ana@example.com", "email_verified": True, "name": "Ana"}
        return {name: value for name, value in (good | change).items() if value is not None}

    def give(self, id_token: str) -> None:
        """The next sign-in brings this ID token."""
        answer = {"access_token": "ya29.x", "token_type": "Bearer", "expires_in": 3599, "id_token": id_token}
        self.replies["/google/token"] = (200, answer)

    def signed(self, claims: dict[str, Any], kid: str = "known", key: rsa.RSAPrivateKey | None = None) -> str:
        """A JWT."""
        return jwt.encode(claims, key or self.key, "RS256", {"kid": kid})


class _Handler(BaseHTTPRequestHandler):
    forger: Forger

    def _answer(self) -> None:
        path = self.path.partition("?")[0]
        form = dict(parse_qsl(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()))
        self.forger.asked.append(path)
        found = self.forger.replies.get(path, (404, {}))
        status, body, *headers = found(form) if callable(found) else found
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers[0] if headers else {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = _answer

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the terminal."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who has read enough leaves."""


@contextmanager
def forging(key: rsa.RSAPrivateKey) -> Iterator[Forger]:
    """One that serves."""
    handler = type("Handler", (_Handler,), {})
    with _Server(("127.0.0.1", 0), handler) as server:
        forger = Forger(f"http://127.0.0.1:{server.server_port}", key)
        handler.forger = forger  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield forger
        finally:
            server.shutdown()
            thread.join()
