"""Realtime: tells the members of a conversation, over their open WebSockets, what has happened, in order on each connection."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from aws_lambda_powertools import Logger

from chat4all.client_events import websocket_frame
from chat4all.connections import Connections
from chat4all.errors import Unavailable
from chat4all.kafka.record import Record
from chat4all.websocket.push import ConnectionGone, Push, PushFailed

logger = Logger(service="chat4all")

_PARALLEL_POSTS = 16


class Realtime:
    """Pushes events. One read of presence a batch; posts in parallel over connections, in order on each."""

    def __init__(self, connections: Connections, push: Push) -> None:
        self._connections = connections
        self._push = push
        self._pool = ThreadPoolExecutor(_PARALLEL_POSTS, thread_name_prefix="push")

    def tell(self, records: Sequence[Record]) -> None:
        """Push every record to its audience. A connection that fails is closed: its client comes back and syncs.

        Raises:
            Unavailable: the gateway took neither a frame nor the close, so that a client would not learn that it missed
                something. The records must come again; who has them is told twice, and knows them by their numbers.
        """
        audiences = [set(record.event["data"]["audience"]) for record in records]
        open_now = self._connections.of(sorted(set().union(*audiences)))
        queues: dict[tuple[str, str], list[bytes]] = {}
        for record, audience in zip(records, audiences, strict=True):
            frame = json.dumps(websocket_frame(record.event), separators=(",", ":"), ensure_ascii=False).encode()
            for user_id in audience:
                for connection_id in open_now.get(user_id, ()):
                    queues.setdefault((user_id, connection_id), []).append(frame)
        if len(queues) == 1:
            ((target, frames),) = queues.items()
            made_up_for = [self._post(target, frames)]
        else:
            made_up_for = list(self._pool.map(lambda item: self._post(*item), queues.items()))
        if not all(made_up_for):
            raise Unavailable(
                f"{made_up_for.count(False)} of {len(queues)} connections could be neither told nor closed"
            )

    def have_them_sync(self, record: Record) -> None:
        """Close the connections of those whom `record` cannot be told: their clients come back and sync."""
        for user_id, connection_ids in self._connections.of(record.event["data"]["audience"]).items():
            for connection_id in connection_ids:
                self._close(user_id, connection_id)

    def _close(self, user_id: str, connection_id: str) -> bool:
        is_closed = self._push.close(connection_id)
        if is_closed:
            self._connections.found_gone(user_id, connection_id)
        return is_closed

    def _post(self, target: tuple[str, str], frames: Sequence[bytes]) -> bool:
        """False where the client has missed something, does not come back by itself, and a later try may reach it."""
        user_id, connection_id = target
        try:
            for frame in frames:
                self._push.post(connection_id, frame)
        except ConnectionGone:
            self._connections.found_gone(user_id, connection_id)
        except PushFailed as error:
            logger.warning("connection closed after a failed push", connection_id=connection_id, cause=str(error))
            return self._close(user_id, connection_id) or not error.is_transient
        return True
