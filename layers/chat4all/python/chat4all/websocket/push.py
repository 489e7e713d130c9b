"""Posting to open WebSockets by @connections (API Gateway developer guide, "Use @connections commands")."""

from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

FRAME_MAX_BYTES = 128 * 1024


class ConnectionGone(Exception):
    """The client has left (410)."""


class PushFailed(Exception):
    """The gateway could not deliver after retries; the message says why."""


class Push:
    """@connections of one WebSocket API; `endpoint_url` is the https address of its stage."""

    def __init__(self, endpoint_url: str) -> None:
        self._endpoint_url = endpoint_url

    def post(self, connection_id: str, frame: bytes) -> None:
        """Send one text frame.

        Raises:
            ConnectionGone, PushFailed.
        """
        try:
            self._client.post_to_connection(ConnectionId=connection_id, Data=frame)
        except ClientError as error:
            if error.response["Error"]["Code"] == "GoneException":
                raise ConnectionGone(connection_id) from error
            raise PushFailed(str(error)) from error
        except BotoCoreError as error:
            raise PushFailed(str(error)) from error

    def close(self, connection_id: str) -> None:
        """Close a connection; one that is gone already is fine."""
        try:
            self._client.delete_connection(ConnectionId=connection_id)
        except (ClientError, BotoCoreError):
            return

    @cached_property
    def _client(self) -> Any:
        config = Config(
            connect_timeout=1,
            read_timeout=3,
            max_pool_connections=32,
            retries={"total_max_attempts": 3, "mode": "standard"},
        )
        return get_session().create_client("apigatewaymanagementapi", endpoint_url=self._endpoint_url, config=config)
