"""What an event shall hold."""

import argparse
from dataclasses import dataclass

from local.start_error import StartError

SOURCES = ("http", "kafka", "websocket", "authorizer", "schedule", "s3")
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """None and empty for what nobody said."""

    source: str | None = None
    method: str | None = None
    path: str | None = None
    query: Pairs = ()
    headers: Pairs = ()
    body: str | None = None
    claims: Pairs = ()
    topic: str | None = None
    keys: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    route: str | None = None

    def hints(self) -> tuple[str, ...]:
        """Sources that take what was said, likeliest first; all when nothing was."""
        if self.source:
            return (self.source,)
        if self.topic or self.values:
            return ("kafka",)
        if self.keys:
            return ("kafka", "s3")
        if self.method or self.path:
            return ("http",)
        if self.route:
            return ("websocket",)
        if self.body or self.claims:
            return ("http", "websocket")
        return ("http", "websocket", "authorizer") if self.query else SOURCES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    made = parser.add_argument_group("what --generate puts in, where the function's event sources have it")
    made.add_argument("--source", choices=SOURCES, help="which of its event sources, when it has several")
    made.add_argument("--method", help="HTTP (default: that of its first route)")
    made.add_argument("--path", help="HTTP: a path that leads to the function, such as /pets/3?color=red")
    made.add_argument(
        "--query", action="append", default=[], metavar="NAME=VALUE", help="HTTP, $connect; several times"
    )
    made.add_argument(
        "--header", action="append", default=[], metavar="NAME:VALUE", help="HTTP, $connect, Kafka; several times"
    )
    made.add_argument("--body", help="HTTP, or the message of a WebSocket")
    made.add_argument(
        "--claim",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="HTTP: of the caller's token; WebSocket: of what the authorizer says",
    )
    made.add_argument("--topic", help="Kafka, when it reads several")
    made.add_argument(
        "--key", action="append", default=[], help="Kafka: of all records, or one for each --value; S3: of the object"
    )
    made.add_argument("--value", action="append", default=[], help="Kafka; each makes a record")
    made.add_argument("--route", help="WebSocket: $connect, $disconnect, $default or another of its routes")


def asked(arguments: argparse.Namespace) -> Asked:
    """Raises StartError for a pair that is none."""
    return Asked(
        arguments.source,
        arguments.method,
        arguments.path,
        _pairs("--query", arguments.query, "="),
        _pairs("--header", arguments.header, ":="),
        arguments.body,
        _pairs("--claim", arguments.claim, "="),
        arguments.topic,
        tuple(arguments.key),
        tuple(arguments.value),
        arguments.route,
    )


def _pairs(option: str, given: list[str], separators: str) -> Pairs:
    found = []
    for text in given:
        at = min((text.index(separator) for separator in separators if separator in text), default=0)
        if not at:
            raise StartError(f"{option} {text!r} is not NAME{separators[0]}VALUE.")
        found.append((text[:at].strip(), text[at + 1 :].strip()))
    return tuple(found)
