"""Quotas that the whole account shares, and those of a stage."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection

from tests.conformance.websocket_api.served import WITHIN_S, Served, context_of

pytestmark = pytest.mark.engines


def again() -> Iterator[int]:
    """Counts until it has taken too long."""
    deadline = time.monotonic() + WITHIN_S
    number = 0
    while time.monotonic() < deadline:
        yield number
        number += 1


def get_error(management: Any, connection_id: str) -> str | None:
    try:
        management.get_connection(ConnectionId=connection_id)
    except ClientError as error:
        return f"{error.response['ResponseMetadata']['HTTPStatusCode']} {error.response['Error']['Code']}"
    return None


def page_status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=WITHIN_S) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def answers(client: ClientConnection, count: int) -> list[str]:
    """Answers to so many messages sent at once."""
    for number in range(count):
        client.send(json.dumps({"silent": 1, "number": number}))
    return [str(client.recv(WITHIN_S)) for _ in range(count)]


def enter_many(served: Served, clients: ExitStack) -> None:
    for number in range(20):
        clients.enter_context(served.connect("Nested" if number % 2 else "Bare"))


@pytest.mark.statement("websocket.new-connections")
def test_new_connections_a_second_are_limited_over_all_apis(tmp_path: Path) -> None:
    """2 a second here."""
    served = Served(tmp_path, "--setting=websocket.connects_per_s=2")
    with closing(served) as limited, ExitStack() as clients, pytest.raises(InvalidStatus) as caught:
        enter_many(limited, clients)
    assert caught.value.response.status_code == 429
    assert json.loads(bytes(caught.value.response.body or b""))["message"] == "Too Many Requests"


@pytest.mark.statement("websocket.throttle-shared")
def test_apis_and_connections_commands_share_one_throttle(tmp_path: Path) -> None:
    """4 requests a second here, 2 at once."""
    with closing(Served(tmp_path, "--setting=account.requests_per_s=4")) as limited, limited.connect("Bare") as client:
        context = context_of(client)
        management = limited.management(context)
        found = (get_error(management, context["connectionId"]) for _ in again())
        assert next(filter(None, found)) == "429 LimitExceededException"
        assert 429 in {page_status(limited.endpoints.http_url) for _ in range(50)}
        # What others have used up is not there for messages either.
        replies = (reply for _ in again() for reply in answers(client, 20))
        refusal = json.loads(next(reply for reply in replies if "Too Many" in reply))
        assert refusal["message"] == "Too Many Requests"
        assert refusal.keys() == {"message", "connectionId", "requestId"}
        client.send("still open")
        assert client.recv(WITHIN_S)


@pytest.mark.statement("websocket.throttle-route")
def test_a_route_may_be_throttled(served: Served) -> None:
    """The burst is 2; the next token comes after 100 s."""
    with served.connect("Nested") as client:
        found = []
        for _ in range(4):
            client.send('{"message": {"kind": "limited"}}')
            found.append(str(client.recv(WITHIN_S)))
        assert [one.startswith("limited: ") for one in found] == [True, True, False, False]
        assert {json.loads(one)["message"] for one in found[2:]} == {"Too Many Requests"}
        context_of(client)  # other routes are not
