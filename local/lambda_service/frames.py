"""The frames between the service and an environment: two lengths (big-endian, 4 bytes each), JSON about it, the payload.

To an environment: {"request_id", "deadline_ms", "arn", "client_context", "response_bytes"} and the event.
From it: {"kind": "ready" | "init_error" | "result" | "error", "max_memory_kb"} and what the function answered; the last two
have the "request_id" that they are for and the "size" of the answer, which is left out when it is over `response_bytes`.
"""

import json
import struct
from collections.abc import Iterator
from typing import Any

_LENGTHS = struct.Struct(">II")
_MOST_BYTES = 1 << 26
HEADER_BYTES = _LENGTHS.size


def encode(about: dict[str, Any], payload: bytes) -> bytes:
    text = json.dumps(about).encode()
    return b"".join((_LENGTHS.pack(len(text), len(payload)), text, payload))


def lengths(header: bytes) -> tuple[int, int]:
    """Lengths of the JSON and of the payload. Raises ValueError for what no frame has."""
    about, payload = _LENGTHS.unpack(header)
    if max(about, payload) > _MOST_BYTES:
        raise ValueError(f"a frame of {about} and {payload} bytes")
    return about, payload


class FrameBuffer:
    """Collects what a stream brings and gives whole frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Frames that are whole once `data` is appended. Raises ValueError for what is no frame."""
        self._buffer += data
        while len(self._buffer) >= HEADER_BYTES:
            about, payload = lengths(bytes(self._buffer[:HEADER_BYTES]))
            middle, end = HEADER_BYTES + about, HEADER_BYTES + about + payload
            if len(self._buffer) < end:
                return
            frame = json.loads(self._buffer[HEADER_BYTES:middle]), bytes(self._buffer[middle:end])
            del self._buffer[:end]
            yield frame
