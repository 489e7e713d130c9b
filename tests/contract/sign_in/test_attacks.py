"""Who tries to sign in as somebody else, and providers that are broken or lie: what each attack comes to."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chat4all import identity_limits
from chat4all.bootstrap import App
from chat4all.provider_sign_in import asking
from chat4all.stores.sign_in_attempts import SignInAttempt
from local.simulators import Simulators
from tests.contract.handlers import Answer, new_environments, request
from tests.contract.hostile_server import answering, hanging, hanging_up, hostile_server, repeating
from tests.contract.sign_in.conftest import MakePerson
from tests.contract.sign_in.forger import CLIENT, Forger, forging, jwk, new_key
from tests.contract.sign_in.tab import HOME, PAGE, Tab, challenge, choose, fragment, query_of

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return new_key()


@pytest.fixture
def forger(
    app: App, variables: dict[str, str], key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Forger]:
    """The provider of a deployment of its own."""
    with forging(key) as forger:
        monkeypatch.setenv("GOOGLE_ISSUER", forger.issuer)
        monkeypatch.setenv("GITHUB_URL", f"{forger.url}/github")
        monkeypatch.setenv("GITHUB_API_URL", f"{forger.url}/github/api")
        new_environments()
        yield forger


def came(answer: Answer) -> str:
    """The word for what a callback came to: `code`, or an error."""
    assert answer.status == 302, answer.body
    assert answer.headers["Location"].startswith(f"{PAGE}#")
    assert "Max-Age=0" in answer.cookies[0]
    found = fragment(answer.headers["Location"])
    return str(found.get("sign-in-error", "code"))


def forged(forger: Forger, token: Callable[[str], str]) -> str:
    """What comes of a sign-in whose ID token `token` makes, of the nonce."""
    tab = Tab("google")
    asked = query_of(tab.begin())
    forger.give(token(asked["nonce"]))
    return came(tab.callback(state=asked["state"], code="x"))


def test_an_id_token_counts_only_if_all_of_it_is_right(forger: Forger, key: rsa.RSAPrivateKey) -> None:
    other, now = new_key(), int(time.time())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def changed(**change: Any) -> Callable[[str], str]:
        return lambda nonce: forger.signed(forger.claims(nonce, **change))

    def by_secret(nonce: str) -> str:
        """HS256, with the public key as the secret; PyJWT itself refuses to make such a one."""
        real = jwt.encode(forger.claims(nonce), "x" * 32, "HS256", {"kid": "known"})
        head, body, _ = real.split(".")
        signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
            f"{head}.{body}".encode(), public
        )
        return f"{head}.{body}.{jwt.utils.base64url_encode(signature).decode()}"

    def with_own_key(nonce: str) -> str:
        headers = {"kid": "own", "jwk": jwk(other, "own"), "jku": f"{forger.url}/own"}
        return jwt.encode(forger.claims(nonce), other, "RS256", headers)

    attacks: dict[str, Callable[[str], str]] = {
        "alg none": lambda nonce: jwt.encode(forger.claims(nonce), "", "none", {"kid": "known"}),
        "alg HS256": by_secret,
        "alg RS512": lambda nonce: jwt.encode(forger.claims(nonce), key, "RS512", {"kid": "known"}),
        "a key that nobody has published": lambda nonce: forger.signed(forger.claims(nonce), "unknown", other),
        "another key under a known name": lambda nonce: forger.signed(forger.claims(nonce), "known", other),
        "a key that it brings itself": with_own_key,
        "a changed signature": lambda nonce: forger.signed(forger.claims(nonce))[:-8] + "AAAAAAAA",
        "another issuer": changed(iss="https://accounts.example.com"),
        "another audience": changed(aud="somebody-else", azp=None),
        "one audience of several, without azp": changed(aud=[CLIENT, "somebody-else"], azp=None),
        "another azp": changed(azp="somebody-else"),
        "expired": changed(iat=now - 7200, exp=now - 3600),
        "from the future": changed(iat=now + 3600),
        "another nonce": changed(nonce="x" * 43),
        "no nonce": changed(nonce=None),
        "a nonce that is no text": changed(nonce=7),
        "no expiry": changed(exp=None),
        "no subject": changed(sub=None),
        "a subject that is no text": changed(sub=["1042"]),
        "an empty subject": changed(sub=""),
        "no JWT": lambda nonce: "x.y.z",
        "no text": lambda nonce: {"a": 1},  # type: ignore[dict-item, return-value]
    }
    assert {name: forged(forger, attack) for name, attack in attacks.items()} == dict.fromkeys(
        attacks, "sign_in_failed"
    )
    assert forged(forger, lambda nonce: forger.signed(forger.claims(nonce))) == "code"


def test_a_browser_that_did_not_begin_does_not_finish(app: App, make_person: MakePerson) -> None:
    person = make_person()["id"]

    def attempt(provider: str = "google") -> tuple[Tab, dict[str, str]]:
        tab = Tab(provider)
        return tab, query_of(choose(tab.begin(), person))

    def back(tab: Tab, **query: str) -> str:
        return came(tab.callback(**query))

    tab, came_with = attempt()
    victim, _ = attempt()
    outcomes = {
        "without state": back(Tab("google"), code=came_with["code"]),
        "a state of nobody's": back(Tab("google"), state="x" * 43, code=came_with["code"]),
        "without the cookie": back(Tab("google"), **came_with),
        "with another browser's cookie": back(Tab("google", cookies=dict(victim.cookies)), **came_with),
        "with a cookie beyond any length": back(Tab("google", cookies={"chat4all-sign-in": "x" * 9000}), **came_with),
        "at another provider": back(Tab("github", cookies=dict(tab.cookies)), **came_with),
    }
    assert outcomes == dict.fromkeys(outcomes, "sign_in_state")
    # It was not used up by them.
    cookies = dict(tab.cookies)
    assert back(tab, **came_with) == "code"
    assert back(Tab("google", cookies=cookies), **came_with) == "sign_in_state"

    late, came_late = attempt()
    for item in SignInAttempt.scan():
        item.update([SignInAttempt.expires_at.set(int(time.time()) - 1)])
    assert back(late, **came_late) == "sign_in_state"

    mixed_up, came_mixed = attempt()
    assert back(mixed_up, **came_mixed | {"iss": "https://accounts.example.com"}) == "sign_in_state"
    log = app.audit.read("deployment", 50, None)["items"]
    tried = [one for one in log if (one["action"], one["code"]) == ("session.sign_in", "sign_in_state")]
    assert tried[0]["details"]["provider"] == "google"


def test_a_code_of_somebody_elses_attempt_is_refused_by_the_provider(app: App, make_person: MakePerson) -> None:
    """Injection: the victim's browser gets the attacker's code, or the other way round; PKCE ties it to who began."""
    for provider in ("google", "github"):
        attacker, victim = Tab(provider), Tab(provider)
        stolen = query_of(choose(victim.begin(), make_person()["id"]))["code"]
        state = query_of(attacker.begin())["state"]
        assert came(attacker.callback(state=state, code=stolen)) == "sign_in_failed"


def test_what_the_provider_says_of_an_attempt_is_told_as_a_word(app: App) -> None:
    def said(**query: str) -> str:
        tab = Tab("github")
        return came(tab.callback(state=query_of(tab.begin())["state"], **query))

    assert said(error="access_denied", error_description="<b>x</b>") == "sign_in_cancelled"
    assert said(error="<script>alert(1)</script>") == "sign_in_failed"
    assert said() == "sign_in_failed"
    assert said(code="x") == "sign_in_failed"


def test_pkce_is_not_to_be_had_weaker(app: App) -> None:
    good = {"return_to": PAGE, "code_challenge": challenge("v" * 43), "code_challenge_method": "S256"}
    weaker = [
        good | {"code_challenge_method": "plain"},
        good | {"code_challenge": "short"},
        good | {"code_challenge": "x" * 42 + "="},
        *({name: value for name, value in good.items() if name != left_out} for left_out in good),
    ]
    for query in weaker:
        answer = Tab("google").login(**query)
        assert (answer.status, answer.body["code"], answer.cookies) == (400, "invalid", ()), query
    assert Tab("google").login(**good).status == 302


def test_nobody_is_sent_to_a_page_that_is_not_named(app: App) -> None:
    elsewhere = (
        "https://evil.example",
        "//evil.example/chat",
        "https://evil.example/#http://127.0.0.1:8000/chat",
        "http://127.0.0.1:8000@evil.example/chat",
        "http://evil.example\\@127.0.0.1:8000/chat",
        "http://127.0.0.1:8000.evil.example/chat",
        "http://127.0.0.1:80001/chat",
        "https://127.0.0.1:8000/chat",
        "http://localhost:8000/chat",
        f"{HOME}//evil.example",
        f"{HOME}/chat?next=https://evil.example",
        f"{HOME}/chat#x",
        f"{HOME}/chat%0d%0aSet-Cookie: a=b",
        f"{HOME}/chat\r\nx: y",
        "javascript:alert(1)",
        "/chat",
        "https://app.example.com.evil.example/",
        "https://APP.example.com:444/",
        "https://[::1/",
        "*",
        "x" * 600,
    )
    for return_to in elsewhere:
        answer = Tab("google").login(return_to=return_to, code_challenge="x" * 43, code_challenge_method="S256")
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (400, "?return_to"), return_to
        assert "Location" not in answer.headers
    for return_to in (PAGE, f"{HOME}/upload", "https://app.example.com/", "https://app.example.com/sign-in"):
        assert Tab("google").begin(return_to)


def test_a_one_time_code_is_good_once_soon_and_for_the_page_that_began(app: App, make_person: MakePerson) -> None:
    person = make_person()["id"]

    def refused(answer: Answer) -> bool:
        return (answer.status, answer.body["code"]) == (403, "invalid_sign_in_code")

    tab = Tab("google")
    code = tab.code_for(person)
    assert tab.exchange(code).status == 200
    assert refused(tab.exchange(code))
    stolen = tab.code_for(person)
    assert refused(Tab("google").exchange(stolen))
    assert refused(tab.exchange(stolen))  # it was in two hands
    assert refused(Tab("github", verifier=tab.verifier).exchange(tab.code_for(person)))
    late = tab.code_for(person)
    for item in SignInAttempt.scan():
        item.update([SignInAttempt.expires_at.set(int(time.time()) - 1)])
    assert refused(tab.exchange(late))
    assert tab.exchange("\ud800").status == 400
    assert tab.exchange("x" * 129).status == 400
    assert tab.exchange("x", "short").status == 400


def test_no_token_stands_in_an_address_a_cookie_or_a_log(
    app: App, make_person: MakePerson, caplog: pytest.LogCaptureFixture
) -> None:
    person = make_person("Ana Lima")
    secrets, told = {person["email"], "simulated"}, []
    for provider in ("google", "github"):
        tab = Tab(provider, source_ip="192.0.2.77")
        location = tab.begin()
        back = choose(location, person["id"])
        secrets |= {tab.verifier, *tab.cookies.values(), query_of(back)["code"], query_of(back)["state"]}
        secrets |= {query_of(location).get("nonce", tab.verifier)}
        page = tab.come_back(back)
        assert fragment(page).keys() == {"sign-in", "provider"}
        assert "?" not in page
        answer = tab.exchange(fragment(page)["sign-in"])
        tab.exchange(fragment(page)["sign-in"])
        secrets |= {fragment(page)["sign-in"]}
        if answer.status == 200:
            secrets |= {answer.body["access_token"], answer.body["refresh_token"]}
        told += [location, page]
        tab.callback(**query_of(back))
    logged = str([vars(record) for record in caplog.records])
    assert "sent back" in logged
    assert [one for one in secrets if one in logged] == []
    tokens = [one for one in secrets if one.startswith("ey")]
    assert tokens
    assert [one for one in tokens if any(one in each for each in told)] == []


def test_attempts_are_limited_as_those_with_a_password_are(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ADDRESS_BURST": 3, "ADDRESS_RATE": 0.001}.items():
        monkeypatch.setattr(identity_limits, name, value)
    tab = Tab("google", source_ip="192.0.2.99")
    query = {"return_to": PAGE, "code_challenge": "x" * 43, "code_challenge_method": "S256"}
    answers = [
        tab.login(**query),
        tab.callback(state="x"),
        tab.exchange("x"),
        tab.login(**query),
        tab.callback(state="x"),
        tab.exchange("x"),
    ]
    assert [one.status for one in answers] == [302, 302, 403, 429, 429, 429]
    assert answers[-1].headers["Retry-After"]
    password = {"username": "nobody", "password": "x"}
    assert request("tokens", "POST", "/auth/token", json_body=password, source_ip="192.0.2.99").status == 429


HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def test_a_broken_provider_costs_an_attempt_and_nothing_else(forger: Forger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking.ProviderHttp.__init__, "__defaults__", (0.5,))
    new_environments()
    token = {"access_token": "gho_x", "token_type": "bearer"}
    replies: dict[str, dict[str, Any]] = {
        "an error with 200, as GitHub says it": {"": (200, {"error": "bad_verification_code"})},
        "a server's error": {"": (500, b"<h1>Unicorn!</h1>")},
        "a redirect": {"": (302, b"", {"Location": f"{forger.url}/elsewhere"})},
        "a redirect that keeps the secret": {"": (307, b"", {"Location": f"{forger.url}/elsewhere"})},
        "no JSON": {"": (200, b"access_token=gho_x")},
        "a list": {"": (200, [])},
        "a depth without end": {"": (200, b"[" * 100_000)},
        "too much": {"": (200, b'{"access_token": "' + b"x" * 1_000_000 + b'"}')},
        "a token with a line break": {"": (200, token | {"access_token": "x\r\nX-Admin: 1"})},
        "a token that is no text": {"": (200, token | {"access_token": 7})},
        "another kind of token": {"": (200, token | {"token_type": "mac"})},
        "nobody": {"user": (200, {"login": "ana"})},
        "a number of nobody's": {"user": (200, {"id": True})},
        "an id that is text": {"user": (200, {"id": "7"})},
        "no user": {"user": (401, {"message": "Bad credentials"})},
        "no emails": {"user/emails": (404, {"message": "Not Found"})},
    }
    good = dict(forger.replies)
    paths = {
        "": "/github/login/oauth/access_token",
        "user": "/github/api/user",
        "user/emails": "/github/api/user/emails",
    }

    def outcome(changes: dict[str, Any]) -> str:
        forger.replies = good | {paths[name]: reply for name, reply in changes.items()}
        tab = Tab("github")
        return came(tab.callback(state=query_of(tab.begin())["state"], code="x"))

    assert {name: outcome(changes) for name, changes in replies.items()} == dict.fromkeys(replies, "sign_in_failed")
    assert "/elsewhere" not in forger.asked
    assert outcome({}) == "code"

    for behaviour in (
        hanging,
        hanging_up,
        answering(b"220 smtp.example.com ESMTP\r\n"),
        answering(HTTP + b"Content-Length: 100\r\n\r\n{"),
        repeating(HTTP + b"\r\n", b" ", 0.05),
        repeating(HTTP, b"X-More: and more\r\n", 0.05),
        repeating(HTTP + b"\r\n", b" " * 65_536),
    ):
        with hostile_server(behaviour) as server:
            forger.replies["/google/.well-known/openid-configuration"] = (
                200,
                forger.discovery(token_endpoint=server.url),
            )
            new_environments()
            tab = Tab("google")
            state = query_of(tab.begin())["state"]
            began = time.monotonic()
            assert came(tab.callback(state=state, code="x")) == "sign_in_failed"
            assert time.monotonic() - began < 4


def test_a_provider_that_cannot_be_asked_is_told_before_anybody_goes_there(forger: Forger) -> None:
    path = "/google/.well-known/openid-configuration"
    for reply in (
        (503, {}),
        (200, []),
        (200, forger.discovery(issuer="https://accounts.example.com")),
        (200, forger.discovery(authorization_endpoint="javascript:alert(1)")),
        (200, forger.discovery(token_endpoint=None)),
        (200, forger.discovery(jwks_uri="file:///etc/passwd")),
    ):
        forger.replies[path] = reply
        tab = Tab("google")
        location = tab.begin()
        assert location.startswith(f"{PAGE}#")
        assert (fragment(location)["sign-in-error"], tab.cookies) == ("sign_in_failed", {})
    forger.replies[path] = (200, forger.discovery())
    forger.replies["/google/keys"] = (200, {"keys": ["x", {"kty": "RSA", "kid": "known", "n": "!", "e": "AQAB"}]})
    assert forged(forger, lambda nonce: forger.signed(forger.claims(nonce))) == "sign_in_failed"


def test_the_simulated_providers_refuse_what_the_real_ones_do(app: App, providers: Simulators) -> None:
    """So that what works with them is worth something: codes once, PKCE, redirects, secrets."""
    client = {"client_id": "Iv1.local", "client_secret": "simulated"}
    url = f"{providers.url}/github/login/oauth/access_token"
    wrong = httpx.post(url, data=client | {"code": "x"}, headers={"Accept": "application/json"})
    assert (wrong.status_code, wrong.json()["error"]) == (200, "bad_verification_code")
    elsewhere = query_of(Tab("google").begin()) | {"redirect_uri": "https://evil.example/"}
    refused = httpx.get(f"{providers.url}/google/o/oauth2/v2/auth", params=elsewhere)
    assert (refused.status_code, "redirect_uri_mismatch" in refused.text) == (400, True)
