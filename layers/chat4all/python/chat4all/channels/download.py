"""A provider's file that is being read: `channel.Fetched` of what httpx has opened."""

import math
import time
from collections.abc import Iterator

import httpx

from chat4all.channels.fates import NotSent, Permanent, TryAgain

TIMEOUT = httpx.Timeout(connect=3.0, read=8.0, write=5.0, pool=3.0)
"""Of the request that opens it."""
_PIECE = 64 * 1024


class Download:
    """Reads an open answer, and no more than `most_bytes` of it. URLs of files are secrets, so no reason has one."""

    def __init__(
        self, answer: httpx.Response, most_bytes: int, *, content_type: str | None = None, until: float = math.inf
    ) -> None:
        """Of an answer 200; closes it where it is too large, and raises NotSent.

        Args:
            content_type: where more is known than the answer says.
            until: of time.monotonic(), when it must have been read.
        """
        self.content_type = content_type or answer.headers.get("content-type") or "application/octet-stream"
        length = answer.headers.get("content-length", "")
        self.size = int(length) if length.isascii() and length.isdigit() and len(length) < 20 else None
        self._answer = answer
        self._most = most_bytes
        self._until = until
        self._pieces: Iterator[bytes] = answer.iter_bytes(_PIECE)
        self._left = b""
        self._read = 0
        if self.size is not None and self.size > most_bytes:
            self.close()
            raise too_large(most_bytes, self.size)

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; empty at the end.

        Raises:
            NotSent: the connection broke, or there is no time (TryAgain), or there are more bytes than wanted (Permanent).
        """
        if time.monotonic() > self._until:
            raise NotSent(TryAgain("no_time: the invocation ends before all of the file was read"))
        try:
            self._left = self._left or next(self._pieces, b"")
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise NotSent(TryAgain(f"unreachable: the file broke off: {type(error).__name__}")) from error
        piece, self._left = self._left[:size], self._left[size:]
        self._read += len(piece)
        if self._read > self._most:
            raise too_large(self._most)
        return piece

    def close(self) -> None:
        """Close the answer; its connection is kept where it was read to the end."""
        self._answer.close()


def too_large(most_bytes: int, size: int | None = None) -> NotSent:
    """What is said of a file that is larger than it may be; `size`: where it is known."""
    facts = f"{size} bytes, at most {most_bytes} are taken" if size is not None else f"more than {most_bytes} bytes"
    return NotSent(Permanent(f"too_large: {facts}"))
