"""The floor: a bare server of the `websockets` library that has neither users nor a history, and tells nobody's death.

Path /group and /devices are rooms, /crowd is none; what comes over /say?room is told to the room by the library's broadcast.
"""

import asyncio
import json
import sys
from collections import defaultdict
from contextlib import suppress
from itertools import count

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

from local.open_files import raise_limit


async def main() -> None:
    """Print the port, and serve until stdin ends."""
    rooms: dict[str, set[ServerConnection]] = defaultdict(set)
    numbers = count(1)

    async def serve_one(connection: ServerConnection) -> None:
        assert connection.request is not None
        path, _, wanted = connection.request.path.partition("?")
        rooms[path].add(connection)
        try:
            with suppress(ConnectionClosed):
                async for text in connection:
                    frame = json.loads(text) | {"seq": next(numbers)}
                    broadcast(rooms[f"/{wanted}"], json.dumps(frame))
                    await connection.send("accepted")
        finally:
            rooms[path].discard(connection)

    raise_limit()
    async with serve(serve_one, "127.0.0.1", 0, compression=None, ping_interval=None, backlog=1024) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
