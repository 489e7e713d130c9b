"""Signing in with Google and GitHub: the real handlers, the simulated providers, a real engine."""

import time
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from chat4all.bootstrap import App
from chat4all.domain.user import Registration
from chat4all.stores.sessions import Session
from chat4all.stores.sign_in_attempts import SignInAttempt
from chat4all.stores.users import UniqueName, User
from local.simulators import Simulators
from tests.contract.handlers import Answer, new_environments, request
from tests.contract.sign_in.conftest import MakePerson
from tests.contract.sign_in.tab import HOME, PAGE, Tab, choose, fragment, query_of

pytestmark = pytest.mark.engines
PASSWORD = "correct horse battery"
BOTH = pytest.mark.parametrize("provider", ["google", "github"])


def who(answer: Answer) -> tuple[str, str]:
    """User and session of tokens."""
    assert answer.status == 200, answer.body
    claims = jwt.decode(answer.body["access_token"], options={"verify_signature": False})
    return claims["sub"], claims["sid"]


def mine(answer: Answer, method: str, path: str = "", body: Any = None) -> Answer:
    """A call of /v1/users/me/sign-ins by who has signed in."""
    user_id, session_id = who(answer)
    path = f"/v1/users/me/sign-ins{path}"
    return request("sign_ins", method, path, json_body=body, caller=user_id, session=session_id)


def link(answer: Answer, person: dict[str, Any], provider: str) -> Answer:
    """Come back with another person of a provider's."""
    tab = Tab(provider)
    body = {"code": tab.code_for(person["id"]), "code_verifier": tab.verifier}
    return mine(answer, "PUT", f"/{provider}", body)


@BOTH
def test_a_new_person_gets_an_account_and_comes_back_to_it(app: App, make_person: MakePerson, provider: str) -> None:
    login = f"Ana.{uuid4().hex[:8]}"
    person = make_person("Ána Lima", login=login)
    first = Tab(provider).sign_in(person["id"])
    assert first.headers["Cache-Control"] == "no-store"
    assert first.body.keys() == {
        *("access_token", "token", "token_type", "expires_in", "expires_at", "refresh_token", "scope"),
    }
    user_id, session_id = who(first)
    profile = app.users.own(user_id)
    assert (profile["email"], profile["display_name"]) == (person["email"], "Ána Lima")
    assert profile["username"].startswith("ana-lima" if provider == "google" else login.lower())
    assert app.sessions.live(user_id, session_id) == user_id
    again = Tab(provider).sign_in(person["id"])
    assert who(again)[0] == user_id
    assert who(again)[1] != session_id
    log = app.audit.read(f"user:{user_id}", 10, None)["items"]
    assert [(one["action"], one["details"]) for one in log] == [
        ("session.sign_in", {"provider": provider}),
        ("session.sign_in", {"provider": provider}),
        ("user.create", {"provider": provider}),
    ]


def test_the_provider_is_asked_as_its_documentation_says(app: App) -> None:
    google, github = Tab("google"), Tab("github")
    asked = query_of(google.begin())
    assert asked.keys() == {
        *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "prompt"),
        *("code_challenge", "code_challenge_method"),
    }
    assert asked["redirect_uri"] == f"{HOME}/auth/google/callback"
    assert (asked["code_challenge_method"], asked["scope"]) == ("S256", "openid email profile")
    location = github.begin()
    assert "/github/login/oauth/authorize?" in location
    assert query_of(location)["scope"] == "read:user user:email"
    ((name, value),) = google.cookies.items()
    assert (name, len(value)) == ("chat4all-sign-in", 43)
    assert value not in location


def test_the_cookie_is_the_browsers_alone(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = Tab("google")
    query = {"return_to": PAGE, "code_challenge": "x" * 43, "code_challenge_method": "S256"}
    (cookie,) = tab.login(**query).cookies
    assert cookie.endswith("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax")
    monkeypatch.setenv("PUBLIC_URL", "https://api.example.com")
    new_environments()
    (cookie,) = tab.login(**query | {"return_to": "https://api.example.com/chat"}).cookies
    assert cookie.startswith("__Host-chat4all-sign-in=")
    assert cookie.endswith("; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax")


def test_nothing_that_is_stored_is_of_use_to_who_reads_it(app: App, make_person: MakePerson) -> None:
    tab = Tab("google")
    location = tab.begin()
    state, (browser,) = query_of(location)["state"], tab.cookies.values()
    stored = [item.serialize() for item in SignInAttempt.scan()]
    assert not any(secret in str(stored) for secret in (state, browser, query_of(location)["nonce"], tab.verifier))
    code = fragment(tab.come_back(choose(location, make_person()["id"])))["sign-in"]
    assert code not in str([item.serialize() for item in SignInAttempt.scan()])


def test_usernames_are_made_until_one_is_free(app: App, make_person: MakePerson) -> None:
    login = f"bo-{uuid4().hex[:8]}"
    people = [make_person("Bo", login=login) for _ in range(3)]
    names = [app.users.own(who(Tab("github").sign_in(one["id"]))[0])["username"] for one in people]
    assert names[0] == login
    assert len(set(names)) == 3
    assert all(name.startswith(f"{login}-") for name in names[1:])


@BOTH
def test_who_has_no_verified_email_gets_no_account(app: App, make_person: MakePerson, provider: str) -> None:
    person = make_person(verified=False)
    refused = Tab(provider).sign_in(person["id"])
    assert (refused.status, refused.body["code"]) == (403, "no_verified_email")


@BOTH
def test_an_account_with_the_same_email_is_not_taken_over_but_linked_by_its_owner(
    app: App, make_person: MakePerson, provider: str
) -> None:
    person, name = make_person(), f"own-{uuid4().hex[:10]}"
    app.users.register(Registration(username=name, email=person["email"].upper(), password=PASSWORD))
    refused = Tab(provider).sign_in(person["id"])
    assert (refused.status, refused.body["code"]) == (409, "email_taken")

    own = request("tokens", "POST", "/auth/token", json_body={"username": name, "password": PASSWORD})
    assert mine(own, "GET").body == {"items": [], "has_password": True}
    tab = Tab(provider)
    body = {"code": tab.code_for(person["id"]), "code_verifier": tab.verifier}
    linked = mine(own, "PUT", f"/{provider}", body)
    assert (linked.status, linked.body["provider"]) == (200, provider)
    assert linked.body["label"] == (person["email"] if provider == "google" else person["login"])
    assert mine(own, "GET").body["items"] == [linked.body]
    assert who(Tab(provider).sign_in(person["id"]))[0] == who(own)[0]


def test_a_person_is_one_users_and_a_user_has_one_person_of_each_provider(app: App, make_person: MakePerson) -> None:
    ana, bo = make_person("Ana"), make_person("Bo")
    first, second = Tab("google").sign_in(ana["id"]), Tab("google").sign_in(bo["id"])

    assert link(first, make_person("Cy"), "google").body["code"] == "already_linked"
    assert link(first, bo, "google").body["code"] == "sign_in_taken"
    assert link(second, bo, "github").status == 200
    assert link(first, bo, "github").body["code"] == "sign_in_taken"
    assert link(second, bo, "github").status == 200
    assert [one["provider"] for one in mine(second, "GET").body["items"]] == ["google", "github"]
    assert mine(second, "DELETE", "/google").status == 204
    assert mine(second, "DELETE", "/google").body["code"] == "not_linked"
    last = mine(second, "DELETE", "/github")
    assert (last.status, last.body["code"]) == (409, "last_sign_in")
    # What was let go of is somebody else's to have.
    assert who(Tab("github").sign_in(bo["id"]))[0] == who(second)[0]
    assert Tab("google").sign_in(bo["id"]).body["code"] == "email_taken"
    log = app.audit.read(f"user:{who(second)[0]}", 30, None)["items"]
    assert {("sign_in.link", "done"), ("sign_in.unlink", "done")} <= {(one["action"], one["outcome"]) for one in log}


def test_who_came_by_a_provider_sets_a_first_password_soon_after_signing_in(app: App, make_person: MakePerson) -> None:
    signed_in = Tab("google").sign_in(make_person()["id"])
    user_id, session_id = who(signed_in)

    def change(**body: str) -> Answer:
        return request("users", "PATCH", "/v1/users/me", json_body=body, caller=user_id, session=session_id)

    refused = change(password=PASSWORD, current_password="whatever it is")
    assert (refused.status, refused.body["code"]) == (403, "wrong_password")
    session = Session.get(session_id, consistent_read=True)
    began = session.created_at
    session.update([Session.created_at.set(int(time.time() * 1000) - 601_000)])
    assert (change(password=PASSWORD).status, change(password=PASSWORD).body["code"]) == (403, "sign_in_needed")
    session.update([Session.created_at.set(began)])
    assert change(password=PASSWORD).status == 200
    assert mine(signed_in, "GET").body["has_password"]
    again = change(password=PASSWORD + "!")
    assert (again.status, again.body["errors"][0]["pointer"]) == (400, "/current_password")
    username = app.users.own(user_id)["username"]
    by_password = {"username": username, "password": PASSWORD}
    assert request("tokens", "POST", "/auth/token", json_body=by_password).status == 200
    assert mine(signed_in, "DELETE", "/google").status == 204


def test_a_session_that_somebody_got_hold_of_is_no_way_to_link_a_provider(app: App, make_person: MakePerson) -> None:
    signed_in, thief = Tab("google").sign_in(make_person()["id"]), make_person()
    session = Session.get(who(signed_in)[1], consistent_read=True)
    began = session.created_at
    session.update([Session.created_at.set(int(time.time() * 1000) - 601_000)])
    refused = link(signed_in, thief, "github")
    assert (refused.status, refused.body["code"]) == (403, "sign_in_needed")
    assert [one["provider"] for one in mine(signed_in, "GET").body["items"]] == ["google"]
    newest = app.audit.read(f"user:{who(signed_in)[0]}", 1, None)["items"][0]
    assert (newest["action"], newest["outcome"], newest["code"]) == ("sign_in.link", "denied", "sign_in_needed")
    session.update([Session.created_at.set(began)])
    assert link(signed_in, thief, "github").status == 200


def test_a_provider_of_ones_own_invention_is_not_recorded_at_length(app: App, make_person: MakePerson) -> None:
    signed_in = Tab("google").sign_in(make_person()["id"])
    assert mine(signed_in, "DELETE", "/" + "x" * 4000).status == 404
    newest = app.audit.read(f"user:{who(signed_in)[0]}", 1, None)["items"][0]
    assert newest["action"] == "access"
    assert len(str(newest)) < 1000


def test_nobody_signs_in_with_a_password_that_there_is_not(app: App, make_person: MakePerson) -> None:
    user_id, _ = who(Tab("github").sign_in(make_person()["id"]))
    body = {"username": app.users.own(user_id)["username"], "password": "None"}
    assert request("tokens", "POST", "/auth/token", json_body=body).body["code"] == "invalid_credentials"


def test_erasure_takes_the_sign_ins_along(app: App, make_person: MakePerson) -> None:
    person = make_person()
    signed_in = Tab("google").sign_in(person["id"])
    user_id, session_id = who(signed_in)
    key = User.get(user_id, consistent_read=True).google_sign_in["key"]
    assert UniqueName.get(key, consistent_read=True).user_id == user_id
    assert request("users", "DELETE", "/v1/users/me", caller=user_id, session=session_id).status == 204
    assert person["email"] not in str(User.get(user_id, consistent_read=True).serialize())
    with pytest.raises(UniqueName.DoesNotExist):
        UniqueName.get(key, consistent_read=True)
    assert who(Tab("google").sign_in(person["id"]))[0] != user_id


def test_without_a_client_id_there_is_no_such_sign_in(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_CLIENT_ID", "")
    new_environments()
    query = {"return_to": PAGE, "code_challenge": "x" * 43, "code_challenge_method": "S256"}
    for provider in ("github", "gitlab"):
        for answer in (Tab(provider).login(**query), Tab(provider).callback(state="x", code="y")):
            assert (answer.status, answer.body["code"]) == (404, "sign_in_not_configured")
    assert Tab("google").login(**query).status == 302
    assert Tab("gitlab").exchange("x").status == 404


def test_keys_of_the_provider_change(app: App, providers: Simulators, make_person: MakePerson) -> None:
    person = make_person()
    user_id, _ = who(Tab("google").sign_in(person["id"]))
    google: Any = app.provider_login.provider("google")
    google._keys_at -= 11  # asked for at most each ten seconds
    assert httpx.post(f"{providers.url}/sign-in/api/keys", json={}).status_code == 201
    assert who(Tab("google").sign_in(person["id"]))[0] == user_id


def test_a_secret_that_was_rotated_is_read_again(app: App, providers: Simulators, make_person: MakePerson) -> None:
    person = make_person()
    assert Tab("github").sign_in(person["id"]).status == 200
    google: Any = app.provider_login.provider("google")
    google._client.secret()
    secret: Any = google._client.forget_secret.__self__
    secret._read = secret._read | {"github_client_secret": "the former one"}
    tab = Tab("github")
    assert fragment(tab.come_back(choose(tab.begin(), person["id"])))["sign-in-error"] == "sign_in_failed"
    assert Tab("github").sign_in(person["id"]).status == 200
