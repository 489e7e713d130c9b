"""One request to a provider, and its JSON: bounded in time and size, and not redirected."""

import json
import ssl
import time
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import httpcore

from chat4all.webhooks.deadline import Deadline

WITHIN_S = 4.0
"""All of one request. Three are the most that a sign-in takes."""
MOST_BYTES = 128 * 1024
_HEADERS = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "Chat4All"}


class ProviderFailed(Exception):
    """The provider has not answered as it should; the text is a word or two for the log, and holds nothing of the answer."""


class ProviderHttp:
    """Asks providers, whose addresses the deployment names. May be used by several threads."""

    def __init__(self, within_s: float = WITHIN_S) -> None:
        self._within_s = within_s

    def get(self, url: str, token: str = "") -> Any:
        """The document at `url`, for the bearer of `token`. Raises ProviderFailed, also for another status than 200."""
        status, document = self._ask("GET", url, {"authorization": f"Bearer {token}"} if token else {}, b"")
        if status != 200:
            raise ProviderFailed(f"status {status}")
        return document

    def post(self, url: str, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and document that a form is answered. Raises ProviderFailed, also where it is no object."""
        kind = {"content-type": "application/x-www-form-urlencoded"}
        status, document = self._ask("POST", url, kind, urlencode(form).encode())
        if not isinstance(document, dict):
            raise ProviderFailed("no JSON object")
        return status, document

    def _ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Any]:
        tls = self._tls
        with Deadline(time.monotonic() + self._within_s) as deadline:
            try:
                status, read = self._exchanged(method, url, {**_HEADERS, **headers}, body, tls, deadline)
            except (
                httpcore.NetworkError,
                httpcore.TimeoutException,
                httpcore.ProtocolError,
                OSError,
                ValueError,
            ) as error:
                late = deadline.is_over() or isinstance(error, httpcore.TimeoutException)
                raise ProviderFailed("no answer in time" if late else type(error).__name__) from error
        try:
            return status, json.loads(read)
        except (ValueError, RecursionError) as error:
            raise ProviderFailed(f"status {status} without JSON") from error

    def _exchanged(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, tls: ssl.SSLContext, deadline: Deadline
    ) -> tuple[int, bytes]:
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), deadline.left_s())
        with (
            httpcore.ConnectionPool(
                ssl_context=tls, network_backend=_Backend(deadline), max_keepalive_connections=0
            ) as pool,
            pool.stream(
                method, url, headers=list(headers.items()), content=body, extensions={"timeout": timeouts}
            ) as answer,
        ):
            read = bytearray()
            for piece in answer.iter_stream():
                read += piece
                if len(read) > MOST_BYTES:
                    raise ProviderFailed(f"more than {MOST_BYTES} bytes")
            if deadline.is_over():  # who has cut it off looks like the end, where no length was told
                raise ProviderFailed("no answer in time")
            return answer.status, bytes(read)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpcore.default_ssl_context()


class _Backend(httpcore.NetworkBackend):
    """Connections that end with the deadline, whatever comes on them."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises httpcore.NetworkError, httpcore.TimeoutException."""
        stream = self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        self._deadline.cut(stream.get_extra_info("socket"))
        return stream
