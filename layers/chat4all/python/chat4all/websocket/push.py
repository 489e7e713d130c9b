"""Posting to open WebSockets by @connections (API Gateway developer guide, "Use @connections commands").

A client that does not read is not waited for: once its buffer at the gateway is full, API Gateway answers 429. It says the same
when the account's rate is exceeded, so one more try is made a moment later; then the connection is closed, and its client syncs
when it comes back.
"""

import random
import time
from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

FRAME_MAX_BYTES = 128 * 1024
TIMEOUT_S = 1.0
"""Of one try: the gateway takes a frame in milliseconds, and everybody else in the batch waits for the slowest."""
TRIES = 2
PATIENT_TRIES = 6
"""Where nobody else waits: about two seconds for a client that reads, but slower than it is sent to."""
_PAUSE_S = 0.05


class ConnectionGone(Exception):
    """The client has left (410)."""


class PushFailed(Exception):
    """The gateway could not deliver after retries; the message says why."""


class Push:
    """@connections of one WebSocket API; `endpoint_url` is the https address of its stage."""

    def __init__(self, endpoint_url: str) -> None:
        self._endpoint_url = endpoint_url

    def post(self, connection_id: str, frame: bytes, tries: int = TRIES) -> None:
        """Send one text frame. Each try takes at most TIMEOUT_S for connecting and as much for the answer.

        Raises:
            ConnectionGone, PushFailed.
        """
        for attempt in range(tries):
            if attempt:
                time.sleep(random.uniform(0.5, 1) * _PAUSE_S * 2**attempt)  # noqa: S311
            try:
                self._client.post_to_connection(ConnectionId=connection_id, Data=frame)
                return
            except ClientError as error:
                if error.response["Error"]["Code"] == "GoneException":
                    raise ConnectionGone(connection_id) from error
                failure: Exception = error
            except BotoCoreError as error:
                failure = error
        raise PushFailed(str(failure)) from failure

    def close(self, connection_id: str) -> bool:
        """Close a connection; False where the gateway did not do it, and it may be open still."""
        try:
            self._client.delete_connection(ConnectionId=connection_id)
        except ClientError as error:
            return bool(error.response["Error"]["Code"] == "GoneException")
        except BotoCoreError:
            return False
        return True

    @cached_property
    def _client(self) -> Any:
        config = Config(
            connect_timeout=TIMEOUT_S,
            read_timeout=TIMEOUT_S,
            max_pool_connections=32,
            retries={"total_max_attempts": 1},
        )
        return get_session().create_client("apigatewaymanagementapi", endpoint_url=self._endpoint_url, config=config)
