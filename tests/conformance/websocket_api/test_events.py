"""The events of a connection's life, against recorded ones."""

import base64
import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.conformance.websocket_api.served import Served, context_of

pytestmark = pytest.mark.engines

IN_ALL = {
    "routeKey", "eventType", "extendedRequestId", "requestTime", "messageDirection", "stage", "connectedAt",
    "requestTimeEpoch", "identity", "requestId", "domainName", "connectionId", "apiId",
}  # fmt: skip
"""Fields of `requestContext` in the recorded events of github.com/aws/aws-lambda-go (events/testdata)."""
AUTHORIZER = {"principalId": "someone", "user": "ann", "level": "3", "share": "0.5", "admin": "true"}


def check_context(context: Mapping[str, Any], event_type: str, route_key: str, port: int) -> None:
    assert context["eventType"] == event_type
    assert context["routeKey"] == route_key
    assert context["messageDirection"] == "IN"
    assert context["stage"] == "live"
    assert re.fullmatch(r"[a-z0-9]{10}", context["apiId"])
    assert context["requestId"] == context["extendedRequestId"]
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", context["requestTime"])
    assert 0 <= context["requestTimeEpoch"] - context["connectedAt"] < 60_000
    assert context["domainName"] == f"127.0.0.1:{port}"
    assert context["identity"] == {"sourceIp": "127.0.0.1", "userAgent": "agent/1"}
    assert context["authorizer"] == AUTHORIZER


@pytest.mark.statement(
    "websocket.context",
    "websocket.connect-event",
    "websocket.message-event",
    "websocket.disconnect-event",
    "websocket.stage-variables",
    "websocket.authorizer-context",
    "websocket.authorizer-on-connect",
)
def test_connect_message_and_disconnect(served: Served) -> None:
    with served.connect(query={"a": "1"}, user_agent_header="agent/1", additional_headers={"X-A": "b"}) as client:
        connection_id = context_of(client)["connectionId"]
        client.send('{"action": "quiet", "n": 1}')
        message = served.event("MESSAGE", connection_id)
        client.close(4001, "bye")
    connect, disconnect = served.event("CONNECT", connection_id), served.event("DISCONNECT", connection_id)
    events = {"CONNECT": connect, "MESSAGE": message, "DISCONNECT": disconnect}
    for (kind, event), route in zip(events.items(), ("$connect", "quiet", "$disconnect"), strict=True):
        check_context(event["requestContext"], kind, route, served.port())
        assert event["stageVariables"] == {"colour": "blue"}
        assert event["isBase64Encoded"] is False
    assert len({event["requestContext"]["requestId"] for event in events.values()}) == 3
    assert len({event["requestContext"]["connectedAt"] for event in events.values()}) == 1
    rest = {"requestContext", "stageVariables", "isBase64Encoded"}
    query = {"queryStringParameters", "multiValueQueryStringParameters"}
    assert connect.keys() == rest | query | {"headers", "multiValueHeaders"}
    assert connect["requestContext"].keys() == IN_ALL | {"authorizer"}
    assert message.keys() == rest | {"body"}
    assert message["body"] == '{"action": "quiet", "n": 1}'
    assert message["requestContext"].keys() == IN_ALL | {"authorizer", "messageId"}
    assert disconnect.keys() == rest | {"headers", "multiValueHeaders"}
    assert disconnect["headers"].keys() == {"Host", "x-api-key", "X-Forwarded-For", "x-restapi"}
    outcome = {"disconnectStatusCode", "disconnectReason"}
    assert disconnect["requestContext"].keys() == IN_ALL | {"authorizer"} | outcome
    assert {disconnect["requestContext"][name] for name in outcome} == {4001, "bye"}
    mine = [one for one in served.events("AUTHORIZER") if one["requestContext"]["connectionId"] == connection_id]
    assert len(mine) == 1


@pytest.mark.statement("websocket.connect-event")
def test_headers_and_query_of_connect(served: Served) -> None:
    headers = [("X-Many", "1"), ("X-Many", "2")]
    with served.connect(query={"empty": "", "text": "a b&ü"}, additional_headers=headers) as client:
        event = served.event("CONNECT", context_of(client)["connectionId"])
    assert event["queryStringParameters"] == {"token": "ann", "empty": "", "text": "a b&ü"}
    assert event["multiValueQueryStringParameters"] == {"token": ["ann"], "empty": [""], "text": ["a b&ü"]}
    assert event["headers"]["X-Many"] == "2"
    assert event["multiValueHeaders"]["X-Many"] == ["1", "2"]
    assert event["headers"].keys() == event["multiValueHeaders"].keys()
    assert event["headers"]["Host"] == f"127.0.0.1:{served.port()}"
    assert event["headers"]["X-Forwarded-For"] == "127.0.0.1"
    assert event["headers"]["X-Forwarded-Port"] == str(served.port())
    assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", event["headers"]["X-Amzn-Trace-Id"])
    assert event["headers"]["Sec-WebSocket-Version"] == "13"
    assert not {name.lower() for name in event["headers"]} & {"connection", "upgrade"}


@pytest.mark.statement("websocket.authorizer-event", "websocket.stage-variables")
def test_the_event_of_the_authorizer(served: Served) -> None:
    with served.connect() as client:
        context = context_of(client)
    event = served.event("AUTHORIZER", context["connectionId"])
    assert event.keys() == {
        "type", "methodArn", "headers", "multiValueHeaders", "queryStringParameters",
        "multiValueQueryStringParameters", "stageVariables", "requestContext", "isBase64Encoded",
    }  # fmt: skip
    assert event["type"] == "REQUEST"
    place = f"{served.endpoints.region}:{served.endpoints.account_id}:{context['apiId']}/live"
    assert event["methodArn"] == f"arn:aws:execute-api:{place}/$connect"
    assert event["headers"]["Upgrade"] == "websocket"
    assert event["queryStringParameters"] == {"token": "ann"}
    assert event["stageVariables"] == {"colour": "blue"}
    assert event["requestContext"].keys() == IN_ALL
    assert event["requestContext"]["routeKey"] == "$connect"


@pytest.mark.statement("websocket.stage-variables", "websocket.context")
def test_a_stage_without_variables_and_an_api_without_an_authorizer(served: Served) -> None:
    with served.connect("Nested") as client:
        context = context_of(client)
    event = served.event("CONNECT", context["connectionId"])
    assert "stageVariables" not in event
    assert not {"queryStringParameters", "multiValueQueryStringParameters"} & event.keys()
    assert event["requestContext"].keys() == IN_ALL


@pytest.mark.statement("websocket.connection-id")
def test_connection_ids_are_base64_and_may_hold_what_urls_escape(served: Served) -> None:
    found: set[str] = set()
    while not all(any(character in one for one in found) for character in "=/+"):
        with served.connect("Bare") as client:
            found.add(context_of(client)["connectionId"])
        assert len(found) < 300
    assert all(len(base64.b64decode(one, validate=True)) == 11 for one in found)
