"""The server of the console: its pages, its API, and what else is mounted on its port."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from aiohttp import web

from local.captures.store import CaptureStore
from local.console.answers import ApiError, answering
from local.console.connections import Connections
from local.console.functions import Functions
from local.console.guard import add_headers, guard
from local.console.http_routes import HttpRoutes
from local.console.invocations import Invocations
from local.console.kafka_reader import KafkaReader
from local.console.live import Live
from local.console.overview import Overview
from local.console.pages import add_pages
from local.console.sampled import Sampled
from local.console.stack_view import StackView
from local.console.storage import Storage
from local.console.topic_state import TopicState
from local.console.topics import Topics

_EVERY_S = 1.0

Mount = Callable[[web.Application], None]


class Console:
    """Serves on `host:port`, port 0 takes a free one, which `port` then tells. Costs nothing while no page is open."""

    def __init__(
        self,
        stack: StackView,
        captures: CaptureStore,
        host: str,
        port: int,
        *,
        mounts: Sequence[Mount] = (),
        body_bytes: int = 9 * 1024 * 1024,
    ) -> None:
        """`mounts` add routes of other parts to the application; `body_bytes` is the largest body that any of them takes."""
        self.host = host
        self.port = port
        self._stack = stack
        self._captures = captures
        self._mounts = mounts
        self._body_bytes = body_bytes
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Raises OSError when the port is taken."""
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Let every page go."""
        if self._runner is not None:
            await self._runner.cleanup()

    def _application(self) -> web.Application:
        stack, captures = self._stack, self._captures
        app = web.Application(middlewares=[guard], client_max_size=self._body_bytes)
        app.on_response_prepare.append(add_headers)
        mappings = stack.application.kafka_mappings
        reader = KafkaReader(stack.endpoints.kafka_bootstrap_servers, stack.kafka_security) if mappings else None
        overview = Overview(stack, captures, TopicState(reader, mappings), simulators=bool(self._mounts))
        functions, invocations, connections = (
            Functions(stack, captures),
            Invocations(stack, captures),
            Connections(stack),
        )
        topics = Topics(reader)
        for part in (overview, functions, invocations, topics, HttpRoutes(stack), connections, Storage(stack)):
            for method, path, handler in part.routes():
                app.router.add_route(method, path, answering(handler))

        status = Sampled(overview.document, _EVERY_S, on_idle=reader.close if reader else lambda: None)
        open_now = Sampled(connections.document, _EVERY_S)
        live = Live(
            {
                "status": partial(_watch, status),
                "connections": partial(_watch, open_now),
                "invocations": invocations.live,
                "logs": functions.logs,
            }
        )
        app.router.add_get("/api/live", live.handle)
        app.router.add_route("*", "/api/{rest:.*}", answering(_nothing))
        add_pages(app)
        for mount in self._mounts:
            mount(app)

        async def end(_app: web.Application) -> None:
            await live.end()
            topics.close()

        app.on_shutdown.append(end)
        return app


def _watch(sampled: Sampled, _params: Mapping[str, Any]) -> AsyncGenerator[Any, None]:
    return sampled.watch()


async def _nothing(request: web.Request) -> Any:
    raise ApiError(404, f"there is no {request.method} {request.path[:200]}")
