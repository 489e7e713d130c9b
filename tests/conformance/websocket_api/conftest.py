"""The application on stacks of its own: one as AWS has it, one that closes early."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conformance.websocket_api.served import Served


@pytest.fixture(scope="package")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Starts a stack with these options, once; all end with the section."""
    running: dict[tuple[str, ...], Served] = {}

    def start(*options: str) -> Served:
        if options not in running:
            running[options] = Served(_folder(tmp_path_factory), *options)
        return running[options]

    yield start
    for served in running.values():
        served.close()


def _folder(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("websocket")


@pytest.fixture(scope="package")
def served(serve: Callable[..., Served]) -> Served:
    """With AWS's own quotas, but for the connections a second: a run makes thousands."""
    return serve("--setting=websocket.connects_per_s=20000")


@pytest.fixture(scope="package")
def hurried(serve: Callable[..., Served]) -> Served:
    return serve("--setting=websocket.idle_s=2.5", "--setting=websocket.age_s=7")
