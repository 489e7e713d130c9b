"""Live updates over one WebSocket."""

import json
from typing import Any

import pytest
from websockets.sync.client import ClientConnection

from tests.local.console.served import Served, until

pytestmark = pytest.mark.engines


def heard(page: ClientConnection, number: int) -> Any:
    while True:
        message = json.loads(page.recv(30))
        if message["id"] == number:
            return message


def test_the_status_changes_with_what_happens(console: Served) -> None:
    with console.live() as page:
        page.send(json.dumps({"id": 1, "channel": "status"}))
        before = function_of(heard(page, 1)["data"])
        console.invoke({"body": "x"})
        after = until(
            lambda: now if (now := function_of(heard(page, 1)["data"]))["invocations"] > before["invocations"] else None
        )
        assert after["p50_ms"] > 0
        assert sum(ran for ran, _ in after["bars"]) > 0


def function_of(status: Any) -> Any:
    return next(one for one in status["functions"] if one["logical_id"] == "EchoFunction")


def test_every_part_is_in_the_status(console: Served) -> None:
    with console.live() as page:
        page.send(json.dumps({"id": 1, "channel": "status"}))
        status = heard(page, 1)["data"]
    assert {engine["name"]: engine["state"] for engine in status["engines"]}["kafka"] == "running"
    assert {topic["name"] for topic in status["topics"]} >= {"orders", "letters"}
    assert [mapping["topic"] for mapping in status["mappings"]] == ["orders"]


def test_invocations_come_as_they_happen_and_as_wanted(console: Served) -> None:
    with console.live() as page:
        page.send(json.dumps({"id": 7, "channel": "invocations", "params": {"errors": True}}))
        page.send(json.dumps({"id": 8, "channel": "nothing"}))
        assert "no channel" in heard(page, 8)["error"]
        console.invoke({"body": "fine"})
        failed = console.invoke({"fail": "live"})["request_id"]
        batch = heard(page, 7)["data"]
        assert [one["request_id"] for one in batch] == [failed]


def test_a_log_is_followed_in_whole_lines_with_their_streams(console: Served) -> None:
    with console.live() as page:
        page.send(json.dumps({"id": 2, "channel": "logs", "params": {"function": "shop-EchoFunction"}}))
        heard(page, 2)
        console.invoke({"body": "a line of the log"})
        lines: list[Any] = []
        until(lambda: lines.extend(heard(page, 2)["data"]) or any(one["text"].startswith("REPORT") for one in lines))
        (one,) = [line for line in lines if "a line of the log" in line["text"]]
        assert json.loads(one["text"])["level"] == "WARNING"
        assert "[$LATEST]" in one["stream"]
        page.send(json.dumps({"id": 3, "channel": "logs", "params": {"function": "../../x"}}))
        assert "no function" in heard(page, 3)["error"]


def test_what_is_not_understood_ends_nothing(console: Served) -> None:
    with console.live() as page:
        for text in ("", "[]", "{}", '{"id": "x"}', "[" * 5000):
            page.send(text)
        page.send(json.dumps({"id": 1, "channel": "connections"}))
        assert heard(page, 1)["data"]["total"] >= 0
