"""Sign-in and sessions on a real engine."""

import uuid
from dataclasses import dataclass

import bcrypt
import jwt
import pytest
from argon2 import PasswordHasher

from chat4all.bootstrap import App
from chat4all.domain.user import Registration
from chat4all.errors import Unauthenticated
from chat4all.stores.sessions import Session
from chat4all.stores.users import User
from tests.contract.handlers import Answer, invoke, request

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Ana:
    """Somebody who is registered."""

    id: str
    username: str
    email: str

    def form(self, **change: str) -> Answer:
        """POST /token."""
        return request("tokens", "POST", "/token", form={"username": self.username, "password": PASSWORD} | change)


@pytest.fixture
def ana(deployed: App) -> Ana:
    name = f"ana-{uuid.uuid4().hex[:12]}"
    made = deployed.users.register(Registration(username=name, email=f"{name}@example.com", password=PASSWORD))
    return Ana(made["id"], name, made["email"])


def test_a_sign_in_gives_a_token_that_the_published_keys_verify(ana: Ana, deployed: App) -> None:
    given = ana.form(grant_type="password", client_id="ignored", scope="")
    assert (given.status, given.headers["Cache-Control"]) == (200, "no-store")
    assert given.body.keys() == {"access_token", "refresh_token", "token_type", "expires_in", "scope"}
    assert (given.body["token_type"], given.body["expires_in"]) == ("bearer", 1800)
    token = given.body["access_token"]
    jwks = request("discovery", "GET", "/.well-known/jwks.json")
    assert "max-age" in jwks.headers["Cache-Control"]
    keys = {key["kid"]: key for key in jwks.body["keys"]}
    key = jwt.PyJWK(keys[jwt.get_unverified_header(token)["kid"]])
    configuration = request("discovery", "GET", "/.well-known/openid-configuration").body
    claims = jwt.decode(token, key, algorithms=["RS256"], issuer=configuration["issuer"], audience="chat4all")
    assert (claims["sub"], claims["scope"], claims["exp"] - claims["iat"]) == (ana.id, "chat", 1800)
    assert claims.keys() == {"iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti", "scope"}
    assert deployed.access_tokens.verify(token).user_id == ana.id


def test_the_json_form_says_more_and_takes_the_email_too(ana: Ana) -> None:
    body = {"username": ana.email.upper(), "password": PASSWORD}
    given = request("tokens", "POST", "/auth/token", json_body=body).body
    assert given["token"] == given["access_token"]
    assert given["expires_at"].endswith("Z")


def test_wrong_credentials_do_not_say_what_is_wrong(ana: Ana) -> None:
    body = {"username": ana.username, "password": "not the password"}
    wrong = request("tokens", "POST", "/auth/token", json_body=body)
    unknown = request("tokens", "POST", "/auth/token", json_body=body | {"username": f"no-{uuid.uuid4().hex[:9]}"})
    assert (wrong.status, unknown.status) == (401, 401)
    assert wrong.body == unknown.body
    assert wrong.body["code"] == "invalid_credentials"
    form = ana.form(password="not the password")
    assert (form.status, form.body["error"], form.body["code"]) == (400, "invalid_grant", "invalid_credentials")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
        ({"password": ""}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": f"{uuid.uuid4()}.x"}, "invalid_grant"),
    ],
)
def test_bad_token_requests(ana: Ana, change: dict[str, str], word: str) -> None:
    answer = ana.form(**change)
    assert (answer.status, answer.body["error"]) == (400, word)
    assert answer.body["error_description"]


def test_a_form_with_a_field_twice_or_no_utf_8_is_refused(ana: Ana) -> None:
    for raw in ("username=a&username=b&password=x", "&".join(f"f{n}=1" for n in range(60)), "\udcff"):
        answer = request("tokens", "POST", "/token", raw=raw)
        assert (answer.status, answer.body["error"]) == (400, "invalid_request")


def test_an_expired_session_is_refused_though_it_is_still_stored(ana: Ana, deployed: App) -> None:
    token = deployed.tokens.sign_in(ana.username, PASSWORD, "192.0.2.1").refresh_token
    session = Session.get(token.partition(".")[0])
    session.update([Session.expires_at.set(1)])
    with pytest.raises(Unauthenticated) as caught:
        deployed.tokens.refresh(token)
    assert caught.value.code == "refresh_token_expired"


def test_revoking_succeeds_for_any_token_and_ends_the_session(ana: Ana, deployed: App) -> None:
    token = deployed.tokens.sign_in(ana.username, PASSWORD, "192.0.2.1").refresh_token
    for given in (token, token, "x", f"{uuid.uuid4()}.y"):
        assert request("tokens", "POST", "/auth/revoke", json_body={"refresh_token": given}).status == 204
    with pytest.raises(Unauthenticated):
        deployed.tokens.refresh(token)
    assert request("tokens", "POST", "/auth/revoke", json_body={}).status == 400


def test_a_hash_with_old_parameters_is_renewed_at_sign_in(ana: Ana, deployed: App) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    User(ana.id).update([User.password_hash.set(old)])
    deployed.tokens.sign_in(ana.username, PASSWORD, "192.0.2.1")
    assert "m=19456,t=2,p=1" in User.get(ana.id, consistent_read=True).password_hash
    deployed.tokens.sign_in(ana.username, PASSWORD, "192.0.2.1")


def test_a_bcrypt_hash_of_another_system_is_accepted_once_and_is_argon2id_then(ana: Ana, deployed: App) -> None:
    User(ana.id).update([User.password_hash.set(bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(5)).decode())])
    assert ana.form(password="not the password").status == 400
    assert User.get(ana.id, consistent_read=True).password_hash.startswith("$2b$05$")
    assert ana.form().status == 200
    assert User.get(ana.id, consistent_read=True).password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert ana.form().status == 200


def test_the_authorizer_lets_in_only_good_tokens(ana: Ana, deployed: App) -> None:
    token = deployed.tokens.sign_in(ana.username, PASSWORD, "192.0.2.1").access_token
    arn = "arn:aws:execute-api:us-east-1:000000000000:api/live/$connect"
    policy = invoke("websocket_authorizer", {"methodArn": arn, "queryStringParameters": {"token": token}})
    assert policy["context"]["user_id"] == policy["principalId"] == ana.id
    assert policy["policyDocument"]["Statement"][0]["Resource"] == arn
    head, body, signature = token.split(".")
    key = deployed.signing_keys.current()
    claims = jwt.decode(token, options={"verify_signature": False})

    def signed(**change: object) -> str:
        return jwt.encode(claims | change, key.private_pem, "RS256", {"kid": key.kid})

    assert invoke("websocket_authorizer", {"methodArn": arn, "queryStringParameters": {"token": signed()}})
    for bad in (
        "x",
        f"{head}.{body}.{signature[:-8]}AAAAAAAA",
        jwt.encode(claims, "", "none"),
        jwt.encode(claims, "secret" * 8, "HS256", {"kid": key.kid}),
        signed(exp=claims["iat"] - 1),
        signed(iss="http://other"),
        signed(aud="other"),
        signed(sub=None),
        "",
    ):
        with pytest.raises(Exception, match=r"^Unauthorized$"):
            invoke("websocket_authorizer", {"methodArn": arn, "queryStringParameters": {"token": bad}})
