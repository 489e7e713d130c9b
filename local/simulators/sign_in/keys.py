"""The keys of Google's ID tokens: one signs, and the one before it is published still."""

import secrets
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from jwt.algorithms import RSAAlgorithm

from local.simulators.sign_in.storage import Storage


class Keys:
    """Made when the first is needed."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def rotate(self) -> str:
        """Another key signs from now on; its kid."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        kid = secrets.token_hex(20)
        self._storage.add_key(kid, pem, keep=1)
        return kid

    def sign(self, claims: dict[str, Any]) -> str:
        """A JWT, with RS256."""
        newest = self._all()[0]
        return jwt.encode(claims, newest["pem"], algorithm="RS256", headers={"kid": newest["kid"]})

    def jwks(self) -> dict[str, Any]:
        """RFC 7517."""
        return {"keys": [_jwk(row["kid"], row["pem"]) for row in self._all()]}

    def _all(self) -> list[dict[str, Any]]:
        if not self._storage.keys():
            self.rotate()
        return self._storage.keys()


def _jwk(kid: str, pem: str) -> dict[str, Any]:
    private = load_pem_private_key(pem.encode(), None)
    assert isinstance(private, rsa.RSAPrivateKey)
    public: dict[str, Any] = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    return {name: public[name] for name in ("kty", "n", "e")} | {"kid": kid, "use": "sig", "alg": "RS256"}
