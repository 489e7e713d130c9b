"""The local stack's Secrets Manager over HTTP, in a thread of its own, for services of this process."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from local.application import Application
from local.aws_endpoint.server import AwsEndpoint
from local.endpoints import Endpoints
from local.lambda_service.service import LambdaService
from local.lambda_service.settings import LambdaSettings
from local.ports import free_ports
from tests.local.aws_endpoint.parts import parts_of

Stop = tuple[asyncio.AbstractEventLoop, asyncio.Event]


@contextmanager
def secrets_manager(folder: Path) -> Iterator[str]:
    """Its address."""
    endpoints = Endpoints(aws_port=free_ports(1)[0])
    started: Future[Stop] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(endpoints, folder, started)))
    thread.start()
    loop, stop = started.result(timeout=30)
    try:
        yield endpoints.aws_url
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=30)


async def _serve(endpoints: Endpoints, folder: Path, started: "Future[Stop]") -> None:
    application = Application(folder / "template.yaml", {})
    service = LambdaService(application, endpoints, folder / "logs", LambdaSettings())
    parts = parts_of(application, endpoints, service, folder)
    endpoint = AwsEndpoint(parts)
    try:
        await endpoint.start()
        stop = asyncio.Event()
        started.set_result((asyncio.get_running_loop(), stop))
        await stop.wait()
    except BaseException as error:
        if not started.done():
            started.set_exception(error)
        raise
    finally:
        await endpoint.stop()
        await parts.documents.close()
