"""A small client of the Graph API on httpx: JSON in and out, connections kept open, everything bounded."""

import json
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast

import httpx

from chat4all.channels.meta.errors import Failure, GraphError, read_error

API_VERSION = "v26.0"
"""Of 29 July 2026; the one place that names it."""
OFFICIAL = "https://graph.facebook.com"
CALL_MAX_MS = 20_000
"""Longest time of a call with all its timeouts: what `Limits.RESERVE_MS` must cover."""
_TIMEOUT = httpx.Timeout(connect=3.0, read=8.0, write=5.0, pool=3.0)
_CALL_S = 12.0
"""Nothing more is read of an answer so long after the call began; the last read may take its whole timeout."""
_ANSWER_MAX = 1024 * 1024
_WAIT_MAX_S = 24 * 3600.0

# httpx logs each URL at INFO; those of media let anyone download them.
logging.getLogger("httpx").setLevel(logging.WARNING)


class Graph:
    """Calls with a token in the Authorization header, never in a URL. Redirects are not followed. Safe to keep for ever."""

    def __init__(self, official: str = OFFICIAL) -> None:
        self._official = official
        self._kept: httpx.Client | None = None

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str,
        api_base: str | None = None,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """`<api_base>/v26.0/<path>`; the answer's JSON object.

        Raises:
            GraphError: with the failure: no answer, an error, or an answer that is too large or no JSON object.
        """
        url = f"{api_base or self._official}/{API_VERSION}/{path}"
        until = time.monotonic() + _CALL_S
        with _failures_told(token):
            request = self._client.build_request(method, url, json=body, params=params, headers=_headers(token))
            answer = self._client.send(request, stream=True)
            try:
                text = _read(answer, until)
            finally:
                answer.close()
        return _document(answer, text, token)

    def open(self, url: str, *, token: str | None) -> httpx.Response:
        """A GET whose answer is still to be read, and closed by the caller; raises GraphError."""
        until = time.monotonic() + _CALL_S
        with _failures_told(token):
            request = self._client.build_request("GET", url, headers=_headers(token))
            answer = self._client.send(request, stream=True)
            if answer.status_code == 200:
                return answer
            try:
                text = _read(answer, until)
            finally:
                answer.close()
        _document(answer, text, token)
        raise GraphError(Failure(f"HTTP {answer.status_code}", answer.status_code))

    def close(self) -> None:
        """Close connections; the next call opens new ones."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    @property
    def _client(self) -> httpx.Client:
        if self._kept is None:
            limits = httpx.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=60.0)
            self._kept = httpx.Client(timeout=_TIMEOUT, limits=limits, follow_redirects=False)
        return self._kept


def _headers(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


@contextmanager
def _failures_told(token: str | None) -> Iterator[None]:
    """Exceptions of httpx as failures without an answer: it is not known whether the provider did it."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as error:
        told = _without(f"{type(error).__name__}: {error}", token)
        raise GraphError(Failure(told)) from None  # the exception holds the request, and with it the token


def _read(answer: httpx.Response, until: float) -> bytes:
    text = bytearray()
    for chunk in answer.iter_bytes():
        text += chunk
        if len(text) > _ANSWER_MAX:
            raise httpx.ReadError(f"the answer has more than {_ANSWER_MAX} bytes")
        if time.monotonic() > until:
            raise httpx.ReadTimeout(f"the answer took more than {_CALL_S:.0f} s")
    return bytes(text)


def _document(answer: httpx.Response, text: bytes, token: str | None) -> dict[str, Any]:
    status = answer.status_code
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    error = document.get("error") if isinstance(document, dict) else None
    if 200 <= status < 300 and isinstance(document, dict) and error is None:
        return cast(dict[str, Any], document)
    if 200 <= status < 300 and error is None:  # a proxy's page, or cut short: no answer of the API's
        raise GraphError(Failure("the answer is no JSON object"))
    failure = read_error(error, status=status, wait_s=_wait_s(answer.headers))
    told = _without(failure.text, token)
    raise GraphError(Failure(told, status, failure.code, failure.subcode, failure.is_transient, failure.wait_s))


def _without(text: str, token: str | None) -> str:
    """Meta repeats a token that it cannot read."""
    return text.replace(token, "…") if token else text


def _wait_s(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait: Retry-After (RFC 9110, 10.2.3), else what the usage headers say of regaining access."""
    retry_after = headers.get("retry-after", "").strip()
    if retry_after.isascii() and retry_after.isdigit():
        return min(float(retry_after), _WAIT_MAX_S)
    if retry_after:
        try:
            at = parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return min(max((at - datetime.now(UTC)).total_seconds(), 0.0), _WAIT_MAX_S)
    return _regained_s(headers.get("x-business-use-case-usage", ""))


def _regained_s(usage: str) -> float | None:
    """`estimated_time_to_regain_access` is in minutes (developers.facebook.com/docs/graph-api/overview/rate-limiting)."""
    try:
        entries = [entry for listed in json.loads(usage).values() for entry in listed]
        minutes = max(float(entry["estimated_time_to_regain_access"]) for entry in entries)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return min(minutes * 60.0, _WAIT_MAX_S) if minutes > 0 else None
