import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from local.application import JwtAuthorizer
from local.http_api.issuer_keys import rsa_keys
from local.http_api.jwt_rules import (
    ScopeRefused,
    TokenRefused,
    check_identity_source,
    check_scopes,
    find_token,
    has_audience,
    key_id,
    token_scopes,
    verify,
)
from tests.unit.http_api.conftest import make_request

AUTHORIZER = JwtAuthorizer("Access", "https://issuer.example", ("app",))
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
JWK = jwt.algorithms.RSAAlgorithm.to_jwk(PRIVATE.public_key(), as_dict=True) | {"kid": "one", "use": "sig"}
KEY = jwt.PyJWK.from_dict(JWK)


def token(key: Any = PRIVATE, algorithm: str = "RS256", kid: str | None = "one", **changes: Any) -> str:
    now = int(time.time())
    claims = {"iss": AUTHORIZER.issuer, "aud": "app", "iat": now - 10, "exp": now + 60, "sub": "u"} | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key, algorithm, headers={"kid": kid} if kid else {})


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "PS256"])
def test_a_good_token_gives_its_claims(algorithm: str) -> None:
    good = token(algorithm=algorithm)
    assert key_id(good) == "one"
    assert verify(good, KEY, AUTHORIZER)["sub"] == "u"


@pytest.mark.parametrize(
    ("changes", "description"),
    [
        ({"exp": 1}, "the token has expired"),
        ({"exp": None}, "exp"),
        ({"nbf": time.time() + 86_400}, "not valid yet"),
        ({"iat": time.time() + 86_400}, "not valid yet"),
        ({"iss": "https://other.example"}, "issuer"),
        ({"iss": None}, "iss"),
        ({"aud": "other"}, "does not have a valid audience"),
        ({"aud": None}, "does not have a valid audience"),
        ({"aud": "other", "client_id": "app"}, "does not have a valid audience"),
        ({"key": rsa.generate_private_key(public_exponent=65537, key_size=2048)}, "signature verification failed"),
    ],
)
def test_a_bad_token_is_refused_with_its_cause(changes: dict[str, Any], description: str) -> None:
    with pytest.raises(TokenRefused, match=description):
        verify(token(**changes), KEY, AUTHORIZER)


@pytest.mark.parametrize(
    "bad",
    [
        "nonsense",
        "a.b.c",
        token(kid=None),
        token(key="0123456789abcdef0123456789abcdef", algorithm="HS256"),
        token(key=ec.generate_private_key(ec.SECP256R1()), algorithm="ES256"),
        jwt.encode({"sub": "u"}, "", "none", headers={"kid": "one"}),
    ],
)
def test_only_rsa_tokens_with_a_kid_are_looked_at(bad: str) -> None:
    with pytest.raises(TokenRefused):
        key_id(bad)


def test_client_id_counts_only_without_aud() -> None:
    assert has_audience({"client_id": "app"}, ("app",))
    assert has_audience({"aud": ["x", "app"]}, ("app",))
    assert not has_audience({"aud": ["x"], "client_id": "app"}, ("app",))
    assert not has_audience({}, ("app",))


def test_any_one_scope_is_enough() -> None:
    assert token_scopes({"scope": "a b"}) == ("a", "b")
    assert token_scopes({"scp": ["a", "b"]}) == ("a", "b")
    check_scopes(("a", "b"), ("b", "c"))
    check_scopes((), ())
    with pytest.raises(ScopeRefused):
        check_scopes(("a",), ("b", "c"))


@pytest.mark.parametrize(
    ("source", "query", "headers", "found"),
    [
        ("$request.header.Authorization", "", [("authorization", "Bearer abc")], "abc"),
        ("$request.header.Authorization", "", [("authorization", "bearer  abc")], "abc"),
        ("$request.header.Authorization", "", [("authorization", "abc")], "abc"),
        ("$request.header.Authorization", "", [("authorization", "")], None),
        ("$request.header.Authorization", "", [], None),
        ("$request.querystring.token", "token=abc", [], "abc"),
    ],
)
def test_the_token_is_where_the_identity_source_says(
    source: str, query: str, headers: list[tuple[str, str]], found: str | None
) -> None:
    assert find_token(make_request(query=query, headers=headers), source) == found


def test_another_identity_source_is_named() -> None:
    check_identity_source("$request.header.Authorization")
    for source in ("$request.body.token", "route.request.header.x", "$request.header."):
        with pytest.raises(ValueError, match="identity source"):
            check_identity_source(source)


def test_only_rsa_signing_keys_of_a_set_are_taken() -> None:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    curve = jwt.algorithms.ECAlgorithm.to_jwk(public, as_dict=True) | {"kid": "ec"}
    assert set(rsa_keys({"keys": [JWK, JWK | {"kid": "enc", "use": "enc"}, curve, "x"]})) == {"one"}
    with pytest.raises(ValueError, match="list of keys"):
        rsa_keys({})
