"""One request to a customer's server, and what it answers: bounded in time and size, to a public address, and no further.

What a name means is looked up once, checked, and connected to as it is: a second look-up could say another (DNS rebinding).
Only IPv4 is used: it alone has no forms in which another address can hide (IPv4-mapped, NAT64, 6to4). Redirects are not followed.
"""

import ssl
import time
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpcore

from chat4all.domain.webhook_url import is_allowed
from chat4all.public_addresses import PrivateAddress, Unresolved, addresses_of, public_address
from chat4all.webhooks.deadline import Deadline

ANSWERS_WITHIN_S = 15.0
"""All of it: the look-up, TLS, the request, and the answer."""
GONE = 410
_HEADERS = {"content-type": "application/json", "user-agent": "Chat4All-Webhooks/1", "connection": "close"}
_BODY_BYTES = 16 * 1024
_BODY_WITHIN_S = 1.0
"""So much of an answer is taken off the wire, and so long, once its status is known: it is thrown away."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request."""

    duration_ms: int
    status_code: int | None = None
    error: str | None = None
    """A stable word, a colon and a text; where there is no answer."""
    retry_after: str | None = None
    """The header, as it came."""

    @property
    def is_delivered(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300

    @property
    def word(self) -> str:
        """In one word: delivered, gone, refused, or that of `error`."""
        if self.status_code is None:
            return (self.error or "bad_answer").partition(":")[0]
        if self.is_delivered:
            return "delivered"
        return "gone" if self.status_code == GONE else "refused"


class Exchange:
    """Posts. May be used by several threads."""

    def __init__(self, allowed: Collection[str], *, within_s: float = ANSWERS_WITHIN_S) -> None:
        """`allowed`: hosts that may be private (domain.webhook_url.hosts_of)."""
        self._allowed = allowed
        self._within_s = within_s

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Send `body` and read the answer; never raises for what the other side does."""
        tls, began = self._tls, time.monotonic()
        status: int | None = None
        error: str | None = None
        retry_after = None
        with Deadline(began + self._within_s) as deadline:
            try:
                status, retry_after = self._exchanged(url, headers, body, tls, deadline)
            except (
                httpcore.NetworkError,
                httpcore.TimeoutException,
                httpcore.ProtocolError,
                OSError,
                ValueError,
            ) as raised:
                error = _said_of(raised, is_late=deadline.is_over())
            except (PrivateAddress, Unresolved) as raised:
                error = f"{'private_address' if isinstance(raised, PrivateAddress) else 'unresolved'}: {raised}"
        return Outcome(round((time.monotonic() - began) * 1000), status, error, retry_after)

    def _exchanged(
        self, url: str, headers: Mapping[str, str], body: bytes, tls: ssl.SSLContext, deadline: Deadline
    ) -> tuple[int, str | None]:
        left = deadline.left_s()
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), left)
        backend = _Backend(self._allowed, deadline)
        all_headers: list[tuple[bytes | str, bytes | str]] = [*_HEADERS.items(), *headers.items()]
        with (
            httpcore.ConnectionPool(ssl_context=tls, network_backend=backend, max_keepalive_connections=0) as pool,
            pool.stream("POST", url, headers=all_headers, content=body, extensions={"timeout": timeouts}) as answer,
        ):
            retry_after = next((value for name, value in answer.headers if name.lower() == b"retry-after"), None)
            _drain(answer, deadline)
            return answer.status, retry_after.decode("ascii", "replace")[:64] if retry_after is not None else None

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpcore.default_ssl_context()


def _drain(answer: httpcore.Response, deadline: Deadline) -> None:
    """A little of it, so that who answers briefly is not cut off; what stands in it counts for nothing."""
    deadline.move_to(time.monotonic() + _BODY_WITHIN_S)
    taken = 0
    try:
        for piece in answer.iter_stream():
            taken += len(piece)
            if taken >= _BODY_BYTES:
                return
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError):
        return


class _Backend(httpcore.NetworkBackend):
    """Connects to what a name means now, where that may be reached; the name stays in the Host header and in TLS."""

    def __init__(self, allowed: Collection[str], deadline: Deadline) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the library's; what is left counts
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises PrivateAddress, Unresolved, httpcore.NetworkError."""
        address = self._address(host, port)
        stream = self._inner.connect_tcp(address, port, self._deadline.left_s(), local_address, socket_options)
        self._deadline.cut(stream.get_extra_info("socket"))
        return stream

    def _address(self, host: str, port: int) -> str:
        """Looked up in a thread: a resolver has no timeout that could be set."""
        if is_allowed(host, port, self._allowed):
            return addresses_of(host)[0]
        pool = ThreadPoolExecutor(1, thread_name_prefix="resolver")
        try:
            return pool.submit(public_address, host).result(self._deadline.left_s())
        except NotInTime:
            raise Unresolved(f"{host} was not resolved in time") from None
        finally:
            pool.shutdown(wait=False)


def _said_of(error: Exception, *, is_late: bool) -> str:
    if is_late or isinstance(error, httpcore.TimeoutException):
        return "timeout: no answer in time"
    if isinstance(error, httpcore.ProtocolError | ValueError):
        return f"bad_answer: {str(error)[:200]}"
    return f"unreachable: {str(error)[:200]}"
