"""Bytes to and from presigned addresses, as fast as Python can: a connection a stream, whole parts, nothing copied."""

import http.client
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

_BUFFER_BYTES = 1 << 20
_TIMEOUT_S = 300.0
_TRIES = 5
_PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class PartAddress:
    """Where a part is put."""

    number: int
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """S3 did not take or give bytes; the text says what it answered."""


class _Busy(Exception):
    """S3 answered with an error of its own, after which clients come again."""


class Stream:
    """One connection, to the host of the first address."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=_TIMEOUT_S)

    def put(self, part: PartAddress, body: memoryview) -> None:
        """Comes again where S3 is busy or the connection breaks, and says so. Raises Refused."""
        for tries in range(1, _TRIES + 1):
            try:
                self._put(part, body)
                return
            except (OSError, http.client.HTTPException, _Busy) as error:
                print(f"part {part.number}, try {tries}: {type(error).__name__}: {error}", file=sys.stderr)
                if tries == _TRIES:
                    raise Refused(f"part {part.number}: {error}") from error
                self._connection.close()
                time.sleep(tries * _PAUSE_S)

    def _put(self, part: PartAddress, body: memoryview) -> None:
        self._connection.request("PUT", _target(part.url), body=body, headers=dict(part.headers))
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status >= 500:
            raise _Busy(f"{answer.status} {said[:300].decode(errors='replace')}")
        if answer.status != 200:
            raise Refused(f"part {part.number}: {answer.status} {said[:300].decode(errors='replace')}")

    def get(self, url: str, first: int, last: int) -> int:
        """Read these bytes, both ends included, and throw them away; how many came. Raises Refused."""
        self._connection.request("GET", _target(url), headers={"Range": f"bytes={first}-{last}"})
        answer = self._connection.getresponse()
        if answer.status != 206:
            raise Refused(f"{answer.status} {answer.read(300).decode(errors='replace')}")
        buffer, came = memoryview(bytearray(_BUFFER_BYTES)), 0
        while read := answer.readinto(buffer):
            came += read
        return came

    def close(self) -> None:
        self._connection.close()


def put_all(parts: Iterator[PartAddress], block: memoryview, size: int, streams: int) -> None:
    """Put a file of `size` bytes, cut into pieces of `block`'s length, by so many streams that each take the next part.

    Raises Refused.
    """
    first, lock = next(parts), Lock()
    waiting = [first]

    def take() -> PartAddress | None:
        with lock:
            return waiting.pop() if waiting else next(parts, None)

    def one_stream(_number: int) -> None:
        with closing(Stream(first.url)) as stream:
            while (part := take()) is not None:
                stream.put(part, block[: min(len(block), size - (part.number - 1) * len(block))])

    _side_by_side(one_stream, range(streams))


def get_all(url: str, size: int, streams: int) -> int:
    """Read a file of `size` bytes, each stream a piece of its own; how many bytes came. Raises Refused."""
    edges = [size * number // streams for number in range(streams + 1)]

    def one_stream(number: int) -> int:
        with closing(Stream(url)) as stream:
            return stream.get(url, edges[number], edges[number + 1] - 1)

    return sum(_side_by_side(one_stream, range(streams)))


def _side_by_side(work: Callable[[int], T], numbers: Sequence[int]) -> list[T]:
    with ThreadPoolExecutor(len(numbers)) as pool:
        return list(pool.map(work, numbers))


def _target(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
