"""JWT authorizers, with tokens of an issuer that the tests run."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.conformance.http_api.client import Answer, Api
from tests.conformance.http_api.conftest import started
from tests.conformance.http_api.issuer import CONFIGURATION, KEYS, Issuer, ec_jwk, jwk, rsa_key

WITHIN_S = 20


@pytest.fixture(autouse=True)
def healthy(issuer: Issuer) -> Iterator[None]:
    yield
    issuer.keys, issuer.status, issuer.padding = [jwk("one")], 200, 0


def error_description(answer: Answer) -> str:
    """Of a refused token."""
    assert answer.shape == (401, '{"message":"Unauthorized"}')
    challenge = answer.header("www-authenticate") or ""
    assert challenge.startswith('Bearer scope="" error="invalid_token" error_description="'), challenge
    assert challenge.endswith('"')
    return challenge.split('"')[-2]


def refused(api: Api, token: str) -> str:
    return error_description(api.get("/mine", {"Authorization": f"Bearer {token}"}))


@pytest.mark.statement("http.jwt-claims")
def test_claims_arrive_as_strings(plain: Api, issuer: Issuer) -> None:
    claims = {
        "exp": 4102444800, "roles": ["a", "b"], "n": 7, "f": 1.5, "yes": True, "no": False, "none": None,
        "nested": {"k": "v", "l": [1, 2]}, "empty": [], "text": "é \"q\"",
    }  # fmt: skip
    event = plain.get("/mine", issuer.bearer(without=("iat",), **claims)).json
    assert event["requestContext"]["authorizer"] == {
        "jwt": {
            "claims": {
                "iss": issuer.url, "aud": "app", "sub": "u", "exp": "4102444800", "roles": "[a b]", "n": "7", "f": "1.5",
                "yes": "true", "no": "false", "none": "null", "nested": "map[k:v l:[1 2]]", "empty": "[]",
                "text": "é \"q\"",
            },
            "scopes": None,
        }
    }  # fmt: skip


@pytest.mark.statement("http.jwt-claims", "http.payload-1")
def test_payload_1_has_the_claims_too(plain: Api, issuer: Issuer) -> None:
    authorizer = plain.get("/old-mine", issuer.bearer(roles=["a", "b"])).json["requestContext"]["authorizer"]
    assert authorizer["claims"]["roles"] == "[a b]"
    assert authorizer["scopes"] is None


@pytest.mark.statement("http.jwt-identity-source")
def test_the_token_comes_with_or_without_bearer_or_in_the_query(plain: Api, issuer: Issuer) -> None:
    token = issuer.token()
    for value in (token, f"Bearer {token}", f"bearer {token}"):
        assert plain.get("/mine", {"Authorization": value}).status == 200
    assert plain.get(f"/in-query?token={token}").status == 200
    assert plain.get("/in-query", {"Authorization": token}).status == 401


@pytest.mark.statement("http.jwt-401")
@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}, {"Authorization": "Bearer "}])
def test_without_a_token_it_is_401(plain: Api, headers: dict[str, str]) -> None:
    answer = plain.get("/mine", headers)
    assert answer.shape == (401, '{"message":"Unauthorized"}')
    assert answer.header("www-authenticate") == "Bearer"
    assert answer.header("apigw-requestid")


@pytest.mark.statement("http.jwt-401", "http.jwt-checks")
def test_each_claim_is_checked(plain: Api, issuer: Issuer) -> None:
    now = int(time.time())
    assert "expired" in refused(plain, issuer.token(exp=now - 5))
    assert refused(plain, issuer.token(nbf=now + 600))
    assert refused(plain, issuer.token(iat=now + 600))
    assert "issuer" in refused(plain, issuer.token(iss="https://other.example"))
    assert refused(plain, issuer.token(aud="other")) == "the token does not have a valid audience"
    assert refused(plain, issuer.token(without=("exp",)))
    assert refused(plain, issuer.token(without=("iss",)))
    assert refused(plain, "not.a.token")
    assert refused(plain, "nonsense")
    assert plain.get("/mine", issuer.bearer(nbf=now - 1, iat=now - 1)).status == 200
    assert plain.get("/mine", issuer.bearer(without=("iat",))).status == 200


@pytest.mark.statement("http.jwt-audience")
def test_client_id_counts_only_where_there_is_no_aud(plain: Api, issuer: Issuer) -> None:
    assert plain.get("/mine", issuer.bearer(aud=["x", "other-app"])).status == 200
    assert plain.get("/mine", issuer.bearer(without=("aud",), client_id="app")).status == 200
    for claims in ({"aud": "other", "client_id": "app"}, {"aud": [], "client_id": "app"}):
        refused(plain, issuer.token(**claims))
    refused(plain, issuer.token(without=("aud",)))
    refused(plain, issuer.token(without=("aud",), client_id="other"))


@pytest.mark.statement("http.jwt-rsa-only")
def test_only_rsa_signatures_count(plain: Api, issuer: Issuer) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    issuer.keys = [jwk("one"), ec_jwk("curve", curve)]
    good = {"iss": issuer.url, "aud": "app", "exp": int(time.time()) + 600}
    for token in (
        jwt.encode(good, curve, "ES256", headers={"kid": "curve"}),
        jwt.encode(good, "s" * 64, "HS256", headers={"kid": "one"}),
        jwt.encode(good, None, "none", headers={"kid": "one"}),
        jwt.encode(good, rsa_key("one"), "RS256"),
        jwt.encode(good, rsa_key("forged"), "RS256", headers={"kid": "one"}),
        issuer.token()[:-4] + "AAAA",
    ):
        refused(plain, token)
    for algorithm in ("RS256", "RS384", "RS512"):
        token = jwt.encode(good, rsa_key("one"), algorithm, headers={"kid": "one"})
        assert plain.get("/mine", {"Authorization": token}).status == 200


@pytest.mark.statement("http.jwt-scopes")
@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({"scope": "pets.read"}, ["pets.read"]),
        ({"scope": "x pets.write"}, ["x", "pets.write"]),
        ({"scp": ["pets.read"]}, ["pets.read"]),
    ],
)
def test_any_one_scope_of_the_route_is_enough(
    plain: Api, issuer: Issuer, claims: dict[str, Any], scopes: list[str]
) -> None:
    event = plain.get("/scoped", issuer.bearer(**claims)).json
    assert event["requestContext"]["authorizer"]["jwt"]["scopes"] == scopes


@pytest.mark.statement("http.jwt-scopes")
@pytest.mark.parametrize("claims", [{}, {"scope": "pets"}, {"scope": "pets.readx"}, {"scp": []}])
def test_without_a_scope_of_the_route_it_is_403(plain: Api, issuer: Issuer, claims: dict[str, Any]) -> None:
    answer = plain.get("/scoped", issuer.bearer(**claims))
    assert answer.shape == (403, '{"message":"Forbidden"}')
    assert 'error="insufficient_scope"' in (answer.header("www-authenticate") or "")


@pytest.mark.statement("http.jwt-keys-cached")
def test_keys_are_fetched_once_and_again_for_a_new_kid(plain: Api, issuer: Issuer) -> None:
    assert plain.get("/mine", issuer.bearer()).status == 200
    issuer.fetches.clear()
    for _ in range(5):
        assert plain.get("/mine", issuer.bearer()).status == 200
    assert issuer.fetches == []
    issuer.keys = [jwk("two")]
    deadline = time.monotonic() + WITHIN_S
    while plain.get("/mine", issuer.bearer(kid="two")).status != 200:
        assert time.monotonic() < deadline
    assert set(issuer.fetches) == {CONFIGURATION, KEYS}


@pytest.mark.statement("http.jwt-issuer-down")
def test_an_issuer_that_fails_refuses_and_is_asked_again(tmp_path: Path) -> None:
    with closing(Issuer()) as own, started(tmp_path, f"--parameter=Issuer={own.url}") as served:
        own.status = 500
        assert "could not be fetched" in refused(served.plain, own.token())
        own.status, own.padding = 200, 150_001
        refused(served.plain, own.token())
        own.padding = 0
        deadline = time.monotonic() + WITHIN_S
        while served.plain.get("/mine", own.bearer()).status != 200:
            assert time.monotonic() < deadline
        assert served.plain.get("/echo").status == 200
        assert f"keys of token issuer {own.url}" in served.process.said()


@pytest.mark.statement("http.jwt-issuer-down")
def test_nobody_listens_at_the_issuer(hasty: Any) -> None:
    token = jwt.encode({"iss": "http://127.0.0.1:9"}, rsa_key("one"), "RS256", headers={"kid": "one"})
    assert "could not be fetched" in refused(hasty.plain, token)
    assert json.loads(hasty.plain.get("/echo").body)["routeKey"] == "ANY /echo"
