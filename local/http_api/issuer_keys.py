"""Public keys of token issuers, found by OpenID Connect discovery and cached."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    import jwt

KEY_LIFETIME_S = 2 * 3600.0
"""API Gateway caches an issuer's keys for up to two hours."""
REFETCH_INTERVAL_S = 5.0
"""An unknown kid asks the issuer again at most this often, so that forged tokens cannot flood it."""
RETRY_INTERVAL_S = 1.0
"""After a failed fetch."""
FETCH_TIMEOUT_S = 1.5
"""Of the OpenID Connect discovery endpoint and of the JSON Web Key Set endpoint (quotas of HTTP APIs)."""
DOCUMENT_BYTES = 150_000
"""Largest answer of the JSON Web Key Set endpoint (quotas of HTTP APIs); here of both."""

_LOG = logging.getLogger(__name__)


class KeyNotFound(Exception):
    """The issuer has no such key, or could not be asked. The text says which."""


@dataclass(slots=True)
class _Issuer:
    keys: Mapping[str, "jwt.PyJWK"] = field(default_factory=dict)
    fetched_at: float = float("-inf")
    tried_at: float = float("-inf")
    failure: str | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class IssuerKeys:
    """Keys by issuer and kid. Nothing is fetched before the first token asks; concurrent callers share one fetch."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, refetch_interval_s: float = REFETCH_INTERVAL_S
    ) -> None:
        self._clock = clock
        self._refetch_interval_s = refetch_interval_s
        self._issuers: dict[str, _Issuer] = {}
        self._session: aiohttp.ClientSession | None = None

    async def find(self, issuer: str, kid: str) -> "jwt.PyJWK":
        """Key of the issuer. Raises KeyNotFound."""
        entry = self._issuers.setdefault(issuer, _Issuer())
        key = self._known(entry, kid)
        if key is not None:
            return key
        async with entry.lock:
            if self._known(entry, kid) is None and self._may_fetch(entry):
                await self._refresh(issuer, entry)
            key = self._known(entry, kid)
        if key is not None:
            return key
        raise KeyNotFound(entry.failure or "the issuer has no key with the kid of the token")

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _known(self, entry: _Issuer, kid: str) -> "jwt.PyJWK | None":
        fresh = self._clock() - entry.fetched_at < KEY_LIFETIME_S
        return entry.keys.get(kid) if fresh else None

    def _may_fetch(self, entry: _Issuer) -> bool:
        interval = RETRY_INTERVAL_S if entry.failure else self._refetch_interval_s
        return self._clock() - entry.tried_at >= interval

    async def _refresh(self, issuer: str, entry: _Issuer) -> None:
        try:
            entry.keys = await self._fetch(issuer)
            entry.fetched_at = self._clock()
            entry.failure = None
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            _LOG.warning("keys of token issuer %s: %s: %s", issuer, type(error).__name__, error)
            entry.failure = "the keys of the issuer could not be fetched"
        entry.tried_at = self._clock()

    async def _fetch(self, issuer: str) -> Mapping[str, "jwt.PyJWK"]:
        configuration = await self._get_json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        jwks_uri = configuration.get("jwks_uri")
        if not isinstance(jwks_uri, str):
            raise ValueError("its openid-configuration has no jwks_uri")
        return rsa_keys(await self._get_json(jwks_uri))

    async def _get_json(self, url: str) -> dict[str, Any]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=FETCH_TIMEOUT_S))
        async with self._session.get(url) as response:
            response.raise_for_status()
            content = await response.content.read(DOCUMENT_BYTES + 1)
            while len(content) <= DOCUMENT_BYTES and (more := await response.content.readany()):
                content += more
        if len(content) > DOCUMENT_BYTES:
            raise ValueError(f"{url} has more than {DOCUMENT_BYTES} bytes")
        document = json.loads(content)
        if not isinstance(document, dict):
            raise ValueError(f"{url} is not a JSON object")
        return document


def rsa_keys(jwks: Mapping[str, Any]) -> Mapping[str, "jwt.PyJWK"]:
    """RSA signing keys of a JWK set by kid; other keys are left out. Raises ValueError."""
    import jwt

    listed = jwks.get("keys")
    if not isinstance(listed, list):
        raise ValueError("the JWK set has no list of keys")
    keys: dict[str, jwt.PyJWK] = {}
    for jwk in listed:
        if isinstance(jwk, dict) and jwk.get("kty") == "RSA" and jwk.get("kid") and jwk.get("use", "sig") == "sig":
            try:
                keys[str(jwk["kid"])] = jwt.PyJWK.from_dict(jwk)
            except jwt.PyJWTError as error:
                raise ValueError(f"key {jwk['kid']!r} of the JWK set: {error}") from error
    return keys
