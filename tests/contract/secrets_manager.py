"""The local stack's Secrets Manager over HTTP, for services of this process."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from local.application import Application
from local.aws_endpoint.server import AwsEndpoint
from local.endpoints import Endpoints
from local.lambda_service.service import LambdaService
from local.lambda_service.settings import LambdaSettings
from local.ports import free_ports
from tests.local.aws_endpoint.parts import parts_of
from tests.serving import in_thread


@contextmanager
def secrets_manager(folder: Path) -> Iterator[str]:
    """Its address."""
    endpoints = Endpoints(aws_port=free_ports(1)[0])
    with in_thread(_running(endpoints, folder)):
        yield endpoints.aws_url


@asynccontextmanager
async def _running(endpoints: Endpoints, folder: Path) -> AsyncIterator[None]:
    application = Application(folder / "template.yaml", {})
    service = LambdaService(application, endpoints, folder / "logs", LambdaSettings())
    parts = parts_of(application, endpoints, service, folder)
    endpoint = AwsEndpoint(parts)
    try:
        await endpoint.start()
        yield
    finally:
        await endpoint.stop()
        await parts.documents.close()
