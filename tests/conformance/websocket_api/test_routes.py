"""Where messages go, and what comes back."""

import json
from typing import Any

import pytest
from websockets.sync.client import ClientConnection

from tests.conformance.websocket_api.served import WITHIN_S, Event, Served, context_of, until

pytestmark = pytest.mark.engines


def ask(client: ClientConnection, message: Any) -> str:
    client.send(message if isinstance(message, str) else json.dumps(message))
    return str(client.recv(WITHIN_S))


def error_of(text: str, connection_id: str) -> str:
    """Message of an error; it has to be worded as AWS words it, blanks included."""
    answer = json.loads(text)
    assert answer.keys() == {"message", "connectionId", "requestId"}
    assert answer["connectionId"] == connection_id
    request_id = answer["requestId"]
    assert text == f'{{"message": "{answer["message"]}", "connectionId":"{connection_id}", "requestId":"{request_id}"}}'
    return str(answer["message"])


@pytest.mark.statement("websocket.route-selection")
def test_the_expression_selects_the_route(served: Served) -> None:
    with served.connect() as client, served.connect("Nested") as nested:
        assert ask(client, {"action": "echo", "length": 1}).startswith("echo: ")
        assert ask(nested, {"message": {"kind": "echo", "length": 1}}).startswith("echo: ")
        assert ask(nested, {"message": {"kind": 7}}).startswith("7: ")
        assert ask(nested, {"message": {"kind": "7"}}).startswith("7: ")


@pytest.mark.statement("websocket.default-route")
@pytest.mark.parametrize(
    "message",
    [
        "hello", "", "[]", "7", "null", '"echo"', '{"action": "other"}', '{"action": "Echo"}', '{"action": null}',
        '{"action": {"echo": 1}}', '{"action": ["echo"]}', '{"Action": "echo"}', '{"action": "$connect"}',
        '{"action": "$disconnect"}', '{"action": "echo"', "[" * 20_000,
    ],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_what_matches_no_route_goes_to_default(served: Served, message: str) -> None:
    with served.connect() as client:
        assert ask(client, message).startswith("$default: ")


@pytest.mark.statement("websocket.no-default-route")
def test_without_a_default_route_it_is_forbidden(served: Served) -> None:
    with served.connect("Nested") as client:
        connection_id = context_of(client)["connectionId"]
        for message in ("hello", {"message": {"kind": "other"}}, {"message": "echo"}, {"kind": "echo"}):
            assert error_of(ask(client, message), connection_id) == "Forbidden"
        context_of(client)


@pytest.mark.statement("websocket.route-response")
def test_only_a_route_response_makes_answers_reach_the_client(served: Served) -> None:
    with served.connect() as client:
        connection_id = context_of(client)["connectionId"]
        client.send('{"action": "quiet"}')
        served.event("MESSAGE", connection_id)
        assert ask(client, {"action": "echo", "silent": 1}).startswith("echo: ")
        answer = {"statusCode": 500, "headers": {"a": "b"}, "body": "grüße 😀"}
        assert ask(client, {"action": "echo", "silent": 1, "answer": answer}) == "grüße 😀"
        nothing = {"action": "echo", "silent": 1, "answer": {"statusCode": 200}}
        client.send(json.dumps(nothing))
        with pytest.raises(TimeoutError):
            client.recv(0.3)


@pytest.mark.statement("websocket.function-fails")
@pytest.mark.parametrize(
    "wish",
    [
        {"action": "echo", "raise": 1},
        {"action": "echo", "exit": 1},
        {"action": "quiet", "raise": 1},
        {"action": "busy"},
        {"action": "echo", "answer": {"body": "no status"}},
        {"action": "echo", "answer": "text"},
        {"action": "echo", "answer": {"statusCode": 200, "body": {"a": 1}}},
        {"action": "echo", "answer": {"statusCode": 200, "body": "x", "isBase64Encoded": True}},
    ],
    ids=lambda wish: "-".join(wish),
)
def test_a_function_that_fails_is_an_internal_server_error(served: Served, wish: Event) -> None:
    with served.connect() as client:
        connection_id = context_of(client)["connectionId"]
        assert error_of(ask(client, wish), connection_id) == "Internal server error"
        assert ask(client, {"action": "echo"}).startswith("echo: ")


@pytest.mark.statement("websocket.function-fails")
def test_the_request_id_of_an_error_is_that_of_the_event(served: Served) -> None:
    with served.connect() as client:
        connection_id = context_of(client)["connectionId"]
        answer = json.loads(ask(client, {"action": "quiet", "raise": 1}))
        assert served.event("MESSAGE", connection_id)["requestContext"]["requestId"] == answer["requestId"]


@pytest.mark.statement("websocket.integration-timeout")
def test_a_function_that_takes_too_long_is_told_and_runs_on(served: Served) -> None:
    with served.connect() as client:
        connection_id = context_of(client)["connectionId"]
        assert error_of(ask(client, {"action": "hasty", "sleep": 3}), connection_id) == "Endpoint request timed out"
        assert ask(client, {"action": "echo"}).startswith("echo: ")


@pytest.mark.statement("websocket.concurrent")
def test_messages_of_a_connection_are_handled_side_by_side(served: Served) -> None:
    with served.connect() as client:
        client.send('{"action": "echo", "sleep": 2, "name": "slow"}')
        until(lambda: any('"slow"' in one["body"] for one in served.events("MESSAGE")), "the first message")
        assert "quick" in ask(client, {"action": "echo", "name": "quick"})
        assert "slow" in client.recv(WITHIN_S)


@pytest.mark.statement("websocket.concurrent")
def test_all_of_many_messages_are_answered(served: Served) -> None:
    with served.connect() as client:
        for number in range(300):
            client.send(json.dumps({"action": "echo", "silent": 1, "number": number}))
        found = [str(client.recv(WITHIN_S)).removeprefix("echo: ") for _ in range(300)]
    assert sorted(json.loads(one)["number"] for one in found) == list(range(300))
