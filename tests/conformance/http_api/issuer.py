"""A token issuer over HTTP that can rotate its keys, fail and go away."""

import json
import threading
import time
from collections.abc import Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

CONFIGURATION, KEYS = "/.well-known/openid-configuration", "/keys"


@cache
def rsa_key(kid: str) -> rsa.RSAPrivateKey:
    """The same for the same kid: making one takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(kid: str) -> dict[str, Any]:
    return jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key(kid).public_key(), as_dict=True) | {"kid": kid, "use": "sig"}


def ec_jwk(kid: str, key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    return jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig"}


class Issuer:
    """Serves on a port of its own from the start. `fetches` holds the paths that were asked for."""

    def __init__(self) -> None:
        self.keys: list[Mapping[str, Any]] = [jwk("one")]
        self.status = 200
        self.padding = 0
        self.fetches: list[str] = []
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.fetches.append(self.path)
                body = json.dumps(issuer.document(self.path)).encode() + b" " * issuer.padding
                self.send_response(issuer.status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Not on the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def document(self, path: str) -> dict[str, Any]:
        if path == CONFIGURATION:
            return {"issuer": self.url, "jwks_uri": self.url + KEYS}
        return {"keys": self.keys}

    def token(self, kid: str = "one", *, without: tuple[str, ...] = (), **claims: Any) -> str:
        """A good token but for what is given."""
        now = int(time.time())
        good = {"iss": self.url, "aud": "app", "sub": "u", "exp": now + 600, "iat": now - 10, **claims}
        kept = {name: value for name, value in good.items() if name not in without}
        return jwt.encode(kept, rsa_key(kid), "RS256", headers={"kid": kid})

    def bearer(self, **claims: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(**claims)}"}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
