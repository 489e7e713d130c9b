"""The other tools: installed into a folder of the cache on demand, each run on a free port of 127.0.0.1."""

import hashlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).parent / "peers"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "local-stack"
_READY_S = 120


class NoPeer(Exception):
    """It cannot be run on this machine; says why."""


def installed() -> Path:
    """The folder with serverless-offline, as package-lock.json pins it. Raises NoPeer without Node or network."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NoPeer("Node.js and npm are not installed")
    stamp = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = CACHE / f"bench-peers-{stamp}"
    if not (folder / "installed").exists():
        print("installing serverless 3 and serverless-offline (about 640 packages, once)", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        ran = subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder)
        if ran.returncode:
            raise NoPeer("npm ci failed, see above")
        (folder / "installed").touch()
    for name in ("python", "node", "chalice"):
        shutil.copytree(HERE / name, folder / name, dirs_exist_ok=True)
    return folder


@contextmanager
def serverless_offline(folder: Path, name: str) -> Iterator[int]:
    """Port of serverless-offline with the function of a folder (`python`, `node`), as it runs by default."""
    with ExitStack() as sockets:
        port, lambda_port = free_port(sockets), free_port(sockets)
    options = ["--httpPort", str(port), "--lambdaPort", str(lambda_port), "--host", "127.0.0.1"]
    command = [str(folder / "node_modules/.bin/serverless"), "offline", "start", *options]
    with _running(command, folder / name, port) as ready:
        yield ready


@contextmanager
def chalice_local(folder: Path) -> Iterator[int]:
    """Port of `chalice local`."""
    with ExitStack() as sockets:
        port = free_port(sockets)
    command = [str(Path(sys.executable).parent / "chalice"), "local", "--port", str(port), "--no-autoreload"]
    with _running(command, folder / "chalice", port) as ready:
        yield ready


def free_port(sockets: ExitStack) -> int:
    """One that is free until `sockets` is closed."""
    opened = sockets.enter_context(socket.socket())
    opened.bind(("127.0.0.1", 0))
    return int(opened.getsockname()[1])


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[int]:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "SLS_TELEMETRY_DISABLED": "1",
        "SLS_NOTIFICATIONS_MODE": "off",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with (folder / "output.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        _until_answers(port, process, folder / "output.log")
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _until_answers(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _READY_S
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/hello")
            answer = connection.getresponse()
            if answer.status == 200 and b"hello" in answer.read():
                return
        except OSError:
            pass
        finally:
            connection.close()
        if process.poll() is not None or time.monotonic() > deadline:
            raise NoPeer(f"it does not answer: {log.read_text(errors='replace')[-500:]}")
        time.sleep(0.1)
