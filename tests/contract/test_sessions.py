"""Sessions on a real engine: refresh tokens that are lost, shared or stolen, and what ends with a session."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest

from chat4all import sessions, tokens
from chat4all.bootstrap import App
from chat4all.clock import now_ms
from chat4all.domain.user import Registration
from chat4all.errors import Unauthenticated
from chat4all.session_ends import SessionEnds
from chat4all.stores.sessions import Session
from chat4all.stores.users import User
from chat4all.tokens import Grant
from tests.contract.handlers import invoke, request

PASSWORD = "correct horse battery"
ARN = "arn:aws:execute-api:us-east-1:000000000000:api/live/$connect"


@dataclass
class Gateway:
    """@connections, of which all are open."""

    posted: list[tuple[str, bytes]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    def post(self, connection_id: str, frame: bytes) -> None:
        self.posted.append((connection_id, frame))

    def close(self, connection_id: str) -> bool:
        self.closed.append(connection_id)
        return True


@pytest.fixture
def gateway(deployed: App) -> Gateway:
    made = Gateway()
    deployed.__dict__["session_ends"] = SessionEnds(deployed.connections, made)  # type: ignore[arg-type]
    return made


@pytest.fixture
def ana(gateway: Gateway, deployed: App) -> Registration:
    """Registered."""
    name = f"ana-{uuid.uuid4().hex[:12]}"
    wanted = Registration(username=name, email=f"{name}@example.com", password=PASSWORD)
    deployed.users.register(wanted)
    return wanted


def sign_in(deployed: App, who: Registration, password: str = PASSWORD) -> Grant:
    return deployed.tokens.sign_in(who.username, password, "192.0.2.1")


def claims_of(grant: Grant) -> dict[str, Any]:
    return dict(jwt.decode(grant.access_token, options={"verify_signature": False}))


def code_of(deployed: App, refresh_token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        deployed.tokens.refresh(refresh_token)
    return caught.value.code


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(sessions, "now_ms", lambda: now_ms() + int(seconds * 1000))


def test_a_client_that_has_lost_the_answer_gets_the_same_token_once_more(deployed: App, ana: Registration) -> None:
    first = sign_in(deployed, ana).refresh_token
    answers = [request("tokens", "POST", "/auth/refresh", json_body={"refresh_token": first}) for _ in range(3)]
    assert [answer.status for answer in answers] == [200] * 3
    seconds = {answer.body["refresh_token"] for answer in answers}
    assert len(seconds) == 1
    assert deployed.tokens.refresh(seconds.pop()).refresh_token


def test_tabs_that_refresh_at_once_end_with_one_token(deployed: App, ana: Registration) -> None:
    token = sign_in(deployed, ana).refresh_token
    with ThreadPoolExecutor(8) as pool:
        found = {grant.refresh_token for grant in pool.map(lambda _: deployed.tokens.refresh(token), range(8))}
    assert len(found) == 1


def test_a_stolen_token_that_is_used_later_ends_the_session_and_its_connections(
    deployed: App, ana: Registration, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = sign_in(deployed, ana)
    claims = claims_of(grant)
    deployed.connections.opened(claims["sub"], "ana-1", claims["sid"])
    other = sign_in(deployed, ana)
    second = deployed.tokens.refresh(grant.refresh_token).refresh_token
    later(monkeypatch, deployed.settings.refresh_grace_s + 1)
    assert code_of(deployed, grant.refresh_token) == "refresh_token_reused"
    assert code_of(deployed, second) == "refresh_token_revoked"
    assert gateway.closed == ["ana-1"]
    assert b"session_ended" in gateway.posted[0][1]
    assert deployed.tokens.refresh(other.refresh_token)


def test_a_thief_within_the_grace_is_found_at_the_next_use(
    deployed: App, ana: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    stolen = sign_in(deployed, ana).refresh_token
    victims = deployed.tokens.refresh(stolen).refresh_token
    thiefs = deployed.tokens.refresh(stolen).refresh_token
    assert victims == thiefs
    later(monkeypatch, 600)
    third = deployed.tokens.refresh(thiefs).refresh_token
    later(monkeypatch, 1200)
    assert code_of(deployed, victims) == "refresh_token_reused"
    assert code_of(deployed, third) == "refresh_token_revoked"


def test_a_token_older_than_the_one_before_and_a_made_up_one_end_the_session_at_once(
    deployed: App, ana: Registration
) -> None:
    first = sign_in(deployed, ana).refresh_token
    second = deployed.tokens.refresh(first).refresh_token
    third = deployed.tokens.refresh(second).refresh_token
    assert code_of(deployed, first) == "refresh_token_reused"
    assert code_of(deployed, third) == "refresh_token_revoked"
    fourth = sign_in(deployed, ana).refresh_token
    assert code_of(deployed, fourth.partition(".")[0] + ".guessed") == "refresh_token_reused"


def test_no_token_and_no_successor_can_be_told_from_the_table(deployed: App, ana: Registration) -> None:
    first = sign_in(deployed, ana).refresh_token
    second = deployed.tokens.refresh(first).refresh_token
    stored = Session.get(first.partition(".")[0], consistent_read=True)
    assert first.partition(".")[2] not in str(stored.to_simple_dict())
    assert second.partition(".")[2] not in str(stored.to_simple_dict())


def test_a_session_that_has_ended_opens_no_websocket_and_changes_nothing_that_matters(
    deployed: App, ana: Registration, gateway: Gateway
) -> None:
    grant = sign_in(deployed, ana)
    claims = claims_of(grant)
    connect = {"methodArn": ARN, "queryStringParameters": {"token": grant.access_token}}
    assert invoke("websocket_authorizer", connect)["context"]["session_id"] == claims["sid"]
    deployed.connections.opened(claims["sub"], "ana-1", claims["sid"])
    deployed.connections.opened(claims["sub"], "ana-2", "another-session")
    assert request("tokens", "POST", "/auth/revoke", json_body={"refresh_token": grant.refresh_token}).status == 204
    assert gateway.closed == ["ana-1"]
    assert deployed.connections.sessions_of(claims["sub"]) == {"ana-2": "another-session"}
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        invoke("websocket_authorizer", connect)
    answer = request("users", "DELETE", "/v1/users/me", caller=claims["sub"], session=claims["sid"])
    assert (answer.status, answer.body["code"]) == (401, "session_ended")
    assert User.get(claims["sub"]).deleted_at is None


def test_a_connection_that_was_being_opened_when_its_session_ended_is_refused(deployed: App, ana: Registration) -> None:
    grant = sign_in(deployed, ana)
    claims = claims_of(grant)
    deployed.tokens.revoke(grant.refresh_token)
    authorizer = {"user_id": claims["sub"], "session_id": claims["sid"], "expires_at": 1}
    context = {"connectionId": "late", "authorizer": authorizer, "routeKey": "$connect", "eventType": "CONNECT"}
    event = {"requestContext": context | {"apiId": "x", "domainName": "x", "stage": "live"}, "headers": {}}
    assert invoke("websocket_connect", event)["statusCode"] == 401
    assert deployed.connections.sessions_of(claims["sub"]) == {}


def test_who_goes_on_asking_with_a_token_that_has_expired_is_told_and_closed(
    deployed: App, ana: Registration, gateway: Gateway
) -> None:
    claims = claims_of(sign_in(deployed, ana))
    deployed.connections.opened(claims["sub"], "ana-1", claims["sid"])
    context = {"connectionId": "ana-1", "apiId": "x", "domainName": "x", "stage": "live", "routeKey": "heartbeat"}
    context |= {"eventType": "MESSAGE", "requestId": "r"}
    body = '{"action": "heartbeat", "id": 1}'
    for expires_at, frames in ((str(now_ms() + 60_000), 0), (str(now_ms()), 1)):
        authorizer = {"user_id": claims["sub"], "session_id": claims["sid"], "expires_at": expires_at}
        event = {"requestContext": context | {"authorizer": authorizer}, "body": body, "isBase64Encoded": False}
        assert invoke("websocket_actions", event)["statusCode"] == 200
        assert len(gateway.posted) == frames
    assert b"token_expired" in gateway.posted[0][1]
    assert gateway.closed == ["ana-1"]


def test_a_new_password_ends_the_other_sessions_at_once(deployed: App, ana: Registration, gateway: Gateway) -> None:
    own, other = sign_in(deployed, ana), sign_in(deployed, ana)
    user_id = claims_of(own)["sub"]
    deployed.connections.opened(user_id, "own", claims_of(own)["sid"])
    deployed.connections.opened(user_id, "other", claims_of(other)["sid"])

    def change(current: str, new: str) -> Any:
        body = {"current_password": current, "password": new}
        sid = claims_of(own)["sid"]
        return request("users", "PATCH", "/v1/users/me", caller=user_id, session=sid, json_body=body)

    wrong = change("not the password", "another password")
    assert (wrong.status, wrong.body["code"]) == (403, "wrong_password")
    assert gateway.closed == []
    assert change(PASSWORD, "another password").status == 200
    assert gateway.closed == ["other"]
    with pytest.raises(Unauthenticated):
        sign_in(deployed, ana)
    assert sign_in(deployed, ana, "another password")
    assert code_of(deployed, other.refresh_token) in ("refresh_token_revoked", "invalid_refresh_token")
    assert deployed.tokens.refresh(own.refresh_token)


def test_a_session_that_the_index_did_not_show_yet_is_over_too(
    deployed: App, ana: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = sign_in(deployed, ana), sign_in(deployed, ana)
    claims = claims_of(own)
    monkeypatch.setattr(deployed.sessions, "end_all", lambda _user_id, but: None)
    body = {"current_password": PASSWORD, "password": "another password"}
    answer = request("users", "PATCH", "/v1/users/me", caller=claims["sub"], session=claims["sid"], json_body=body)
    assert answer.status == 200
    assert code_of(deployed, other.refresh_token) == "refresh_token_revoked"
    with pytest.raises(Unauthenticated):
        deployed.sessions.live(claims["sub"], claims_of(other)["sid"])
    assert deployed.sessions.live(claims["sub"], claims["sid"]) == claims["sub"]


@pytest.mark.parametrize("body", [{"password": "another password"}, {"current_password": PASSWORD}])
def test_a_new_password_needs_the_current_one(deployed: App, ana: Registration, body: dict[str, str]) -> None:
    user_id = claims_of(sign_in(deployed, ana))["sub"]
    answer = request("users", "PATCH", "/v1/users/me", caller=user_id, json_body=body)
    assert (answer.status, answer.body["code"]) == (400, "invalid")
    assert PASSWORD not in str(answer.body)


def test_guesses_of_the_current_password_are_limited(deployed: App, ana: Registration) -> None:
    user_id = claims_of(sign_in(deployed, ana))["sub"]
    body = {"current_password": "guess", "password": "another password"}
    answers = [request("users", "PATCH", "/v1/users/me", caller=user_id, json_body=body) for _ in range(12)]
    assert {answer.status for answer in answers} == {403, 429}


def test_a_refresh_that_cannot_be_signed_does_not_use_up_the_token(
    deployed: App, ana: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chat4all.errors import Unavailable

    token = sign_in(deployed, ana).refresh_token

    def away() -> None:
        raise Unavailable("away")

    with monkeypatch.context() as broken:
        broken.setattr(deployed.signing_keys, "current", away)
        with pytest.raises(Unavailable):
            deployed.tokens.refresh(token)
    later(monkeypatch, 600)
    assert deployed.tokens.refresh(token)


def test_who_was_signing_in_with_the_old_password_is_out_whatever_the_clocks_say(
    deployed: App, ana: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = claims_of(sign_in(deployed, ana))
    matches = deployed.passwords.matches

    def overtaken(password: str, stored: str | None) -> bool:
        monkeypatch.setattr(deployed.passwords, "matches", matches)
        body = {"current_password": PASSWORD, "password": "another password"}
        changed = request("users", "PATCH", "/v1/users/me", caller=own["sub"], session=own["sid"], json_body=body)
        assert changed.status == 200
        return matches(password, stored)

    for module in (sessions, tokens):  # of an environment that is ahead
        monkeypatch.setattr(module, "now_ms", lambda: now_ms() + 60_000)
    monkeypatch.setattr(deployed.passwords, "matches", overtaken)
    late = sign_in(deployed, ana)
    assert code_of(deployed, late.refresh_token) == "refresh_token_revoked"
    for module in (sessions, tokens):  # of one that is behind
        monkeypatch.setattr(module, "now_ms", lambda: now_ms() - 60_000)
    anew = sign_in(deployed, ana, "another password")
    assert deployed.sessions.live(own["sub"], claims_of(anew)["sid"]) == own["sub"]


def test_sessions_that_do_not_know_their_password_are_judged_by_their_time(deployed: App, ana: Registration) -> None:
    own, old = claims_of(sign_in(deployed, ana)), sign_in(deployed, ana)
    Session(claims_of(old)["sid"]).update([Session.password_since.remove()])
    assert deployed.sessions.live(own["sub"], claims_of(old)["sid"]) == own["sub"]
    User(own["sub"]).update([User.sessions_since.set(now_ms() + 1)])
    assert code_of(deployed, old.refresh_token) == "refresh_token_revoked"
