import json
from pathlib import Path
from typing import Any

import pytest

from local.application import WebSocketApi
from local.websocket_api.events import (
    ApiIdentity,
    Moment,
    Upgrade,
    authorizer_event,
    connect_event,
    disconnect_event,
    message_event,
)
from local.websocket_api.session import Session

FIXTURES = Path(__file__).parents[2] / "fixtures" / "api_gateway"
NOT_OF_WEBSOCKETS = {
    # This fixture is a REST API's with the fields of WebSocket APIs added.
    "resource", "path", "httpMethod", "pathParameters", "body",
    "accountId", "resourceId", "resourcePath", "error", "integrationLatency", "status",
}  # fmt: skip
IDENTITY = ApiIdentity(
    WebSocketApi("Ws", "dl7ptocha9", "prod", "$request.body.action", {}), "000000000000", "us-east-1", "127.0.0.1:8765"
)
UPGRADE = Upgrade([("Host", "x"), ("X-A", "1"), ("X-A", "2")], "name=me&name=you&empty=")


def load(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((FIXTURES / f"go-apigw-websocket-{name}.json").read_text())
    return event


@pytest.fixture
def session() -> Session:
    return Session("49.105.91.154", "Mozilla/5.0", connection_id="R1kmxc2VNjMCFIA=", connected_ms=1705751697419)


def test_a_message_has_the_shape_of_the_real_one(session: Session) -> None:
    real = load("request-send-message")
    moment = Moment("R1knPH17NjMFftw=", real["requestContext"]["requestTimeEpoch"])
    ours = message_event(IDENTITY, session, moment, "$default", real["body"])
    assert ours.keys() == real.keys()
    assert ours["requestContext"].keys() == real["requestContext"].keys()
    for key in ("requestTime", "connectedAt", "requestTimeEpoch", "eventType", "messageDirection", "connectionId"):
        assert ours["requestContext"][key] == real["requestContext"][key]
    assert "headers" not in ours
    assert ours["body"] == real["body"]


def test_a_disconnect_has_the_shape_of_the_real_one(session: Session) -> None:
    real = load("request-disconnect")
    moment = Moment("R1koeHsUtjMFbRw=", real["requestContext"]["requestTimeEpoch"])
    ours = disconnect_event(IDENTITY, session, moment, 1001, "")
    assert ours.keys() == real.keys()
    assert ours["headers"].keys() == real["headers"].keys()
    assert ours["multiValueHeaders"].keys() == real["multiValueHeaders"].keys()
    assert ours["requestContext"].keys() == real["requestContext"].keys()
    for key in ("routeKey", "eventType", "disconnectStatusCode", "disconnectReason", "requestTime", "requestId"):
        assert ours["requestContext"][key] == real["requestContext"][key]


def test_a_connect_has_what_the_real_one_has(session: Session) -> None:
    real = load("request")
    session.authorizer = {"principalId": "admin", "clientId": 1, "clientName": "Exata"}
    ours = connect_event(IDENTITY, session, UPGRADE, Moment())
    assert ours.keys() == real.keys() - NOT_OF_WEBSOCKETS - {"stageVariables"}
    assert ours["requestContext"].keys() == real["requestContext"].keys() - NOT_OF_WEBSOCKETS
    assert ours["requestContext"]["authorizer"] == real["requestContext"]["authorizer"]
    assert "messageId" not in ours["requestContext"]
    assert ours["queryStringParameters"] == {"name": "you", "empty": ""}
    assert ours["multiValueQueryStringParameters"] == {"name": ["me", "you"], "empty": [""]}
    assert ours["headers"]["X-A"] == "2"
    assert ours["multiValueHeaders"]["X-A"] == ["1", "2"]


def test_the_authorizer_gets_a_request_event(session: Session) -> None:
    event = authorizer_event(IDENTITY, session, UPGRADE, Moment())
    assert event["type"] == "REQUEST"
    assert event["methodArn"] == "arn:aws:execute-api:us-east-1:000000000000:dl7ptocha9/prod/$connect"
    assert "authorizer" not in event["requestContext"]


def test_without_a_query_or_agent_there_are_no_such_keys() -> None:
    event = connect_event(IDENTITY, Session("::1", None), Upgrade([], ""), Moment())
    assert not {"queryStringParameters", "multiValueQueryStringParameters", "stageVariables"} & event.keys()
    assert event["requestContext"]["identity"] == {"sourceIp": "::1"}
