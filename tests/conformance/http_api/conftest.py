"""The application on stacks of its own: one as AWS has it, one whose patience is short."""

import resource
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.ports import free_ports, is_free
from tests.conformance.http_api.client import Api
from tests.conformance.http_api.issuer import Issuer
from tests.local.stack_process import StackProcess

TEMPLATE = Path(__file__).parent / "application" / "template.yaml"


@dataclass(frozen=True)
class Served:
    process: StackProcess
    plain: Api
    """Without CORS, `$default` stage, a `$default` route."""
    strict: Api
    """CORS for named origins, with credentials."""
    named: Api
    """A named stage, stage variables, throttles, CORS for everyone."""


@contextmanager
def started(folder: Path, *options: str) -> Iterator[Served]:
    process = StackProcess(TEMPLATE, folder / "data", f"--http-port={three_ports()}", *options)
    with closing(process):
        process.start()
        endpoints = process.until_ready()
        apis = [Api(endpoints.host, endpoints.http_port + index) for index in range(3)]
        yield Served(process, *apis)


def three_ports() -> int:
    """The first of three free ports in a row."""
    return next(port for port in free_ports(50) if all(is_free(port + index) for index in range(3)))


@contextmanager
def few_open_files() -> Iterator[None]:
    """As a shell gives them to what it starts: 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, soft), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture(scope="package")
def issuer() -> Iterator[Issuer]:
    with closing(Issuer()) as one:
        yield one


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory, issuer: Issuer) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("http")
    with few_open_files(), started(folder, f"--parameter=Issuer={issuer.url}", "--setting=http.refetch_s=0.05") as one:
        yield one


@pytest.fixture(scope="package")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Waits for clients for a moment only."""
    settings = [f"--setting=http.{name}=0.3" for name in ("idle_s", "head_s", "body_s", "write_s")]
    with started(tmp_path_factory.mktemp("hasty"), *settings) as one:
        yield one


@pytest.fixture
def plain(served: Served) -> Api:
    return served.plain


@pytest.fixture
def strict(served: Served) -> Api:
    return served.strict


@pytest.fixture
def named(served: Served) -> Api:
    return served.named
