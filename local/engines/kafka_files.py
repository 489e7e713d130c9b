"""Where the files of Apache Kafka are in the cache, and the command line of its JVM."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from local.engines.cache import cache_dir
from local.engines.kafka_cluster import Cluster, Node

VERSION = "4.3.0"
COORDINATES = f"org.apache.kafka:kafka_2.13:{VERSION}+org.slf4j:slf4j-simple:1.7.36"
"""slf4j-simple logs to standard error; log4j's own binding would downgrade kafka-clients."""

_PROPERTIES = Path(__file__).with_name("kafka.properties")
_REPLICATED = Path(__file__).with_name("kafka-replicated.properties")
_SCRAM = Path(__file__).with_name("kafka-scram.properties")
_CHECKSUMS = Path(__file__).with_name(f"kafka-{VERSION}.sha256")


def home() -> Path:
    """The published folder: `lib/*.jar` and `bootstrap.checkpoint`."""
    return cache_dir() / f"kafka-{VERSION}"


def checksums() -> Mapping[str, str]:
    """SHA-256 of every jar by its name."""
    lines = _CHECKSUMS.read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def class_path(folder: Path) -> str:
    """The jars in one fixed order: an AOT cache (JEP 514) is valid for exactly one class path."""
    return ":".join(str(folder / "lib" / name) for name in sorted(checksums()))


def aot_cache(java: Path) -> Path:
    """The AOT cache for these jars and this Java; another Java, or a changed jar, has another name."""
    runtime = java.parent.parent / "lib" / "modules"
    parts = [*sorted((home() / "lib").glob("*.jar")), runtime]
    stamps = [f"{part} {part.stat().st_size} {part.stat().st_mtime_ns}" for part in parts]
    return cache_dir() / f"kafka-{VERSION}-{hashlib.sha256(chr(10).join(stamps).encode()).hexdigest()[:16]}.aot"


def java_command(java: Path, folder: Path, *options: str) -> list[str]:
    """Java with Kafka's class path and the settings of a small JVM; a main class and its arguments follow."""
    return [
        str(java),
        *options,
        "-Xmx128m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "--sun-misc-unsafe-memory-access=allow",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
        "-cp",
        class_path(folder),
    ]


def escaped(value: str) -> str:
    """A value as java.util.Properties.load reads it: ISO-8859-1, a backslash begins an escape, leading blanks are dropped."""
    units = value.encode("utf-16-be", "surrogatepass")
    codes = [int.from_bytes(units[index : index + 2]) for index in range(0, len(units), 2)]
    return "".join(chr(code) if 0x20 < code < 0x7F and code != 0x5C else f"\\u{code:04x}" for code in codes)


def properties(cluster: Cluster, node: Node, scram: Mapping[str, str] | None = None) -> str:
    """The settings of a node, with those of sign-in where its words are given. Of a name given twice Java takes the last."""
    words = {
        **(scram or {}),
        "{host}": cluster.host,
        "{id}": str(node.id),
        "{port}": str(node.port),
        "{controller_port}": str(node.controller_port),
        "{voters}": ",".join(f"{each.id}@{cluster.host}:{each.controller_port}" for each in cluster.nodes),
        "{data}": escaped(str(cluster.storage(node))),
        "{replicas}": str(cluster.replicas),
        "{min_insync}": str(cluster.min_insync),
    }
    text = _PROPERTIES.read_text("utf-8")
    if len(cluster.nodes) > 1:
        text += _REPLICATED.read_text("utf-8")
    if scram:
        text += _SCRAM.read_text("utf-8")
    for word, value in words.items():
        text = text.replace(word, value)
    return text
