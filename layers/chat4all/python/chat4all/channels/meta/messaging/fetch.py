"""Files that Messenger and Instagram name by a URL of Meta's CDN, which is good for a while and asks for no token.

The URL stands in a webhook, and whoever knows the account's secret can write one. So it is followed over https and to public
addresses alone; the one exception is the host that the account's `api_base` names, which the deployment allows.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import httpcore

from chat4all.channels.fates import Fate, NotSent, Permanent, ThrottledUntil, TryAgain
from chat4all.public_network import PrivateAddress, PublicNetwork

_REDIRECTS = 3
_TIMEOUT = {"connect": 3.0, "read": 8.0, "write": 5.0, "pool": 3.0}
_RESERVE_MS = 3_000
"""Kept of the invocation's time for what is written after it."""
_HEADERS: Mapping[str | bytes, str | bytes] = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "Chat4All"}
_MOVED = frozenset({301, 302, 303, 307, 308})
_TOO_MUCH = 429


class Downloads:
    """Connections that are kept open: to the public, and to the host of an `api_base`."""

    def __init__(self) -> None:
        self._public: httpcore.ConnectionPool | None = None
        self._own: httpcore.ConnectionPool | None = None

    def open(self, url: str, *, own_base: str | None, most_bytes: int, remaining_ms: Callable[[], int]) -> "Download":
        """The file at `url`, to be closed by the caller.

        Args:
            own_base: the account's `api_base`, whose host may be anything.

        Raises:
            NotSent: Permanent where it is gone, too large, or may not be fetched from there.
        """
        until = time.monotonic() + (remaining_ms() - _RESERVE_MS) / 1000
        for _ in range(_REDIRECTS + 1):
            download = self._asked(url, own_base, most_bytes, until)
            moved_to = download.moved_to
            if moved_to is None:
                return download.checked()
            download.close()
            url = urljoin(url, moved_to)
        raise NotSent(Permanent(f"media_refused: more than {_REDIRECTS} redirects"))

    def close(self) -> None:
        """Close connections."""
        for pool in (self._public, self._own):
            if pool is not None:
                pool.close()
        self._public = self._own = None

    def _asked(self, url: str, own_base: str | None, most_bytes: int, until: float) -> "Download":
        pool = self._pool(url, own_base)
        with _fates():
            stream = pool.stream("GET", url, headers=_HEADERS, extensions={"timeout": _TIMEOUT})
            return Download(stream, stream.__enter__(), most_bytes, until)

    def _pool(self, url: str, own_base: str | None) -> httpcore.ConnectionPool:
        asked = _split(url)
        if own_base is not None and _place(asked) == _place(_split(own_base)):
            self._own = self._own or httpcore.ConnectionPool(max_connections=10, keepalive_expiry=60.0)
            return self._own
        if asked.scheme != "https":
            raise NotSent(Permanent("media_refused: its URL is not https"))
        if self._public is None:
            self._public = httpcore.ConnectionPool(
                max_connections=10, keepalive_expiry=60.0, network_backend=PublicNetwork()
            )
        return self._public


class Download:
    """An answer whose body is being read."""

    def __init__(
        self,
        stream: AbstractContextManager[httpcore.Response],
        answer: httpcore.Response,
        most_bytes: int,
        until: float,
    ) -> None:
        self._stream = stream
        self._answer = answer
        length = self._header(b"content-length")
        self.size: int | None = int(length) if length.isascii() and length.isdigit() else None
        self.content_type: str = self._header(b"content-type") or "application/octet-stream"
        self._left = most_bytes
        self._until = until
        self._chunks: Iterator[bytes] = answer.iter_stream()
        self._kept = bytearray()

    @property
    def moved_to(self) -> str | None:
        return self._header(b"location") or None if self._answer.status in _MOVED else None

    def checked(self) -> "Download":
        """Itself, where it is a file that may be read; raises NotSent."""
        fate: Fate | None = None
        if self._answer.status != 200:
            fate = _fate_of(self._answer.status)
        elif self.size is not None and self.size > self._left:
            fate = Permanent(f"too_large: {self.size} bytes; at most {self._left} are fetched")
        if fate is not None:
            self.close()
            raise NotSent(fate)
        return self

    def read(self, size: int) -> bytes:
        """The next bytes, `size` of them except at the end; raises NotSent."""
        with _fates():
            while len(self._kept) < size:
                chunk = next(self._chunks, None)
                if chunk is None:
                    break
                if time.monotonic() > self._until:
                    raise NotSent(TryAgain("media_slow: the invocation ends before all of it was read"))
                self._left -= len(chunk)
                if self._left < 0:
                    raise NotSent(Permanent("too_large: it goes on beyond what is fetched at most"))
                self._kept += chunk
        found = bytes(self._kept[:size])
        del self._kept[:size]
        return found

    def close(self) -> None:
        """Let go of the connection, also in the middle of the file."""
        self._stream.__exit__(None, None, None)

    def _header(self, name: bytes) -> str:
        return next((value.decode("latin-1") for key, value in self._answer.headers if key.lower() == name), "")


class _fates(AbstractContextManager[None]):
    """Troubles of the network as fates; URLs stay out of the reasons, because whoever has one has the file."""

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, PrivateAddress):
            raise NotSent(Permanent("media_refused: its host has no public address")) from None
        if isinstance(error, httpcore.UnsupportedProtocol | httpcore.LocalProtocolError | UnicodeError):
            raise NotSent(Permanent("media_refused: its URL cannot be asked")) from None
        if isinstance(error, httpcore.TimeoutException | httpcore.NetworkError | httpcore.ProtocolError | OSError):
            raise NotSent(TryAgain(f"media_unreachable: {type(error).__name__}")) from None


def _fate_of(status: int) -> Fate:
    if status == _TOO_MUCH:
        return ThrottledUntil("media_throttled: HTTP 429", 30.0)
    if status >= 500:
        return TryAgain(f"media_unreachable: HTTP {status}")
    return Permanent(f"media_gone: HTTP {status}")


def _split(url: str) -> SplitResult:
    try:
        found = urlsplit(url)
        if found.hostname and found.port != 0 and url.isprintable():
            return found
    except ValueError:
        pass
    raise NotSent(Permanent("media_refused: its URL cannot be read"))


def _place(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port or {"https": 443, "http": 80}.get(url.scheme)
