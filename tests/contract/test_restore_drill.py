"""scripts/restore-drill on the real engine; what only AWS has, point-in-time recovery, is answered before it by a server."""

import json
import threading
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from infra.restore.__main__ import main
from infra.restore.comparison import compare
from tests.contract.conftest import DynamoDb

pytestmark = pytest.mark.engines
_TABLE = {
    "AttributeDefinitions": [
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "seq", "AttributeType": "N"},
        {"AttributeName": "day", "AttributeType": "S"},
    ],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "seq", "KeyType": "RANGE"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_day",
            "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}


def _item(number: int, text: str = "hello") -> dict[str, Any]:
    return {
        "id": {"S": "a"},
        "seq": {"N": str(number)},
        "day": {"S": "2026-11-22"},
        "more": {"M": {"binary": {"S": text}, "bytes": {"B": b"\x00\xff"}, "set": {"SS": ["y", "x"]}}},
    }


@pytest.fixture
def table(dynamodb: DynamoDb) -> Iterator[str]:
    """With 60 items."""
    name = f"drill-{uuid.uuid4().hex}-notes"
    dynamodb.client.create_table(TableName=name, **_TABLE)
    for number in range(60):
        dynamodb.client.put_item(TableName=name, Item=_item(number))
    yield name
    dynamodb.client.delete_table(TableName=name)


def _drill(table: str, *options: str) -> int:
    return main(["--prefix", table.removesuffix("notes"), *options])


def _names(dynamodb: DynamoDb) -> set[str]:
    return {name for page in dynamodb.client.get_paginator("list_tables").paginate() for name in page["TableNames"]}


def test_a_copy_is_the_same_and_leaves_nothing_behind(
    dynamodb: DynamoDb, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _names(dynamodb)
    assert _drill(table, "--copy") == 0
    assert f"{table}: 60 items, 60 the same, 0 changed since, 0 newer, 0 lost since" in capsys.readouterr().out
    assert _names(dynamodb) == before


class _Recovery(BaseHTTPRequestHandler):
    """Point-in-time recovery, of the one moment at which `remember` was called; everything else is the engine's."""

    engine: str
    kept: dict[str, list[dict[str, Any]]]
    enabled = True
    asked: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        operation = self.headers["x-amz-target"].split(".")[1]
        if operation == "DescribeContinuousBackups":
            status = "ENABLED" if self.enabled else "DISABLED"
            recovery = {"PointInTimeRecoveryStatus": status}
            recovery |= {"LatestRestorableDateTime": 1_795_000_000} if self.enabled else {}
            said = {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery}
            return self._answer(200, json.dumps({"ContinuousBackupsDescription": said}).encode())
        if operation == "RestoreTableToPointInTime":
            wanted = json.loads(body)
            self.asked.append(wanted)
            name = wanted["TargetTableName"]
            self._forward("CreateTable", json.dumps({"TableName": name, **_TABLE}).encode())
            for item in self.kept[wanted["SourceTableName"]]:
                self._forward("PutItem", json.dumps({"TableName": name, "Item": item}).encode())
            return self._answer(200, json.dumps({"TableDescription": {"TableName": name}}).encode())
        return self._answer(200, self._forward(operation, body))

    def _forward(self, operation: str, body: bytes) -> bytes:
        headers = {
            name: value for name, value in self.headers.items() if name.lower() not in ("host", "content-length")
        }
        headers |= {"X-Amz-Target": f"DynamoDB_20120810.{operation}", "Accept-Encoding": "identity"}
        request = urllib.request.Request(self.engine, body, headers, method="POST")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return bytes(answer.read())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def recovery(dynamodb: DynamoDb, table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Recovery]]:
    """The table as it is now can be recovered."""
    wire = [json.loads(json.dumps(_item(number), default=lambda _: "AP8=")) for number in range(60)]
    handler = type("Handler", (_Recovery,), {"engine": dynamodb.endpoint, "kept": {table: wire}, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{server.server_port}")
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_was_lost_is_found_put_back_and_nothing_newer_is_touched(
    dynamodb: DynamoDb, table: str, recovery: type[_Recovery], capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (3, 4, 59):
        dynamodb.client.delete_item(TableName=table, Key={"id": {"S": "a"}, "seq": {"N": str(number)}})
    dynamodb.client.put_item(TableName=table, Item=_item(5, "edited"))
    dynamodb.client.put_item(TableName=table, Item=_item(60))
    before = _names(dynamodb)
    assert _drill(table, "--tables", "notes", "--put-back", "--at", "2026-11-22T08:00:00Z") == 0
    said = capsys.readouterr().out
    assert f"{table}: 60 items, 56 the same, 1 changed since, 1 newer, 3 lost since" in said
    assert "3 items put back" in said
    assert _names(dynamodb) == before
    asked = recovery.asked[0]
    assert asked["SourceTableName"] == table
    assert asked["RestoreDateTime"] == datetime(2026, 11, 22, 8, tzinfo=UTC).timestamp()
    now = {int(item["seq"]["N"]): item for item in dynamodb.client.scan(TableName=table)["Items"]}
    assert sorted(now) == list(range(61))
    assert now[5]["more"]["M"]["binary"] == {"S": "edited"}
    assert now[3]["more"]["M"]["bytes"] == {"B": b"\x00\xff"}


def test_nothing_is_put_back_that_was_not_named(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Who left and what was erased looks as what was lost."""
    with pytest.raises(SystemExit) as ended:
        _drill(table, "--put-back", "--copy")
    assert ended.value.code == 2
    assert "--put-back needs --tables" in capsys.readouterr().err


def test_without_a_moment_it_is_the_last_one_that_all_have(
    table: str, recovery: type[_Recovery], capsys: pytest.CaptureFixture[str]
) -> None:
    assert _drill(table) == 0
    assert recovery.asked[0]["RestoreDateTime"] == 1_795_000_000
    assert "60 the same" in capsys.readouterr().out


def test_a_table_without_recovery_and_one_that_is_not_there_are_named(
    table: str, recovery: type[_Recovery], capsys: pytest.CaptureFixture[str]
) -> None:
    recovery.enabled = False
    assert _drill(table) == 1
    assert f"error: {table}: point-in-time recovery is off" in capsys.readouterr().err
    assert _drill(table, "--tables", "nothing") == 1
    assert "there is no table " in capsys.readouterr().err
    with pytest.raises(SystemExit):
        _drill(table, "--at", "2026-11-22T08:00:00")


def test_sets_have_no_order_and_keys_of_several_parts_are_told_apart() -> None:
    one, two = _item(1), _item(1)
    two["more"]["M"]["set"]["SS"].reverse()
    assert compare([one], [two], ("id", "seq")).is_same
    assert compare([_item(1)], [_item(2)], ("id", "seq")).newer == 1
