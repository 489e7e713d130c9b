"""Who may connect, and what the others are told."""

import http.client
import json
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus, NegotiationError

from tests.conformance.websocket_api.served import Served, context_of

pytestmark = pytest.mark.engines


def refused(served: Served, api: str = "Main", **query: Any) -> tuple[int, str]:
    """Status of the handshake, and its body, or the message in it where it is the gateway's own."""
    with pytest.raises(InvalidStatus) as caught:
        served.connect(api, query)
    response = caught.value.response
    text = bytes(response.body or b"").decode()
    if not text.startswith("{"):
        return response.status_code, text
    answer = json.loads(text)
    assert answer.keys() == {"message", "connectionId", "requestId"}
    return response.status_code, answer["message"]


def request(served: Served, method: str = "GET", path: str = "/?token=ann", **changed: str | None) -> int:
    """Status of one HTTP request that is a handshake but for what is changed."""
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
        **{name.replace("_", "-"): value for name, value in changed.items()},
    }
    connection = http.client.HTTPConnection("127.0.0.1", served.port(), timeout=30)
    try:
        connection.request(method, path, headers={name: value for name, value in headers.items() if value is not None})
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.statement("websocket.authorizer-identity")
@pytest.mark.parametrize("query", ["", "?token=", "?Token=ann"])
def test_a_missing_identity_is_401_without_an_invocation(served: Served, query: str) -> None:
    before = len(served.events("AUTHORIZER"))
    assert request(served, path=f"/{query}") == 401
    assert len(served.events("AUTHORIZER")) == before


@pytest.mark.statement("websocket.authorizer-deny", "websocket.authorizer-policy")
@pytest.mark.parametrize("token", ["deny", "elsewhere", "both"])
def test_what_the_policy_does_not_allow_is_403(served: Served, token: str) -> None:
    assert refused(served, token=token) == (403, "Forbidden")
    tried = [one for one in served.events("AUTHORIZER") if one["queryStringParameters"]["token"] == token]
    assert tried
    for event in tried:
        assert served.events("CONNECT", event["requestContext"]["connectionId"]) == []
        assert served.events("DISCONNECT", event["requestContext"]["connectionId"]) == []


@pytest.mark.statement("websocket.authorizer-policy")
def test_resources_may_have_wildcards(served: Served) -> None:
    with served.connect(query={"token": "wildcard"}) as client:
        assert context_of(client)["authorizer"] == {"principalId": "someone"}


@pytest.mark.statement("websocket.authorizer-unauthorized")
def test_an_authorizer_may_raise_unauthorized(served: Served) -> None:
    assert refused(served, token="unauthorized") == (401, "Unauthorized")


@pytest.mark.statement("websocket.authorizer-failure")
@pytest.mark.parametrize("token", ["raise", "text", "condition", "large", "nested"])
def test_an_authorizer_that_fails_is_500(served: Served, token: str) -> None:
    assert refused(served, token=token) == (500, "Internal server error")


@pytest.mark.statement("websocket.connect-refuses")
def test_a_status_of_connect_is_passed_on(served: Served) -> None:
    assert refused(served, status=409, body="full") == (409, "full")
    assert refused(served, status=302) == (302, "")
    assert refused(served, "Nested", status=599) == (599, "")
    with served.connect(query={"status": 204}) as client:
        context_of(client)


@pytest.mark.statement("websocket.connect-fails")
@pytest.mark.parametrize("query", [{"raise": 1}, {"malformed": 1}, {"status": 99}])
def test_a_connect_that_fails_is_502(served: Served, query: dict[str, Any]) -> None:
    assert refused(served, **query) == (502, "Internal server error")


@pytest.mark.statement("websocket.connect-timeout")
def test_a_connect_that_takes_too_long_is_504(served: Served) -> None:
    assert refused(served, sleep=5) == (504, "Endpoint request timed out")


@pytest.mark.statement("websocket.subprotocol")
def test_a_subprotocol_is_what_connect_answers(served: Served) -> None:
    offered: Any = ["v1", "v2"]
    with served.connect(subprotocols=offered) as client:
        assert client.subprotocol is None
        event = served.event("CONNECT", context_of(client)["connectionId"])
        assert event["headers"]["Sec-WebSocket-Protocol"] == "v1, v2"
    with served.connect(query={"subprotocol": "v2"}, subprotocols=offered) as client:
        assert client.subprotocol == "v2"
    with pytest.raises(NegotiationError):  # the gateway passes it on; it is the client that refuses
        served.connect(query={"subprotocol": "v3"}, subprotocols=offered)


@pytest.mark.statement("websocket.without-connect")
def test_without_connect_everyone_may_enter(served: Served) -> None:
    with served.connect("Bare") as client:
        client.send("hello")
        assert client.recv(30) == "$default: hello"


@pytest.mark.statement("websocket.stage-path")
def test_the_api_answers_at_its_stage(served: Served) -> None:
    for path in ("/live?token=ann", "/live/?token=ann", "/?token=ann"):
        assert request(served, path=path) == 101
    for path in ("/prod?token=ann", "/live/more?token=ann"):
        assert request(served, path=path) == 403


@pytest.mark.statement("websocket.plain-http")
def test_a_plain_request_is_told_to_upgrade(served: Served) -> None:
    before = len(served.events("AUTHORIZER"))
    assert request(served, Connection=None, Upgrade=None) == 426
    assert request(served, Upgrade="h2c") == 426
    assert request(served, Connection="keep-alive") == 426
    assert len(served.events("AUTHORIZER")) == before


@pytest.mark.statement("websocket.bad-handshake", "websocket.log")
def test_a_handshake_that_is_none(served: Served) -> None:
    before = len(served.events("AUTHORIZER"))
    assert request(served, method="POST") == 405
    assert request(served, Sec_WebSocket_Version="8") == 400
    assert request(served, Sec_WebSocket_Version=None) == 400
    assert request(served, Sec_WebSocket_Key=None) == 400
    assert request(served, Sec_WebSocket_Key="short") == 400
    assert request(served, Transfer_Encoding="chunked") == 400
    assert request(served, path="/?" + "x" * 10_000) == 414
    assert request(served, X_Large="x" * 10_000) == 431
    assert len(served.events("AUTHORIZER")) == before
    said = served.said()
    for why in ("missing Sec-WebSocket-Key header", "transfer codings aren't supported", "expected no more than 8192"):
        assert why in said
    assert "Traceback" not in said
