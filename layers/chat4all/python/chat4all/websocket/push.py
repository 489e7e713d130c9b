"""Posting to open WebSockets by @connections (API Gateway developer guide, "Use @connections commands").

A client that does not read is not waited for: once its buffer at the gateway is full, API Gateway answers 429. It says the same
when the account's rate is exceeded, so one more try is made a moment later; then the connection is closed, and its client syncs
when it comes back.
"""

import random
import time
from functools import cached_property
from urllib.parse import quote

from botocore.exceptions import BotoCoreError
from botocore.session import Session

from chat4all.domain.backoff import backoff_s
from chat4all.metrics.emission import count
from chat4all.metrics.metric_list import WEBSOCKET_MESSAGES_FAILED, WEBSOCKET_MESSAGES_SENT
from chat4all.signed_http import SignedHttp

TIMEOUT_S = 1.0
"""Of one try: the gateway takes a frame in milliseconds, and everybody else in the batch waits for the slowest."""
TRIES = 2
PATIENT_TRIES = 6
"""Where nobody else waits: about two seconds for a client that reads, but slower than it is sent to."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 1.6


class ConnectionGone(Exception):
    """The client has left (410)."""


class PushFailed(Exception):
    """The gateway could not deliver after retries; the message says why.

    `is_transient`: it did not answer, was at fault itself (5xx) or had too much to do (429), so that a later try may succeed.
    `is_answered`: it said so, and at once.
    """

    def __init__(self, cause: str, *, is_transient: bool = True, is_answered: bool = True) -> None:
        super().__init__(cause)
        self.is_transient = is_transient
        self.is_answered = is_answered


class Push:
    """@connections of one WebSocket API; `endpoint_url` is the https address of its stage."""

    def __init__(self, endpoint_url: str) -> None:
        self._endpoint_url = endpoint_url

    def post(self, connection_id: str, frame: bytes, tries: int = TRIES) -> None:
        """Send one text frame. Each try takes at most TIMEOUT_S for connecting and as much for the answer.

        Raises:
            ConnectionGone, PushFailed.
        """
        failure, is_transient, is_answered = "", True, False
        for attempt in range(tries):
            if attempt:
                time.sleep(backoff_s(attempt, _FIRST_PAUSE_S, _LONGEST_PAUSE_S, random.random()))  # noqa: S311
            try:
                status, failure = self._call("POST", connection_id, frame)
            except BotoCoreError as error:
                failure, is_transient, is_answered = str(error), True, False
                continue
            if status == 200:
                count(WEBSOCKET_MESSAGES_SENT)
                return
            if status == 410:
                count(WEBSOCKET_MESSAGES_FAILED, "gone")
                raise ConnectionGone(connection_id)
            is_transient, is_answered = status == 429 or status >= 500, True
        count(WEBSOCKET_MESSAGES_FAILED, _cause(is_transient=is_transient, is_answered=is_answered))
        raise PushFailed(failure, is_transient=is_transient, is_answered=is_answered)

    def is_gone(self, connection_id: str) -> bool:
        """Whether the gateway says that there is no such connection; False where it does not answer."""
        try:
            return self._call("GET", connection_id)[0] == 410
        except BotoCoreError:
            return False

    def close(self, connection_id: str) -> bool:
        """Close a connection; False where the gateway did not do it, and it may be open still."""
        try:
            status, _ = self._call("DELETE", connection_id)
        except BotoCoreError:
            return False
        return status in (200, 204, 410)

    def _call(self, method: str, connection_id: str, frame: bytes = b"") -> tuple[int, str]:
        """Status of the answer, and what it says of an error."""
        url = f"{self._endpoint_url.rstrip('/')}/@connections/{quote(connection_id, safe='')}"
        answer = self._http.request(method, url, {"Content-Type": "application/octet-stream"}, frame)
        kind = answer.headers.get("x-amzn-errortype", "")
        return answer.status, f"{answer.status} {kind} {answer.data[:256].decode(errors='replace')}".strip()

    @cached_property
    def _http(self) -> SignedHttp:
        return SignedHttp(Session(include_builtin_handlers=False), "execute-api", TIMEOUT_S, TIMEOUT_S, connections=32)


def _cause(*, is_transient: bool, is_answered: bool) -> str:
    if not is_answered:
        return "unanswered"
    return "busy" if is_transient else "refused"
