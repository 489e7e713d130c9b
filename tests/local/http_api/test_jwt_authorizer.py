"""A route with a JWT authorizer, against an issuer that serves its keys over HTTP."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from local.application import HttpApi, HttpRoute, JwtAuthorizer
from local.endpoints import Endpoints
from local.http_api.issuer_keys import KEY_LIFETIME_S, REFETCH_INTERVAL_S, IssuerKeys, KeyNotFound
from local.http_api.server import HttpApiServer
from tests.local.fake_functions import FakeFunctions

CONFIGURATION, KEYS = "/.well-known/openid-configuration", "/keys"


@dataclass
class Issuer:
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict)
    url: str = ""
    broken: bool = False
    fetches: list[str] = field(default_factory=list)

    def add_key(self, kid: str) -> None:
        self.keys[kid] = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def token(self, kid: str = "one", **claims: Any) -> str:
        key = self.keys.get(kid) or rsa.generate_private_key(public_exponent=65537, key_size=2048)
        good = {"iss": self.url, "aud": "app", "exp": int(time.time()) + 60, "sub": "u", "roles": ["a", "b"]}
        return jwt.encode(good | claims, key, "RS256", headers={"kid": kid})

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.fetches.append(request.path)
        if self.broken:
            return web.Response(status=500)
        if request.path == CONFIGURATION:
            return web.json_response({"issuer": self.url, "jwks_uri": self.url + KEYS})
        to_jwk = jwt.algorithms.RSAAlgorithm.to_jwk
        keys = [to_jwk(key.public_key(), as_dict=True) | {"kid": kid} for kid, key in self.keys.items()]
        return web.json_response({"keys": keys})


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    served = Issuer()
    served.add_key("one")
    runner = web.ServerRunner(web.Server(served.answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield served
    await runner.cleanup()


@pytest.fixture
async def url(issuer: Issuer) -> AsyncIterator[str]:
    authorizer = JwtAuthorizer("Access", issuer.url, ("app",))
    routes = (
        HttpRoute("GET /me", "echo", authorizer=authorizer),
        HttpRoute("GET /scoped", "echo", authorizer=authorizer, scopes=("read", "admin")),
    )
    echo = FakeFunctions({"echo": lambda event: event["requestContext"]["authorizer"]["jwt"]})
    server = HttpApiServer(HttpApi("Api", "abc", "$default", routes), echo, Endpoints(), "127.0.0.1", 0)
    await server.start()
    yield f"http://127.0.0.1:{server.port}"
    await server.stop()


async def get(url: str, token: str | None) -> tuple[int, Any, str | None]:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, await response.json(), response.headers.get("www-authenticate")


async def test_claims_reach_the_function_as_texts_and_keys_are_fetched_once(issuer: Issuer, url: str) -> None:
    assert issuer.fetches == []
    for _ in range(3):
        status, answer, _ = await get(f"{url}/me", issuer.token(exp=4102444800))
        assert status == 200
        assert answer == {
            "claims": {"iss": issuer.url, "aud": "app", "exp": "4102444800", "sub": "u", "roles": "[a b]"},
            "scopes": None,
        }
    assert issuer.fetches == [CONFIGURATION, KEYS]


async def test_without_a_good_token_401_says_why(issuer: Issuer, url: str) -> None:
    assert await get(f"{url}/me", None) == (401, {"message": "Unauthorized"}, "Bearer")
    assert issuer.fetches == []
    expired = await get(f"{url}/me", issuer.token(exp=1))
    assert expired == (
        401,
        {"message": "Unauthorized"},
        'Bearer scope="" error="invalid_token" error_description="the token has expired"',
    )
    for token in ("x.y.z", issuer.token(aud="other"), issuer.token(kid="forged"), issuer.token() + "A"):
        status, answer, challenge = await get(f"{url}/me", token)
        assert (status, answer) == (401, {"message": "Unauthorized"})
        assert challenge is not None
        assert 'error="invalid_token"' in challenge


async def test_one_of_the_scopes_is_needed(issuer: Issuer, url: str) -> None:
    status, answer, _ = await get(f"{url}/scoped", issuer.token(scope="read write"))
    assert (status, answer["scopes"]) == (200, ["read", "write"])
    status, answer, challenge = await get(f"{url}/scoped", issuer.token(scope="write"))
    assert (status, answer) == (403, {"message": "Forbidden"})
    assert challenge is not None
    assert challenge.startswith('Bearer scope="read admin" error="insufficient_scope"')


async def test_an_unknown_kid_asks_again_but_seldom(issuer: Issuer) -> None:
    now = [1000.0]
    keys = IssuerKeys(clock=lambda: now[0])
    await keys.find(issuer.url, "one")
    issuer.add_key("two")
    for _ in range(5):
        with pytest.raises(KeyNotFound):
            await keys.find(issuer.url, "two")
    assert issuer.fetches.count(KEYS) == 1
    now[0] += REFETCH_INTERVAL_S
    await keys.find(issuer.url, "two")
    assert issuer.fetches.count(KEYS) == 2
    now[0] += KEY_LIFETIME_S
    await keys.find(issuer.url, "one")
    assert issuer.fetches.count(KEYS) == 3
    await keys.close()


async def test_an_issuer_that_fails_is_asked_again_later(issuer: Issuer) -> None:
    now = [1000.0]
    keys = IssuerKeys(clock=lambda: now[0])
    issuer.broken = True
    with pytest.raises(KeyNotFound, match="could not be fetched"):
        await keys.find(issuer.url, "one")
    issuer.broken = False
    with pytest.raises(KeyNotFound, match="could not be fetched"):
        await keys.find(issuer.url, "one")
    now[0] += 2
    await keys.find(issuer.url, "one")
    await keys.close()
