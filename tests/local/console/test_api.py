"""The console's JSON API over a running stack."""

import json
from typing import Any

import boto3
import pytest
from botocore.config import Config
from websockets.sync.client import connect

from tests.local.console.served import Served, until

pytestmark = pytest.mark.engines

ECHO = "/api/functions/shop-EchoFunction"


def engine(console: Served, service: str) -> Any:
    return boto3.client(
        service, endpoint_url=console.endpoints.aws_url, region_name="us-east-1", aws_access_key_id="test",
        aws_secret_access_key="test", config=Config(retries={"max_attempts": 0}),
    )  # fmt: skip


def test_the_stack_tells_its_addresses_and_what_it_leaves_out(console: Served) -> None:
    about = console.get("/api/stack")
    assert about["addresses"]["HTTP API"] == console.endpoints.http_url
    assert about["functions"]["shop-EchoFunction"] == "EchoFunction"
    assert all(one["reason"] for one in about["ignored"])


def test_a_function_tells_its_configuration_and_what_invokes_it(console: Served) -> None:
    function = console.get(ECHO)
    assert (function["handler"], function["memory_mb"], function["timeout_s"]) == ("app.handler", 256, 15)
    kinds = {source["kind"]: source for source in function["sources"]}
    assert kinds["http"]["route"] == "POST /echo/{name}"
    assert kinds["schedule"]["expression"] == "rate(1 day)"
    assert kinds["schedule"]["next"]
    orders = console.get("/api/functions/shop-OrdersFunction")["sources"]
    assert [(one["kind"], one["topic"], one["group"]) for one in orders] == [("kafka", "orders", "kitchen")]


def test_a_secret_is_told_only_by_itself(console: Served) -> None:
    variables = {one["name"]: one for one in console.get(ECHO)["variables"]}
    assert variables["GREETING"] == {"name": "GREETING", "value": "hello", "secret": False}
    assert variables["ADMIN_PASSWORD"]["value"] is None
    assert console.get(f"{ECHO}/variables/ADMIN_PASSWORD") == {"value": "hunter2"}
    assert console.send("GET", f"{ECHO}/variables/NONE")[0] == 404


def test_an_invocation_is_listed_shown_and_replayed(console: Served) -> None:
    first = console.invoke({"body": "to be replayed"})
    assert first["function_error"] is None
    assert any("to be replayed" in line for line in first["log"])
    captured = console.get(f"/api/invocations/{first['request_id']}")
    assert captured["event"] == '{"body": "to be replayed"}'
    assert captured["response"] == first["response"]
    assert captured["log"][0].startswith("START RequestId")
    again = console.post(f"/api/invocations/{first['request_id']}/replay", {})
    assert again["response"] == first["response"]
    assert again["request_id"] != first["request_id"]
    changed = console.post(f"/api/invocations/{first['request_id']}/replay", {"event": {"body": "changed"}})
    assert "changed" in changed["response"]
    listed = console.get("/api/invocations?function=shop-EchoFunction&text=to+be+replayed&limit=10")["items"]
    assert [one["request_id"] for one in listed] == [again["request_id"], first["request_id"]]


def test_failures_are_listed_with_their_error_and_pages_follow_each_other(console: Served) -> None:
    failed = [console.invoke({"fail": f"broken {number}"})["request_id"] for number in range(3)]
    page = console.get("/api/invocations?errors=1&text=broken&limit=2")
    rest = console.get(f"/api/invocations?errors=1&text=broken&limit=2&before={page['next']}")
    assert [one["request_id"] for one in page["items"] + rest["items"]] == failed[::-1]
    assert page["items"][0]["error_type"] == "ValueError"
    assert page["items"][0]["error_message"] == "broken 2"


def test_a_request_by_hand_reaches_the_api(console: Served) -> None:
    api = console.get("/api/routes")["http"][0]
    assert [one["route"] for one in api["routes"]] == ["POST /echo/{name}"]
    wish = {"api": api["api"], "method": "POST", "path": "/echo/me", "body": "hi",
            "headers": [{"name": "content-type", "value": "text/plain"}]}  # fmt: skip
    answer = console.post("/api/http-requests", wish)
    assert answer["status"] == 200
    assert answer["body"]["text"] == '{"said": "hi"}'
    assert console.post("/api/http-requests", wish | {"path": "/nowhere"})["status"] == 404


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/api/http-requests", {"api": "None"}, 404, "no HTTP API None"),
        ("/api/http-requests", {"api": "Http", "path": "@evil.example/"}, 400, "path must begin with /"),
        ("/api/http-requests", {"api": "Http", "method": "TRACE"}, 400, "method must be one of"),
        (f"{ECHO}/invocations", {}, 400, "event is missing"),
        (f"{ECHO}/invocations", [], 400, "not an object"),
        ("/api/functions/none/invocations", {"event": {}}, 404, "no function none"),
        ("/api/invocations/none/replay", {}, 404, "no invocation none"),
        ("/api/connections/send", {"api": "Socket", "connection_id": "x"}, 400, "text is missing"),
        ("/api/connections/send", {"api": "Socket", "connection_id": "x", "text": ""}, 409, "no open connection"),
        ("/api/connections/close", {"api": "None", "connection_id": "x"}, 409, "no WebSocket API None"),
        ("/api/nothing", {}, 404, "no POST /api/nothing"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_what_is_wrong(console: Served, path: str, body: Any, status: int, said: str) -> None:
    answered, answer = console.send("POST", path, body)
    assert answered == status, answer
    assert said in answer["error"]


@pytest.mark.parametrize("query", ["limit=x", "limit=999", "before=-1", "limit=%D9%A1"])
def test_a_bad_number_is_refused(console: Served, query: str) -> None:
    status, body = console.send("GET", f"/api/invocations?{query}")
    assert status == 400
    assert "whole number" in body["error"]


def test_connections_get_messages_and_are_closed(console: Served) -> None:
    with connect(console.endpoints.websocket_url) as client, console.live() as page:
        page.send('{"id": 1, "channel": "connections"}')
        one = until(lambda: next(iter(json.loads(page.recv(30))["data"]["items"]), None))
        assert (one["api"], one["source_ip"]) == ("Socket", "127.0.0.1")
        who = {"api": one["api"], "connection_id": one["connection_id"]}
        console.post("/api/connections/send", who | {"text": "olá"})
        assert client.recv(30) == "olá"
        console.post("/api/connections/close", who)
        with pytest.raises(Exception, match="1000"):
            client.recv(30)
        until(lambda: json.loads(page.recv(30))["data"]["total"] == 0)


def test_tables_are_scanned_in_pages(console: Served) -> None:
    dynamodb = engine(console, "dynamodb")
    for number in range(5):
        dynamodb.put_item(TableName="orders", Item={"id": {"S": f"n{number}"}, "big": {"N": "12345678901234567890"}})
    (table,) = console.get("/api/tables")["items"]
    assert (table["name"], table["logical_id"], table["items"]) == ("orders", "OrdersTable", 5)
    assert table["keys"] == [{"name": "id", "type": "S", "role": "HASH"}]
    page = console.get("/api/tables/orders/items?limit=3")
    rest = console.get(f"/api/tables/orders/items?limit=3&after={page['next']}")
    assert sorted(item["id"]["S"] for item in page["items"] + rest["items"]) == ["n0", "n1", "n2", "n3", "n4"]
    assert rest["next"] is None
    assert console.send("GET", "/api/tables/none/items")[0] == 404
    assert console.send("GET", "/api/tables/orders/items?after=x")[0] == 400


def test_buckets_list_their_objects(console: Served) -> None:
    s3 = engine(console, "s3")
    for key in ("a/<b>.txt", "a/2", "z"):
        s3.put_object(Bucket="photos", Key=key, Body=b"12345")
    assert console.get("/api/buckets")["items"] == [{"name": "photos", "logical_id": "Photos"}]
    page = console.get("/api/buckets/photos/objects?limit=2")
    rest = console.get(f"/api/buckets/photos/objects?limit=2&after={page['next']}")
    assert sorted(one["key"] for one in page["items"] + rest["items"]) == ["a/2", "a/<b>.txt", "z"]
    assert {one["size"] for one in page["items"]} == {5}
    assert len(console.get("/api/buckets/photos/objects?prefix=a/")["items"]) == 2
    assert console.send("GET", "/api/buckets/none/objects")[0] == 404
