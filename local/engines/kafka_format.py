"""The storage of a new node, without the 0.7 s that a JVM running Kafka's StorageTool takes.

What the tool writes (`kafka.tools.StorageTool format`) is the same for every node but for two ids in meta.properties.
"""

import base64
import os
import shutil
import uuid
from pathlib import Path


def format_storage(data: Path, checkpoint: Path) -> None:
    """Make `data` the storage of node 1 of a new cluster, unless it is formatted. `checkpoint` is what the tool made once.

    meta.properties is written last: storage without it is not formatted, so an interrupted call is repeated.
    """
    if is_formatted(data):
        return
    data.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(checkpoint, data / checkpoint.name)
    lines = ["version=1", "node.id=1", f"cluster.id={new_id()}", f"directory.id={new_id()}", ""]
    partial = data / "meta.properties.partial"
    partial.write_text("\n".join(lines), "utf-8")
    os.replace(partial, data / "meta.properties")


def is_formatted(data: Path) -> bool:
    return (data / "meta.properties").exists()


def new_id() -> str:
    """A random id as `org.apache.kafka.common.Uuid` writes it: 22 characters of URL-safe base64, none of its reserved ids."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
        if not text.startswith("-"):
            return text
