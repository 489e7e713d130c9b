"""What goes over a WebSocket at once: 128 KB, in frames of 32 KB that the gateway makes (API Gateway, quotas of WebSocket APIs).

A message can be larger: 16,384 control characters are 98 KB of JSON, reactions of 100 members 40 KB. Then it comes without
some of its fields, and `truncated` names them: the API has them (design: section 4).
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

MESSAGE_BYTES = 128 * 1024
"""Payload of one message, to @connections as from a route (413, and an error of the gateway, above it)."""
BATCH_BYTES = 32 * 1024
"""Of several events in one message: one frame of the gateway, and what it charges as one."""
_NAMED_BYTES = 256
"""For the names of what is left out."""


def encoded(document: Mapping[str, Any]) -> bytes:
    """A frame as it is sent: short, and in UTF-8."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def fitted(frame: Mapping[str, Any], limit: int = MESSAGE_BYTES) -> bytes:
    """`frame` encoded; without some fields of its `data`, which `data.truncated` names, where it has more than `limit` bytes.

    What is left out is as little as will do: the smallest field that makes room, or the largest first.
    """
    text = encoded(frame)
    if len(text) <= limit or not isinstance(frame.get("data"), Mapping):
        return text
    data = dict(frame["data"])
    sizes = {name: len(encoded({name: value})) for name, value in data.items()}
    excess = len(text) + _NAMED_BYTES - limit
    left_out: list[str] = []
    while excess > 0 and sizes:
        enough = [name for name, size in sizes.items() if size >= excess]
        name = min(enough, key=sizes.__getitem__) if enough else max(sizes, key=sizes.__getitem__)
        excess -= sizes.pop(name)
        left_out.append(name)
    kept = {name: value for name, value in data.items() if name not in left_out}
    return encoded({**frame, "data": kept | {"truncated": sorted(left_out)}})


def batched(frames: Iterable[bytes], limit: int = BATCH_BYTES) -> list[bytes]:
    """Encoded frames in few messages, in order: one alone as it is, several as a JSON array of at most `limit` bytes."""
    batches: list[list[bytes]] = []
    room = 0
    for frame in frames:
        if not batches or len(frame) + 1 > room:
            batches.append([])
            room = limit - 1
        batches[-1].append(frame)
        room -= len(frame) + 1
    return [batch[0] if len(batch) == 1 else b"[" + b",".join(batch) + b"]" for batch in batches]
