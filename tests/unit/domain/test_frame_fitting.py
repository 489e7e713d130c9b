"""What a frame leaves out where it is too large."""

import json
from typing import Any

import pytest

from chat4all.domain.frame_fitting import batched, encoded, fitted

LIMIT = 10_000


def frame(**data: Any) -> dict[str, Any]:
    return {
        "type": "message.created",
        "conversation_id": "c",
        "seq": 7,
        "time": "t",
        "data": {"message_id": "m", **data},
    }


@pytest.mark.parametrize(
    ("data", "left_out"),
    [
        ({"content": "x" * 9_000}, None),
        ({"content": "x" * 9_000, "reactions": ["y" * 2_500]}, ["reactions"]),
        ({"content": "x" * 9_000, "reactions": ["y" * 2_500], "metadata": "z" * 3_000}, ["content"]),
        ({"content": "x" * 20_000, "reactions": ["y" * 2_500]}, ["content"]),
        ({"content": "x" * 20_000, "reactions": ["y" * 9_950]}, ["content", "reactions"]),
        ({"content": "\x00" * 5_000}, ["content"]),
        ({"content": "é" * 5_500}, ["content"]),
    ],
)
def test_as_little_as_will_do_is_left_out_and_named(data: dict[str, Any], left_out: list[str] | None) -> None:
    sent = fitted(frame(**data), LIMIT)
    assert len(sent) <= LIMIT
    told = json.loads(sent)["data"]
    assert told.get("truncated") == left_out
    assert {name: value for name, value in told.items() if name != "truncated"} == {
        name: value for name, value in frame(**data)["data"].items() if name not in (left_out or [])
    }


def test_what_has_no_data_is_sent_as_it_is() -> None:
    error = {"type": "error", "id": 1, "error": {"detail": "x" * LIMIT}}
    assert fitted(error, LIMIT) == encoded(error)


def test_text_is_utf_8_and_short() -> None:
    assert fitted({"data": {"content": "grüße 😀\x00"}}) == '{"data":{"content":"grüße 😀\\u0000"}}'.encode()


@pytest.mark.parametrize(
    ("sizes", "messages"),
    [
        ([], []),
        ([5], [1]),
        ([5, 5], [2]),
        ([40, 40], [2]),
        ([40, 50], [2]),
        ([40, 58], [1, 1]),
        ([200, 5, 5], [1, 2]),
        ([30] * 7, [3, 3, 1]),
    ],
)
def test_several_frames_go_in_one_message_in_order_as_long_as_they_fit(sizes: list[int], messages: list[int]) -> None:
    frames = [json.dumps(str(n) + "x" * (size - 3)).encode() for n, size in enumerate(sizes)]
    sent = batched(frames, 100)
    assert all(len(one) <= 100 or one in frames for one in sent)
    documents = [json.loads(one) for one in sent]
    assert [len(one) if isinstance(one, list) else 1 for one in documents] == messages
    assert [text for one in documents for text in (one if isinstance(one, list) else [one])] == [
        json.loads(f) for f in frames
    ]
