"""The frames between the service and an environment: two lengths (big-endian, 4 bytes each), fields about it, the payload.

The fields are text, a line each; only the last one may have line breaks. No JSON: every invocation pays for it twice.

To an environment: request id, deadline (epoch ms), most bytes of an answer, ARN, client context (JSON, or empty); and the
event. From it: kind (`ready`, `init_error`, `result` or `error`), most memory it held (KB), the request id that it is for,
the size of the answer (bytes), the type of an init error; and what the function answered, left out where it is too long.
"""

import struct
from collections.abc import Iterator

_LENGTHS = struct.Struct(">II")
_MOST_BYTES = 1 << 26
HEADER_BYTES = _LENGTHS.size
FIELDS = 5


def encode(fields: tuple[object, ...], payload: bytes) -> bytes:
    text = "\n".join(map(str, fields)).encode()
    return b"".join((_LENGTHS.pack(len(text), len(payload)), text, payload))


def fields_of(text: bytes | bytearray) -> list[str]:
    """Raises ValueError for what is no text."""
    return text.decode().split("\n", FIELDS - 1)


def lengths(header: bytes) -> tuple[int, int]:
    """Lengths of the fields and of the payload. Raises ValueError for what no frame has."""
    about, payload = _LENGTHS.unpack(header)
    if max(about, payload) > _MOST_BYTES:
        raise ValueError(f"a frame of {about} and {payload} bytes")
    return about, payload


class FrameBuffer:
    """Collects what a stream brings and gives whole frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[list[str], bytes]]:
        """Frames that are whole once `data` is appended. Raises ValueError for what is no frame."""
        self._buffer += data
        while len(self._buffer) >= HEADER_BYTES:
            about, payload = lengths(bytes(self._buffer[:HEADER_BYTES]))
            middle, end = HEADER_BYTES + about, HEADER_BYTES + about + payload
            if len(self._buffer) < end:
                return
            frame = fields_of(self._buffer[HEADER_BYTES:middle]), bytes(self._buffer[middle:end])
            del self._buffer[:end]
            yield frame
