"""Frames that match no route."""

import pytest

from chat4all.websocket.unmatched import answer


@pytest.mark.parametrize(
    ("body", "request_id", "code"),
    [
        ("no json", None, "invalid_json"),
        ("", None, "invalid_json"),
        (None, None, "invalid_json"),
        ("[1]", None, "invalid_json"),
        ("[" * 100_000, None, "invalid_json"),
        ("{}", None, "unknown_action"),
        ('{"id": "a"}', "a", "unknown_action"),
        ('{"id": 7, "action": "dance"}', 7, "unknown_action"),
        ('{"id": {"x": 1}, "action": 5}', None, "unknown_action"),
        ('{"id": true, "action": "' + "x" * 10_000 + '"}', None, "unknown_action"),
    ],
)
def test_it_is_said_what_is_wrong(body: str | None, request_id: str | int | None, code: str) -> None:
    frame = answer(body)
    assert (frame["type"], frame["id"], frame["error"]["code"]) == ("error", request_id, code)
    assert len(frame["error"]["detail"]) < 200
    if code == "unknown_action":
        assert "send, edit, delete, react, receipt, typing, sync, heartbeat" in frame["error"]["detail"]
