"""Tiny functions in a temporary folder, and a service that runs them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from local.application import Application, Function
from local.endpoints import Endpoints
from local.lambda_service.service import LambdaService
from local.lambda_service.settings import LambdaSettings


@dataclass
class Sandbox:
    """Where a test writes its functions."""

    folder: Path
    functions: dict[str, Function] = field(default_factory=dict)

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def add(self, name: str, source: str, **changes: Any) -> Function:
        """A function whose handler is `app.handler` in `source`."""
        code = self.folder / name
        code.mkdir()
        (code / "app.py").write_text(source)
        arn = f"arn:aws:lambda:us-east-1:000000000000:function:{name}"
        plain = Function(name.title(), name, arn, "python3.13", "app.handler", code, (), {}, 10.0, 512)
        self.functions[name] = replace(plain, **changes)
        return self.functions[name]

    def layer(self, name: str, files: dict[str, str]) -> Path:
        """A layer folder with `files` under python/."""
        folder = self.folder / name
        for path, source in files.items():
            (folder / "python" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "python" / path).write_text(source)
        return folder


Start = Callable[..., Awaitable[LambdaService]]


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return Sandbox(tmp_path)


@pytest.fixture
async def start(sandbox: Sandbox) -> AsyncIterator[Start]:
    """Starts a service over all functions of the sandbox; its settings are the arguments."""
    async with AsyncExitStack() as stack:

        async def begin(**settings: Any) -> LambdaService:
            application = Application(sandbox.folder / "template.yaml", sandbox.functions)
            service = LambdaService(application, Endpoints(), sandbox.logs, LambdaSettings(**settings))
            stack.push_async_callback(service.stop)
            await service.start()
            return service

        yield begin
