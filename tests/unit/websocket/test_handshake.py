"""Where the token of a WebSocket stands, and what is agreed on."""

from typing import Any

import pytest

from chat4all.websocket.handshake import agreed, token_of


@pytest.mark.parametrize(
    ("event", "token"),
    [
        ({"queryStringParameters": {"token": "abc"}}, "abc"),
        ({"headers": {"Sec-WebSocket-Protocol": "chat4all.v1, bearer.a.b.c"}}, "a.b.c"),
        ({"headers": {"sec-websocket-protocol": "bearer.a.b.c"}}, "a.b.c"),
        ({"queryStringParameters": {"token": "q"}, "headers": {"Sec-WebSocket-Protocol": "bearer.h"}}, "q"),
        ({"queryStringParameters": None, "headers": {"Host": "x"}}, None),
        ({"queryStringParameters": {"token": ""}}, None),
        ({}, None),
    ],
)
def test_the_token(event: dict[str, Any], token: str | None) -> None:
    assert token_of(event) == token


@pytest.mark.parametrize(
    ("offered", "headers"),
    [
        ("chat4all.v1, bearer.x", {"Sec-WebSocket-Protocol": "chat4all.v1"}),
        ("bearer.x,chat4all.v1", {"Sec-WebSocket-Protocol": "chat4all.v1"}),
        ("chat4all.v1, bearer.x, chat4all.v1.batches", {"Sec-WebSocket-Protocol": "chat4all.v1.batches"}),
        ("chat4all.v2", {}),
        ("", {}),
    ],
)
def test_the_subprotocol_is_echoed_only_where_it_was_offered(offered: str, headers: dict[str, str]) -> None:
    assert agreed({"headers": {"Sec-WebSocket-Protocol": offered}}) == headers
