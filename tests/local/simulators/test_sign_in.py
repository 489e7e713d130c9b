"""The simulated Google and GitHub, asked as their documentation says, and as it says one must not."""

import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from local.simulators import start_simulators

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
CALLBACK = "https://app.example.com/callback"
JSON = {"Accept": "application/json"}


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the simulators, in which an app is registered with both and Ana has an account."""
    simulators = await start_simulators("127.0.0.1", 0, tmp_path)
    async with httpx.AsyncClient(base_url=simulators.url) as http:
        for provider in ("google", "github"):
            client = {"provider": provider, "client_id": "app", "client_secret": "s3", "redirect_uris": [CALLBACK]}
            assert (await http.post("/sign-in/api/clients", json=client)).status_code == 201
        await http.post("/sign-in/api/people", json={"name": "Ana Lima", "email": "ana@example.com"})
        yield http
    await simulators.stop()


def google(**change: str) -> tuple[str, dict[str, str]]:
    asked = {"response_type": "code", "client_id": "app", "redirect_uri": CALLBACK, "scope": "openid email profile"}
    asked |= {"state": "st", "nonce": "no", "code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    return "/google/o/oauth2/v2/auth", asked | change


def github(**change: str) -> tuple[str, dict[str, str]]:
    asked = {"client_id": "app", "redirect_uri": CALLBACK, "scope": "read:user user:email", "state": "st"}
    asked |= {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    return "/github/login/oauth/authorize", asked | change


async def chosen(http: httpx.AsyncClient, asked: tuple[str, dict[str, str]], **form: str) -> dict[str, str]:
    """What the client is told when Ana was chosen."""
    answer = await http.post(asked[0], params=asked[1], data=form or {"person": "1"})
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(CALLBACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


async def token(http: httpx.AsyncClient, path: str, code: str, /, **change: str) -> httpx.Response:
    form = {"grant_type": "authorization_code", "code": code, "client_id": "app", "client_secret": "s3"}
    form |= {"redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    return await http.post(path, data=form | change, headers=JSON)


async def test_google_says_who_has_signed_in(http: httpx.AsyncClient) -> None:
    document = (await http.get("/google/.well-known/openid-configuration")).json()
    told = await chosen(http, google())
    assert (told["state"], told["iss"]) == ("st", document["issuer"])
    answer = await token(http, "/google/token", told["code"])
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    (key,) = (await http.get(document["jwks_uri"])).json()["keys"]
    claims = jwt.decode(answer.json()["id_token"], jwt.PyJWK(key), ["RS256"], audience="app", issuer=document["issuer"])
    assert (claims["nonce"], claims["email"], claims["email_verified"]) == ("no", "ana@example.com", True)
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert (await http.get(document["userinfo_endpoint"], headers=bearer)).json()["sub"] == claims["sub"]
    await http.post("/sign-in/api/keys", json={})
    kids = [one["kid"] for one in (await http.get(document["jwks_uri"])).json()["keys"]]
    assert (len(kids), kids[1]) == (2, key["kid"])


async def test_github_says_who_has_signed_in(http: httpx.AsyncClient) -> None:
    told = await chosen(http, github())
    answer = await token(http, "/github/login/oauth/access_token", told["code"])
    assert answer.json().keys() == {"access_token", "scope", "token_type"}
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    user = await http.get("/github/api/user", headers=bearer)
    assert (user.json()["login"], user.json()["email"]) == ("ana", None)
    assert user.headers["X-OAuth-Scopes"] == "read:user, user:email"
    emails = (await http.get("/github/api/user/emails", headers=bearer)).json()
    assert [(one["email"], one["verified"]) for one in emails if one["primary"]] == [("ana@example.com", True)]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"client_secret": "other"}, "invalid_client"),
        ({"client_id": "other"}, "invalid_client"),
        ({"redirect_uri": "https://app.example.com/"}, "redirect_uri_mismatch"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"code": "4/0x"}, "invalid_grant"),
    ],
)
async def test_google_refuses(http: httpx.AsyncClient, change: dict[str, str], error: str) -> None:
    code = (await chosen(http, google()))["code"]
    answer = await token(http, "/google/token", code, **change)
    assert (answer.status_code in (400, 401), answer.json()["error"]) == (True, error)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code_verifier": "w" * 43}, "bad_verification_code"),
        ({"client_secret": "other"}, "incorrect_client_credentials"),
        ({"redirect_uri": "https://app.example.com/"}, "redirect_uri_mismatch"),
        ({"code": "x"}, "bad_verification_code"),
    ],
)
async def test_github_refuses_with_status_200(http: httpx.AsyncClient, change: dict[str, str], error: str) -> None:
    code = (await chosen(http, github()))["code"]
    answer = await token(http, "/github/login/oauth/access_token", code, **change)
    assert (answer.status_code, answer.json()["error"]) == (200, error)


async def test_a_code_used_twice_ends_the_token_it_gave(http: httpx.AsyncClient) -> None:
    code = (await chosen(http, github()))["code"]
    given = (await token(http, "/github/login/oauth/access_token", code)).json()["access_token"]
    bearer = {"Authorization": f"Bearer {given}"}
    assert (await http.get("/github/api/user", headers=bearer)).status_code == 200
    assert "error" in (await token(http, "/github/login/oauth/access_token", code)).json()
    refused = await http.get("/github/api/user", headers=bearer)
    assert (refused.status_code, refused.json()["message"]) == (401, "Bad credentials")


async def test_browsers_are_sent_to_registered_addresses_only(http: httpx.AsyncClient) -> None:
    for uri in ("https://evil.example/", f"{CALLBACK}/x", "javascript:alert(1)", ""):
        path, asked = google(redirect_uri=uri)
        assert (await http.get(path, params=asked)).status_code == 400, uri
    path, asked = github(redirect_uri="https://evil.example/")
    sent = await http.get(path, params=asked)
    assert (sent.status_code, sent.headers["Location"].startswith(f"{CALLBACK}?error=redirect_uri_mismatch")) == (
        302,
        True,
    )
    path, asked = github(redirect_uri=f"{CALLBACK}/below")
    assert (await http.get(path, params=asked)).status_code == 200
    for ask in (google, github):
        path, asked = ask(client_id="nobody")
        assert (await http.get(path, params=asked)).status_code in (401, 404)


async def test_the_client_is_told_of_what_the_person_or_it_did_wrong(http: httpx.AsyncClient) -> None:
    assert (await chosen(http, google(), cancel="1"))["error"] == "access_denied"
    assert (await chosen(http, github(), cancel="1"))["error"] == "access_denied"
    for path, asked in (google(scope="email"), google(response_type="token"), github(code_challenge_method="plain")):
        answer = await http.get(path, params=asked)
        assert (answer.status_code, "error=" in answer.headers["Location"]) == (302, True)


async def test_people_are_made_on_the_pages_and_no_other_site_makes_them(http: httpx.AsyncClient) -> None:
    new: dict[str, Any] = {"name": "<b>Bo</b>", "email": "bo@example.com", "unverified": "on"}
    assert "code" in await chosen(http, google(), **new)
    page = await http.get("/sign-in")
    assert "&lt;b&gt;Bo&lt;/b&gt;" in page.text
    assert "email not verified" in page.text
    assert "form-action" not in page.headers["Content-Security-Policy"]
    for path, params in (("/sign-in", {}), google(), github()):
        answer = await http.post(path, params=params, data=new, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
    assert (await http.post("/sign-in", data=new)).status_code == 303
    assert (await http.put("/sign-in/api/people/99", json={"email": "x@example.com"})).status_code == 404
    assert (await http.post("/sign-in/api/people", json={"name": ""})).status_code == 400


async def test_the_token_endpoint_fails_when_it_is_told_to(http: httpx.AsyncClient) -> None:
    await http.put("/sign-in/api/settings", json={"server_error": 1.0})
    code = (await chosen(http, google()))["code"]
    assert (await token(http, "/google/token", code)).status_code == 503
    await http.put("/sign-in/api/settings", json={"server_error": 0.0})
    assert (await token(http, "/google/token", code)).status_code == 200
