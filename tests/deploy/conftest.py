"""MiniStack, a LocalStack-compatible endpoint that is one process."""

import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.environment import without_aws

ROOT = Path(__file__).parents[2]
_INSTALL = "source scripts/environment; environment localstack .venv-localstack >&2; echo $PYTHON_IN_ENVIRONMENT"
_UP_WITHIN_S = 60


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its endpoint."""
    installed = subprocess.run(["bash", "-c", _INSTALL], cwd=ROOT, check=True, capture_output=True, text=True)
    folder = tmp_path_factory.mktemp("ministack")
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    environment = without_aws(BIND_HOST="127.0.0.1", GATEWAY_PORT=str(port), STATE_DIR=str(folder))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [installed.stdout.strip(), "-m", "ministack"], cwd=folder, env=environment, stdout=log, stderr=log
        )
    endpoint = f"http://127.0.0.1:{port}"
    try:
        _until_up(endpoint, process, folder / "log")
        yield endpoint
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until_up(endpoint: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _UP_WITHIN_S
    while True:
        try:
            urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=5).close()
            return
        except OSError:
            assert process.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < deadline, log.read_text(errors="replace")
            time.sleep(0.1)
