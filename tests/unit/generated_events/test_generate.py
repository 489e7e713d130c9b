"""Generated events are those that the function's event sources send."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from local.application import (
    Application,
    BucketNotification,
    HttpApi,
    HttpRoute,
    JwtAuthorizer,
    KafkaMapping,
    RequestAuthorizer,
    Schedule,
    WebSocketApi,
    WebSocketRoute,
)
from local.endpoints import Endpoints
from local.generated_events.asked import Asked
from local.generated_events.generate import generate, sources
from local.start_error import StartError

JWT = JwtAuthorizer("jwt", "https://issuer", ("app",))
SOCKET_ROUTES = {
    "$connect": WebSocketRoute("$connect", "socket"),
    "$disconnect": WebSocketRoute("$disconnect", "socket"),
    "send": WebSocketRoute("send", "socket"),
    "$default": WebSocketRoute("$default", "other"),
}
APPLICATION = Application(
    Path("template.yaml"),
    {},
    http_apis=(
        HttpApi(
            "Http",
            "abc",
            "$default",
            (
                HttpRoute("GET /pets/{name}", "pets", authorizer=JWT, scopes=("read",)),
                HttpRoute("POST /pets", "pets", payload_version="1.0"),
                HttpRoute("ANY /files/{path+}", "files"),
                HttpRoute("GET /files/special", "special"),
            ),
        ),
    ),
    websocket_apis=(
        WebSocketApi(
            "Socket", "def", "live", "$request.body.action", SOCKET_ROUTES, RequestAuthorizer("authorizer"), {}
        ),
    ),
    kafka_mappings=(
        KafkaMapping("M", "uuid", "reader", "cats", "g", "arn:aws:kafka:x"),
        KafkaMapping("N", "uuid", "reader", "dogs", "g", "arn:aws:kafka:x"),
    ),
    bucket_notifications=(
        BucketNotification("photos", "Photos-0", "s3:ObjectCreated:*", "resizer", "cats/", ".jpg"),
        BucketNotification("photos", "Photos-1", "s3:ObjectRemoved:*", "resizer"),
    ),
    schedules=(Schedule("S", "s", "arn:aws:events:us-east-1:1:rule/s", "rate(1 minute)", "clock"),),
)


def event(function: str, **asked: Any) -> Any:
    return json.loads(generate(APPLICATION, function, Asked(**asked), Endpoints()))


def test_http_of_the_first_route() -> None:
    made = event("pets")
    assert (made["version"], made["routeKey"], made["rawPath"]) == ("2.0", "GET /pets/{name}", "/pets/name")
    assert made["pathParameters"] == {"name": "name"}
    assert made["headers"]["host"] == "127.0.0.1:8000"
    assert made["requestContext"]["authorizer"]["jwt"] == {
        "claims": {"iss": "https://issuer", "aud": "app", "sub": "someone", "scope": "read"},
        "scopes": ["read"],
    }


def test_http_as_asked() -> None:
    made = event(
        "pets",
        path="/pets/Rex?a=1",
        query=(("a", "2"), ("b", "x y")),
        headers=(("X-A", "1"),),
        claims=(("sub", "ada"),),
    )
    assert made["rawQueryString"] == "a=1&a=2&b=x+y"
    assert made["queryStringParameters"] == {"a": "1,2", "b": "x y"}
    assert made["headers"]["x-a"] == "1"
    assert made["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] == "ada"
    made = event("pets", method="post", path="/pets", body='{"name":"Rex"}')
    assert (made["version"], made["httpMethod"], made["body"]) == ("1.0", "POST", '{"name":"Rex"}')
    assert made["headers"]["content-type"] == "application/json"
    assert event("files", method="PUT", path="/files/a/b")["pathParameters"] == {"path": "a/b"}


def test_http_that_another_function_would_get_is_refused() -> None:
    with pytest.raises(StartError, match="GET /files/special does not lead to files; its routes are: ANY /files"):
        event("files", method="GET", path="/files/special")
    with pytest.raises(StartError, match="DELETE does not lead to pets"):
        event("pets", method="DELETE")


def test_kafka() -> None:
    made = event("reader", topic="dogs", keys=("k",), values=("one", "two"), headers=(("h", "é"),))
    assert (made["eventSource"], made["bootstrapServers"]) == ("aws:kafka", "127.0.0.1:9092")
    records = made["records"]["dogs-0"]
    assert [record["offset"] for record in records] == [0, 1]
    assert [base64.b64decode(record["value"]) for record in records] == [b"one", b"two"]
    assert {record["key"] for record in records} == {"aw=="}
    assert records[0]["headers"] == [{"h": [-61, -87]}]
    assert "key" not in event("reader")["records"]["cats-0"][0]
    with pytest.raises(StartError, match="2 keys for 3 values"):
        event("reader", keys=("1", "2"), values=("1", "2", "3"))
    with pytest.raises(StartError, match="reads no topic birds; it reads: cats, dogs"):
        event("reader", topic="birds")


def test_websocket() -> None:
    made = event("socket", query=(("token", "abc"),))
    assert made["requestContext"]["eventType"] == "CONNECT"
    assert made["queryStringParameters"] == {"token": "abc"}
    assert made["requestContext"]["authorizer"] == {"principalId": "someone"}
    assert made["requestContext"]["domainName"] == "127.0.0.1:8765"
    made = event("socket", body='{"action":"send","n":1}')
    assert (made["requestContext"]["routeKey"], made["body"]) == ("send", '{"action":"send","n":1}')
    assert event("socket", route="send")["body"] == '{"action":"send"}'
    assert event("socket", route="$disconnect")["requestContext"]["disconnectStatusCode"] == 1000
    assert event("other")["body"] == "hello"
    made = event("socket", claims=(("user_id", "7"),))
    assert made["requestContext"]["authorizer"] == {"principalId": "someone", "user_id": "7"}
    with pytest.raises(StartError, match=r"route \$default does not lead to socket"):
        event("socket", body="text")


def test_authorizer_and_schedule() -> None:
    made = event("authorizer", query=(("token", "abc"),))
    assert (made["type"], made["queryStringParameters"]) == ("REQUEST", {"token": "abc"})
    assert event("clock")["detail-type"] == "Scheduled Event"


def test_objects_of_a_bucket() -> None:
    assert sources(APPLICATION, "resizer") == ["s3"]
    (made,) = event("resizer")["Records"]
    assert (made["eventName"], made["s3"]["object"]["key"]) == ("ObjectCreated:Put", "cats/example.jpg")
    (made,) = event("resizer", keys=("dogs/1",))["Records"]
    assert (made["eventName"], made["s3"]["configurationId"]) == ("ObjectRemoved:Delete", "Photos-1")


def test_what_does_not_fit_is_refused() -> None:
    assert sources(APPLICATION, "pets") == ["http"]
    with pytest.raises(StartError, match="pets is not invoked by kafka; its event sources are: http"):
        event("pets", values=("1",))
    with pytest.raises(StartError, match="nobody has no event source"):
        event("nobody")
