"""A real Apache Kafka for tests, started by the stack's own engine and run from a thread of its own."""

import asyncio
import os
import signal
import socket
from collections.abc import Coroutine
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from local.engines.engine import Folders
from local.engines.kafka import Kafka
from local.engines.kafka_cluster import Cluster, Node

T = TypeVar("T")


class KafkaBroker:
    """Start, stop and kill from synchronous code. The thread outlives the broker, which dies with the thread."""

    def __init__(self, folder: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        folders = Folders(folder / "data", folder / "logs")
        self._kafka = Kafka(folders, *one_node(folders, free_port(), free_port()))
        self.bootstrap_servers = self._kafka.address

    def start(self) -> None:
        self._wait(self._kafka.start(lambda _step: None))

    def stop(self) -> None:
        self._wait(self._kafka.stop())

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def kill(self) -> None:
        """kill -9."""
        assert self._kafka.pid is not None, "the broker does not run"
        os.kill(self._kafka.pid, signal.SIGKILL)

    def create_topic(self, name: str, partitions: int = 1) -> str:
        admin = AdminClient({"bootstrap.servers": self.bootstrap_servers})
        for created in admin.create_topics([NewTopic(name, partitions, 1)]).values():
            created.result(timeout=10)
        return name

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=280)


def one_node(folders: Folders, port: int, controller_port: int) -> tuple[Cluster, Node]:
    """A cluster of one, and its node."""
    cluster = Cluster("127.0.0.1", (Node(1, port, controller_port),), folders.data)
    return cluster, cluster.nodes[0]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
