"""The storage of a new node, without the 0.7 s that a JVM running Kafka's StorageTool takes.

What the tool writes (`kafka.tools.StorageTool format`) is the same for every node but for two ids in meta.properties.
"""

import base64
import os
import shutil
import uuid
from pathlib import Path

from local.engines import kafka_files
from local.engines.kafka_cluster import Cluster, Node


def format_storage(cluster: Cluster, checkpoint: Path) -> None:
    """Make the storage of every node of a new cluster, where it is not formatted. `checkpoint` is what the tool made once.

    meta.properties is written last: storage without it is not formatted, so an interrupted call is repeated.
    """
    storages = {node.id: cluster.storage(node) for node in cluster.nodes}
    cluster_id = next(filter(None, map(_cluster_id, storages.values())), None) or new_id()
    for number, storage in storages.items():
        if is_formatted(storage):
            continue
        storage.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(checkpoint, storage / checkpoint.name)
        lines = ["version=1", f"node.id={number}", f"cluster.id={cluster_id}", f"directory.id={new_id()}", ""]
        partial = storage / "meta.properties.partial"
        partial.write_text("\n".join(lines), "utf-8")
        os.replace(partial, storage / "meta.properties")


def _cluster_id(storage: Path) -> str | None:
    if not is_formatted(storage):
        return None
    lines = (storage / "meta.properties").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line).get("cluster.id")


def format_command(java: Path, home: Path, folder: Path, *options: str) -> tuple[list[str], Path]:
    """Kafka's own tool on a new storage in `folder`, and where the checkpoint will be that it makes."""
    cluster = Cluster("127.0.0.1", (Node(1, 1, 2),), folder)
    settings = folder / "format.properties"
    settings.write_text(kafka_files.properties(cluster, cluster.nodes[0]), "utf-8")
    tool = ["kafka.tools.StorageTool", "format", f"--cluster-id={new_id()}", f"--config={settings}", *options]
    return kafka_files.java_command(java, home) + tool, cluster.storage(cluster.nodes[0]) / "bootstrap.checkpoint"


def is_formatted(data: Path) -> bool:
    return (data / "meta.properties").exists()


def new_id() -> str:
    """A random id as `org.apache.kafka.common.Uuid` writes it: 22 characters of URL-safe base64, none of its reserved ids."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
        if not text.startswith("-"):
            return text
